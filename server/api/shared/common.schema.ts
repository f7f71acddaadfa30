import { z } from "zod";

/** Shapes that every resource of the HTTP API uses. These files are the contract: they validate, document and type both sides. */

export const bilingual = z.object({ zh: z.string(), en: z.string() });
export type Bilingual = z.infer<typeof bilingual>;

export const level = z.enum(["country", "province", "city", "county", "zone", "township"]);

export const organisationRef = z.object({ id: z.string(), name: bilingual, level, region: z.string() });

export const personRef = z.object({ id: z.string(), name: z.string() });

/** ISO 8601 instant in UTC with milliseconds. */
export const instant = z.iso.datetime();

/** Keyset page: pass `nextCursor` back as `cursor`. */
export const pageQuery = z.object({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** RFC 9457 problem details with a stable `code`, bilingual texts, the place and how to mend it. */
export const problemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: bilingual,
  mend: bilingual.nullable(),
  /** Where: a field path, an element id, a table row. */
  problems: z.array(z.object({ code: z.string(), place: z.string().nullable(), message: bilingual })),
  requestId: z.string(),
});
export type ProblemDetails = z.infer<typeof problemDetails>;

export const ruleSource = z.object({
  title: z.string(),
  documentNumber: z.string().nullable(),
  article: z.string().nullable(),
  url: z.string().nullable(),
  grade: z.enum(["V", "S", "R", "P"]),
});

/** SLA clock as shown to people. Counts are in the clock's own unit. */
export const clockView = z.object({
  id: z.string(),
  limitCode: z.string(),
  name: bilingual,
  state: z.enum(["running", "paused", "met", "breached", "stopped"]),
  unit: z.enum(["workday", "workhour", "hour", "day"]),
  total: z.number(),
  /** By now; of a clock that rests or has stopped, by then. */
  used: z.number(),
  /** Negative when overdue. */
  left: z.number().nullable(),
  organisation: organisationRef,
  startedAt: instant,
  dueAt: instant.nullable(),
  dueConfidence: z.enum(["official", "provisional", "unknown"]),
  /** Of a clock that rests: when it would be due if it went on now. */
  dueIfResumedNow: instant.nullable(),
  promisedDueAt: instant.nullable(),
  breachedAt: instant.nullable(),
  pauseReason: z.string().nullable(),
  pauseReasonName: bilingual.nullable(),
  extensionDays: z.number(),
  round: z.number().int(),
  source: ruleSource,
  verified: z.boolean(),
  calendarRegion: z.string(),
  /** Name of the region whose working days count. */
  calendarName: bilingual,
  /** `ok`, `soon` (80 % used or last working day), `overdue`, `paused`, `done`. */
  signal: z.enum(["ok", "soon", "overdue", "paused", "done"]),
});
export type ClockView = z.infer<typeof clockView>;

export const routeExplanation = z.object({
  step: z.string(),
  jurisdiction: z.string(),
  layersAsked: z.array(z.string()),
  rows: z.array(
    z.object({
      region: z.string(),
      table: z.string(),
      version: z.string(),
      row: z.string(),
      conditions: z.array(z.object({ dimension: z.string(), test: z.string(), value: z.unknown() })),
      gave: z.record(z.string(), z.unknown()),
    }),
  ),
  bounds: z.array(
    z.object({ region: z.string(), bound: z.string(), from: z.unknown(), to: z.unknown(), source: ruleSource }),
  ),
  basis: z.array(ruleSource),
  sentence: bilingual,
});
