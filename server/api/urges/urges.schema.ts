import { z } from "zod";
import { bilingual, instant, pageOf, pageQuery, personRef } from "../shared/common.schema.ts";

export const urgeBody = z.strictObject({ note: z.string().trim().max(500).default("") });

export const urgeView = z.object({
  id: z.string(),
  by: personRef,
  capacity: z.enum(["applicant", "overseer"]),
  note: z.string(),
  at: instant,
});
export const urgeList = z.object({
  items: z.array(urgeView),
  count: z.number().int(),
  /** Why the reader cannot urge now, and from when they can; `null` where they can. */
  refused: z.array(bilingual).nullable(),
});
export type UrgeList = z.infer<typeof urgeList>;

/** Urges in the cases that one oversees, each with how often its case was urged about in all. */
export const urgePage = pageOf(
  urgeView.extend({ instanceId: z.string(), caseNumber: z.string(), subject: bilingual, urgedInAll: z.number().int() }),
);
export const urgeQuery = pageQuery;
