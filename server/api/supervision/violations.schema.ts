import { z } from "zod";
import { bilingual, instant, level, organisationRef, pageOf, pageQuery } from "../shared/common.schema.ts";

/** A request for a supplement beyond what the rule permits (一次性告知). */
export const violationView = z.object({
  id: z.string(),
  case: z.object({ instanceId: z.string(), caseNumber: z.string(), subject: bilingual }),
  element: z.string(),
  organisation: organisationRef,
  level,
  /** The how-manieth request of the case. */
  ordinal: z.number().int(),
  askedBy: z.string(),
  permittedBy: z.string(),
  reason: z.string(),
  at: instant,
});
export type ViolationView = z.infer<typeof violationView>;

export const violationQuery = pageQuery.extend({ organisation: z.string().max(64).optional() });
export const violationPage = pageOf(violationView);

/** How many there are, by organisation, the most first. */
export const violationCounts = z.object({
  total: z.number().int(),
  byOrganisation: z.array(z.object({ organisation: organisationRef, count: z.number().int() })),
});
export type ViolationCounts = z.infer<typeof violationCounts>;
