import { z } from "zod";
import { regionCode } from "../../../engine/routing/regions.ts";
import { bilingual, clockView, instant, level, organisationRef, pageOf, pageQuery } from "../shared/common.schema.ts";

const counts = z.object({
  open: z.number().int(),
  soon: z.number().int(),
  overdue: z.number().int(),
  breached: z.number().int(),
  met: z.number().int(),
});

/** Clocks by level and by organisation, only of organisations that the reader may see. `overdue` are still open, `breached` counts all. */
export const slaBoard = z.object({
  asOf: instant,
  total: counts,
  byLevel: z.array(counts.extend({ level })),
  byOrganisation: z.array(counts.extend({ organisation: organisationRef, onTimeRate: z.number().nullable() })),
});
export type SlaBoard = z.infer<typeof slaBoard>;
export const slaQuery = z.object({
  region: z.string().regex(regionCode).optional(),
  process: z.string().max(40).optional(),
});
export const slaCasesQuery = pageQuery.extend({
  state: z.enum(["open", "soon", "overdue", "breached", "met"]).default("open"),
  level: level.optional(),
  organisation: z.string().optional(),
  region: z.string().regex(regionCode).optional(),
});
export const slaCase = z.object({
  instanceId: z.string(),
  caseNumber: z.string(),
  subject: bilingual,
  element: z.string().nullable(),
  elementName: z.string().nullable(),
  holder: z.string().nullable(),
  clock: clockView,
});
export const slaCasePage = pageOf(slaCase);
