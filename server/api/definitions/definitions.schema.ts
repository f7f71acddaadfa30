import { z } from "zod";
import { bilingual, instant } from "../shared/common.schema.ts";

/** A finding of the checks before publishing; the same code runs in the browser, on the server and in `jieli check`. */
export const problem = z.object({
  code: z.string(),
  severity: z.enum(["error", "warning"]),
  element: z.string().nullable(),
  message: bilingual,
});
export type Problem = z.infer<typeof problem>;

export const definitionSummary = z.object({
  id: z.string(),
  /** Process id in the file; versions of one key replace each other. */
  key: z.string(),
  version: z.number().int(),
  name: bilingual,
  state: z.enum(["published", "superseded"]),
  hash: z.string(),
  comment: z.string(),
  deployedAt: instant,
  deployedBy: z.string(),
  runningInstances: z.number().int(),
});
export type DefinitionSummary = z.infer<typeof definitionSummary>;
export const definitionList = z.object({ items: z.array(definitionSummary) });
export const definitionDetail = definitionSummary.extend({ xml: z.string() });
/** `basedOn` is the definition id that was opened: if a newer version stands, the answer is 409. */
export const deployBody = z.object({
  xml: z.string().max(1_048_576),
  comment: z.string().max(500).default(""),
  basedOn: z.string().nullable().default(null),
});
export const deployed = z.object({ definition: definitionSummary, warnings: z.array(problem) });
export const checkBody = z.object({ xml: z.string().max(1_048_576) });
export const checkResult = z.object({ problems: z.array(problem) });
/** What the modeler offers in its pick lists. */
export const vocabulary = z.object({
  limits: z.array(
    z.object({
      code: z.string(),
      name: bilingual,
      value: z.number(),
      unit: z.string(),
      verified: z.boolean(),
      source: z.string(),
    }),
  ),
  roles: z.array(z.object({ code: z.string(), name: bilingual })),
  positions: z.array(z.object({ code: z.string(), name: bilingual })),
  outcomes: z.array(z.object({ code: z.string(), name: bilingual })),
  forms: z.array(z.object({ key: z.string(), name: bilingual })),
  topics: z.array(z.object({ code: z.string(), name: bilingual })),
});
export type Vocabulary = z.infer<typeof vocabulary>;
