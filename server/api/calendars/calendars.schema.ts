import { z } from "zod";
import { regionCode } from "../../../engine/routing/regions.ts";
import { yearFileSchema } from "../../../engine/calendar/year-check.ts";
import { bilingual, instant } from "../shared/common.schema.ts";

const region = z.string().regex(regionCode);
const calendarDay = z.object({ date: z.iso.date(), kind: z.enum(["holiday", "workday"]), name: z.string() });
const yearStatus = z.enum(["official", "provisional"]);

export const calendarList = z.object({
  regions: z.array(
    z.object({
      region,
      name: z.string(),
      years: z.array(z.object({ year: z.number().int(), status: yearStatus })),
      mayEdit: z.boolean(),
    }),
  ),
  changes: z.array(
    z.object({
      version: z.number().int(),
      region,
      year: z.number().int(),
      reason: bilingual,
      by: z.string(),
      at: instant,
      lookedAt: z.number().int(),
      moved: z.number().int(),
      finishedAt: instant.nullable(),
    }),
  ),
});
export type CalendarList = z.infer<typeof calendarList>;

export const yearParams = z.object({ region, year: z.coerce.number().int().min(2000).max(2100) });

/** A year as one region sees it: its own days and those of the regions above. */
export const calendarYearView = z.object({
  region,
  year: z.number().int(),
  status: z.enum(["official", "provisional", "unknown"]),
  workingDays: z.number().int(),
  days: z.array(calendarDay),
  hours: z.array(z.tuple([z.string(), z.string()])),
  cutoff: z.string(),
  mayEdit: z.boolean(),
});
export type CalendarYearView = z.infer<typeof calendarYearView>;

/** The body of an import; the region and the year stand in the address. */
export const yearBody = yearFileSchema.omit({ region: true, year: true });

export const yearFault = z.object({
  code: z.string(),
  severity: z.enum(["error", "warning"]),
  date: z.string().nullable(),
  message: bilingual,
  mend: bilingual,
});

export const yearPreview = z.object({
  faults: z.array(yearFault),
  days: z.object({ added: z.array(z.string()), removed: z.array(z.string()), changed: z.array(z.string()) }),
  affected: z.object({
    open: z.number().int(),
    later: z.number().int(),
    earlier: z.number().int(),
    kept: z.number().int(),
    examples: z.array(
      z.object({
        instanceId: z.string(),
        caseNumber: z.string(),
        limitCode: z.string(),
        organisation: z.string(),
        from: instant,
        to: instant,
        kept: z.boolean(),
      }),
    ),
  }),
});
export type YearPreview = z.infer<typeof yearPreview>;

export const imported = z.object({ version: z.number().int() });

export const reckonQuery = z.object({
  /** Day and minute in China, `2026-09-30T16:00`. */
  from: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/),
  amount: z.coerce.number().int().min(1).max(400),
  unit: z.enum(["workday", "workhour", "hour", "day"]),
});

export const reckoned = z.object({
  dueAt: instant,
  date: z.iso.date(),
  confidence: z.enum(["official", "provisional", "unknown"]),
  /** Days that were passed over, with why. */
  skipped: z.array(z.object({ date: z.iso.date(), name: z.string().nullable() })),
});
export type Reckoned = z.infer<typeof reckoned>;
