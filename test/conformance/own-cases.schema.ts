import { z } from "zod";
import { scriptStep } from "../../bin/run/script-step.ts";

const variables = z.record(z.string(), z.json());

/** A step of a case: one of a run script, a look at what waits, a step that must be refused, or one in a world of several instances. */
export const caseStep = z.union([
  scriptStep,
  /** Elements where tasks, jobs or catching events wait now; boundary events and event sub-processes left out. */
  z.strictObject({ open: z.array(z.string()) }),
  z.strictObject({ refused: z.string(), step: scriptStep }),
  z.strictObject({ in: z.string(), step: scriptStep }),
  z.strictObject({ send: z.string(), key: z.string().nullable().default(null), variables: variables.default({}) }),
  z.strictObject({ broadcast: z.string() }),
]);
export type CaseStep = z.infer<typeof caseStep>;

export const caseFile = z.strictObject({
  /** Rows of the support table that these cases show. */
  covers: z.array(z.string()).min(1),
  cases: z
    .array(
      z.strictObject({
        title: z.string(),
        /** Clause of BPMN 2.0.2. */
        clause: z.string(),
        /** Process that starts, where the file holds several: then all of them run together, and the trace names each. */
        process: z.string().nullable().default(null),
        startEvent: z.string().nullable().default(null),
        variables: variables.default({}),
        steps: z.array(caseStep),
        expect: z.strictObject({
          status: z.enum(["completed", "running", "terminated", "incident", "cancelled"]),
          /** Elements in the order in which they completed. */
          trace: z.array(z.string()).optional(),
          /** The same in any order. */
          traceBag: z.array(z.string()).optional(),
          variables: variables.optional(),
          instances: z.number().int().optional(),
        }),
      }),
    )
    .min(1),
});
export type OwnCase = z.infer<typeof caseFile>["cases"][number];
