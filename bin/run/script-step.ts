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
  /** Settles an incident by hand. */
  z.strictObject({ resolve: z.string(), variables, nth }),
  /** Sets variables of the process, or of the scope that the sub-process `at` has open. */
  z.strictObject({ set: z.record(z.string(), z.json()), at: z.string().nullable().default(null) }),
  /** A BPMN error by whoever works on a task or job. */
  z.strictObject({ throwError: z.string(), code: z.string(), variables, nth }),
  /** Begins an inner activity of an ad-hoc sub-process; ends one. */
  z.strictObject({ startActivity: z.string(), variables }),
  z.strictObject({ completeAdHoc: z.string() }),
  z.strictObject({ suspend: z.string() }),
  z.strictObject({ resume: z.literal(true) }),
  z.strictObject({ cancel: z.string() }),
  z.strictObject({ move: z.strictObject({ cancel: z.array(z.string()), start: z.array(z.string()) }) }),
]);
export type ScriptStep = z.infer<typeof scriptStep>;
