import { z } from "zod";
import { bilingual, instant } from "../shared/common.schema.ts";
import { completeBody } from "../tasks/tasks.schema.ts";

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

const batched = z
  .array(z.strictObject({ id: z.string().min(1).max(80), rev }))
  .min(1)
  .max(100)
  .refine((tasks) => new Set(tasks.map(({ id }) => id)).size === tasks.length, {
    message: "Name each task once",
    params: { zh: "每项任务只列一次" },
  });

export const batchBody = z.discriminatedUnion("operation", [
  z.strictObject({ operation: z.literal("claim"), tasks: batched }),
  z.strictObject({ operation: z.literal("transfer"), tasks: batched, to, reason: reason.min(1) }),
  z.strictObject({
    operation: z.literal("decide"),
    tasks: batched,
    /** Outcomes that need no more than these fields; those that need the step's form are refused one by one. */
    decision: completeBody.pick({ outcome: true, reasonCode: true, citation: true, opinion: true }),
  }),
]);

export const batchResult = z.object({
  items: z.array(
    z.object({
      taskId: z.string(),
      caseNumber: z.string().nullable(),
      state: z.enum(["done", "refused"]),
      code: z.string().nullable(),
      message: bilingual.nullable(),
    }),
  ),
});
export type BatchResultView = z.infer<typeof batchResult>;
