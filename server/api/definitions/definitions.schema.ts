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
/** Form files by key, as the designer saved them (`engine/forms/reading/form-file.ts`). */
const formBundle = z.record(z.string().max(80), z.unknown());
export const definitionDetail = definitionSummary.extend({ xml: z.string(), forms: formBundle });
export type DefinitionDetail = z.infer<typeof definitionDetail>;
/** `forms` null keeps those of the version before. `basedOn` is the definition id that was opened: if a newer version stands, the answer is 409. */
export const deployBody = z.object({
  xml: z.string().max(1_048_576),
  forms: formBundle.nullable().default(null),
  comment: z.string().max(500).default(""),
  basedOn: z.string().nullable().default(null),
});
/** What an engine did in one step of a scenario; elements and flows are bags, sorted. */
const traceStep = z.object({
  completed: z.array(z.string()),
  taken: z.array(z.string()),
  open: z.array(z.string()),
  status: z.enum(["running", "ended", "stopped"]),
});
export type TraceStep = z.infer<typeof traceStep>;
const comparedScenario = z.object({
  /** What happens, step by step. */
  steps: z.array(bilingual),
  verdict: z.discriminatedUnion("verdict", [
    z.object({ verdict: z.literal("agrees") }),
    /** The traces part in step `at`, counted from 0, which passes through what bpmn-engine is known to do otherwise. */
    z.object({
      verdict: z.literal("knownLimit"),
      at: z.number().int(),
      limits: z.array(z.object({ code: z.string(), text: bilingual })),
    }),
    /** Both traces from step `at` on. */
    z.object({
      verdict: z.literal("suspicious"),
      at: z.number().int(),
      ours: z.array(traceStep),
      theirs: z.array(traceStep),
    }),
    z.object({ verdict: z.literal("noOpinion"), reason: z.string() }),
  ]),
});
export type ComparedScenario = z.infer<typeof comparedScenario>;
/** A second engine's opinion on a process, over scenarios that cover its flows. It never blocks publishing. */
export const secondOpinion = z.object({
  process: z.string(),
  counts: z.object({
    scenarios: z.number().int(),
    agree: z.number().int(),
    knownLimits: z.number().int(),
    suspicious: z.number().int(),
    noOpinion: z.number().int(),
  }),
  scenarios: z.array(comparedScenario),
  /** Sequence flows and events that no scenario passes; flows passed only after the traces have parted. */
  uncovered: z.array(z.string()),
  uncompared: z.array(z.string()),
  stoppedEarly: z.boolean(),
});
export type SecondOpinion = z.infer<typeof secondOpinion>;
export const deployed = z.object({ definition: definitionSummary, warnings: z.array(problem), secondOpinion });
export const checkBody = z.object({ xml: z.string().max(1_048_576) });
export const checkResult = z.object({ problems: z.array(problem) });
/** A file of another engine. `actors` says who acts for a group or user of that file, by its name there. */
export const importBody = z.object({
  xml: z.string().max(1_048_576),
  actors: z.record(z.string().max(200), z.object({ role: z.string().max(80), at: z.string().max(80) })).default({}),
});
/** One thing that the file said, where, and what became of it; `became` is null where nothing did. */
export const importNote = z.object({
  element: z.string().nullable(),
  place: z.string(),
  was: z.string(),
  became: z.string().nullable(),
  message: bilingual,
});
const fieldTypes = ["textfield", "textarea", "number", "checkbox", "radio", "select", "checklist"] as const;
const option = z.object({ value: z.string(), label: z.string(), labelEn: z.string() });
/** A form that was written within the file, as the forms of `processes/` are. */
export const importedForm = z.object({
  id: z.string(),
  type: z.literal("default"),
  schemaVersion: z.literal(19),
  name: bilingual,
  components: z
    .array(
      z.object({
        type: z.enum(fieldTypes),
        key: z.string(),
        label: z.string(),
        labelEn: z.string(),
        validate: z.object({ required: z.boolean(), min: z.number().optional(), max: z.number().optional() }),
        values: z.array(option).readonly().optional(),
      }),
    )
    .readonly(),
});
export const imported = z.object({
  xml: z.string(),
  engines: z.array(z.enum(["camunda7", "camunda8", "flowable", "activiti"])).readonly(),
  translated: z.array(importNote).readonly(),
  untranslated: z.array(importNote).readonly(),
  forms: z.array(importedForm).readonly(),
});
export type Imported = z.input<typeof imported>;
const names = z.array(z.string()).readonly();
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
  /** Every name that a process may use: what the checks before publishing look at. */
  names: z.object({
    limits: names,
    roles: names,
    positions: names,
    forms: names,
    routed: z.array(z.object({ process: z.string(), steps: names, limits: names })).readonly(),
  }),
});
export type Vocabulary = z.infer<typeof vocabulary>;
