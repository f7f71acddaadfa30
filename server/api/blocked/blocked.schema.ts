import { z } from "zod";
import { bilingual, instant } from "../shared/common.schema.ts";

/** Why a case cannot go on by itself. */
export const blockReasons = ["incident", "NOBODY_CAN_ACT", "NOTHING_PENDING", "PROJECTION_DIFFERS"] as const;

/** Cases that stand still until somebody mends something, those that have stood longest first. */
export const blockedCases = z.object({
  items: z.array(
    z.object({
      instanceId: z.string(),
      caseNumber: z.string(),
      subject: bilingual,
      process: bilingual,
      why: z.enum(blockReasons),
      /** Code of the incident. */
      code: z.string().nullable(),
      element: bilingual.nullable(),
      message: z.string(),
      /** `null` where only the last look of the watch found it. */
      since: instant.nullable(),
      dueAt: instant.nullable(),
    }),
  ),
});
export type BlockedCases = z.infer<typeof blockedCases>;
