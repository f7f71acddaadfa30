import { z } from "zod";
import { regionCode } from "../../routing/regions.ts";
import type { Json } from "../../expressions/json.ts";
import { levels } from "../../routing/types.ts";
import { distributionSchema } from "./distribution.ts";
import { SimulationError } from "./simulation-error.ts";

/** More cases than this are refused, as each is run in full. */
export const mostCases = 50_000;

const bilingual = z.strictObject({ zh: z.string(), en: z.string() });
/** Any JSON. `z.json()` is recursive, which the OpenAPI document cannot tell; the engine refuses what is no JSON. */
const anyJson = z.unknown() as z.ZodType<Json, Json>;
const variables = z.record(z.string(), anyJson);
const region = z.string().regex(regionCode);
const element = z.string().min(1).max(200);
const weight = z.number().min(0).max(1_000_000);

const outcomeSchema = z.strictObject({
  outcome: z.string(),
  /** Share among the outcomes of the step; the weights need not add up to 1. */
  weight,
  /** How often one case may take this outcome, as a supplement may be asked for once. */
  atMost: z.number().int().min(1).optional(),
  /** Data that go with the outcome. */
  variables: variables.default({}),
});

const stepSchema = z.strictObject({
  /** Office hours of work on one task; `"history"` takes durations and shares of outcomes from finished tasks. */
  handling: z.union([distributionSchema, z.literal("history")]),
  /** Without it the first outcome that the process names is always taken. */
  outcomes: z.array(outcomeSchema).min(1).max(50).optional(),
});

const jobSchema = z.strictObject({
  /** Hours of the clock that the machine takes; none where it is not given. */
  takes: distributionSchema.optional(),
  variables: variables.default({}),
  /** What the server's own job of this kind does to the case. */
  effect: z
    .discriminatedUnion("type", [
      /** Charges the earliest breach that is not recorded yet, so that the level above is told. */
      z.strictObject({ type: z.literal("recordBreach") }),
      /** Extends the clock that the job stands under by the case's variable `extensionDays`. */
      z.strictObject({ type: z.literal("extendClock") }),
    ])
    .optional(),
});

/** A message from outside, such as the result of a dispute, that comes after a time to whoever waits for it. */
const messageSchema = z.strictObject({
  /** Hours of the clock from the moment at which the case begins to wait. */
  takes: distributionSchema,
  answers: z
    .array(z.strictObject({ weight, variables: variables.default({}) }))
    .min(1)
    .max(50),
});

const arrivalsSchema = z.discriminatedUnion("type", [
  /** At random, one by one, in the office hours of a region's calendar (a Poisson process). */
  z.strictObject({ type: z.literal("random"), perWorkingDay: z.number().positive().max(1_000_000), region }),
  /** At these instants, one case each. */
  z.strictObject({ type: z.literal("times"), times: z.array(z.iso.datetime()).min(1).max(mostCases) }),
]);

const officialsSchema = z.strictObject({
  /** Officials of each role of each organisation for which `counts` says nothing else. */
  default: z.number().int().min(1).max(10_000),
  /** The first entry that fits an organisation and role counts. */
  counts: z
    .array(
      z.strictObject({
        organisation: z.string().optional(),
        role: z.string().optional(),
        level: z.enum(levels).optional(),
        count: z.number().int().min(1).max(10_000),
      }),
    )
    .max(1_000)
    .default([]),
});

/** What is to be simulated: which process, which cases, how long each step takes and how it ends, and who is there to work. */
export const scenarioSchema = z.strictObject({
  title: bilingual,
  /** Where the figures come from. Those that ship are presets, not measurements. */
  note: bilingual.optional(),
  process: z.string().min(1).max(80),
  cases: z.number().int().min(1).max(mostCases).default(1_000),
  /** First day, in China. */
  from: z.iso.date(),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  arrivals: arrivalsSchema,
  /** Variables that every case starts with. */
  variables: variables.default({}),
  /** Kinds of cases; each case is drawn from these by weight. Their variables come on top of the common ones. */
  mix: z
    .array(z.strictObject({ title: bilingual.optional(), weight, variables: variables.default({}) }))
    .min(1)
    .max(1_000)
    .refine((mix) => mix.some((kind) => kind.weight > 0), { message: "no kind of case has a weight above 0" }),
  /** User tasks by element id. */
  steps: z.record(element, stepSchema).default({}),
  /** Work on user tasks that `steps` does not name. */
  otherSteps: distributionSchema,
  /** Service tasks by element id; those not named take no time. */
  jobs: z.record(element, jobSchema).default({}),
  /** Messages by name; a case that waits for another one is counted as waiting. */
  messages: z.record(element, messageSchema).default({}),
  officials: officialsSchema,
});
export type Scenario = z.infer<typeof scenarioSchema>;
export type StepPlan = z.infer<typeof stepSchema>;
export type JobPlan = z.infer<typeof jobSchema>;
export type OutcomePlan = z.infer<typeof outcomeSchema>;

/** Reads a scenario from unknown data. Throws `SimulationError` that names every field at fault. */
export function parseScenario(data: unknown, place: string): Scenario {
  const parsed = scenarioSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "(top)"}: ${issue.message}`).join("; ");
  throw new SimulationError(
    "SCENARIO_INVALID",
    place,
    { zh: `情景文件不符合要求：${faults}`, en: `the scenario is not valid: ${faults}` },
    {
      zh: "请更正列出的各字段，格式见用户手册“模拟”一节",
      en: "Correct each field that is named; the user guide shows the format",
    },
  );
}
