import { z } from "zod";

const variables = z.record(z.string(), z.json()).default({});
const nth = z.number().int().min(1).default(1);

/** One step of a run script. Elements are named by id; `nth` chooses where several wait at one element. */
export const scriptStep = z.union([
  z.strictObject({ complete: z.string(), variables, outcome: z.string().nullable().default(null), nth }),
  z.strictObject({ completeTask: z.string(), variables, outcome: z.string().nullable().default(null) }),
  z.strictObject({ job: z.string(), variables, nth }),
  z.strictObject({
    failJob: z.string(),
    error: z.string().nullable().default(null),
    message: z.string().default(""),
    variables,
    nth,
  }),
  z.strictObject({ message: z.string(), correlationKey: z.string().nullable().default(null), variables, nth }),
  z.strictObject({ signal: z.string(), variables }),
  z.strictObject({ advance: z.string() }),
  z.strictObject({ advanceTo: z.string() }),
  z.strictObject({ advanceToNextTimer: z.literal(true) }),
  z.strictObject({ retry: z.string(), nth }),
]);
export type ScriptStep = z.infer<typeof scriptStep>;
