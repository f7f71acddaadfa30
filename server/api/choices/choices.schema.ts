import { z } from "zod";
import { bilingual, organisationRef, personRef } from "../shared/common.schema.ts";

export const choicesBody = z.strictObject({
  outcome: z.string().max(60).nullable(),
  /** What is filled in so far. */
  form: z.record(z.string(), z.unknown()).default({}),
  /** The branch that is chosen so far: the people of later steps depend on it. */
  branch: z.string().max(200).nullable().default(null),
});

/** What whoever decides so may choose by hand. Nothing of it is kept. */
export const choicesView = z.object({
  /** False while the form needs corrections: the rule then is asked without it. */
  formComplete: z.boolean(),
  branch: z
    .object({
      gateway: z.string(),
      flows: z.array(z.object({ flow: z.string(), name: bilingual, ruled: z.boolean() })),
    })
    .nullable(),
  people: z.array(
    z.object({
      element: z.string(),
      name: bilingual,
      organisation: organisationRef,
      role: z.object({ code: z.string(), name: bilingual }),
      required: z.boolean(),
      least: z.number().int(),
      most: z.number().int(),
      persons: z.array(personRef),
      /** Hold the role, but may not act in this case. */
      excluded: z.array(personRef),
      /** Sign in any case. */
      fixed: z.array(personRef),
    }),
  ),
});
export type ChoicesView = z.infer<typeof choicesView>;
