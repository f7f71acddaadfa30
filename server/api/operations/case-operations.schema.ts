import { z } from "zod";
import { bilingual, instant, ruleSource } from "../shared/common.schema.ts";

const reason = z.string().trim().min(1).max(500);

export const reasonBody = z.strictObject({ reason });
export const suspendBody = z.strictObject({
  reason,
  /** A code of the rule packs, which say which clocks rest for it. */
  cause: z.string().max(40),
  /** When it goes on by itself; `null` until somebody resumes it. */
  until: instant.nullable().default(null),
});
export const jumpBody = z.strictObject({ element: z.string().min(1).max(120), reason });
export const settleJumpBody = z.strictObject({ accepted: z.boolean(), reason });
export const restartBody = z.strictObject({ reason, basis: z.enum(["mediation", "governmentDecision", "overseer"]) });
export const restarted = z.object({ instanceId: z.string(), caseNumber: z.string() });

const link = z.object({
  instanceId: z.string(),
  caseNumber: z.string(),
  kind: z.string(),
  reason: z.string(),
  at: instant,
});

/** What the reader may do to the case now, and what is under way. */
export const caseControl = z.object({
  allowed: z.array(z.enum(["withdrawApplication", "jump", "terminate", "suspend", "resume", "restart"])),
  /** Why the case may be suspended; `rests` names the reason for which clocks rest, `null` where all of them run on. */
  causes: z.array(
    z.object({
      code: z.string(),
      name: bilingual,
      rests: z.string().nullable(),
      source: ruleSource,
      verified: z.boolean(),
    }),
  ),
  /** Elements that a jump may name: not where the case stands, nor where a jump has been asked for already. */
  steps: z.array(z.object({ element: z.string(), name: bilingual })),
  jump: z
    .object({
      element: z.string(),
      name: bilingual,
      reason: z.string(),
      askedBy: z.string(),
      mine: z.boolean(),
      at: instant,
    })
    .nullable(),
  suspension: z
    .object({ cause: z.string(), name: bilingual, reason: z.string(), at: instant, until: instant.nullable() })
    .nullable(),
  restartedAs: z.array(link),
  restartOf: z.array(link),
});
export type CaseControl = z.infer<typeof caseControl>;
