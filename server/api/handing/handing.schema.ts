import { z } from "zod";
import { instant } from "../shared/common.schema.ts";

const rev = z.number().int();
const reason = z.string().trim().max(2000);
const to = z.string().min(1).max(80);

export const assignBody = z.strictObject({ rev, to, reason: reason.nullable().default(null) });
export const transferBody = z.strictObject({ rev, to, reason });
export const askBody = z.strictObject({
  rev,
  to,
  /** What one wants to know, or what is to be done. */
  question: z.string().trim().min(1).max(2000),
  /** No later than the step's own due moment. */
  by: instant.nullable().default(null),
});
export const answerBody = z.strictObject({ rev, opinion: z.string().trim().min(1).max(4000) });
export const dismissBody = z.strictObject({ rev, reason: reason.nullable().default(null) });
