import { z } from "zod";
import { mostCases, scenarioSchema } from "../../../engine/analysis/simulation/scenario.ts";

export { simulationResult } from "../../../engine/analysis/simulation/result.ts";
export type { SimulationResult } from "../../../engine/analysis/simulation/result.ts";
export type { Scenario } from "../../../engine/analysis/simulation/scenario.ts";

/** What is to be simulated. Nothing is written: no case, no task, no journal. */
export const simulationBody = z.object({
  /** `null` takes the scenario that ships with the process. */
  scenario: scenarioSchema.nullable().default(null),
  /** Instead of the scenario's own. */
  cases: z.number().int().min(1).max(mostCases).optional(),
  seed: z.number().int().min(0).max(4_294_967_295).optional(),
  /** Takes durations and outcomes from finished tasks. */
  history: z.boolean().default(false),
});

/** The scenario that ships with a process; `null` where none does. */
export const simulationPreset = z.object({ scenario: scenarioSchema.nullable() });
