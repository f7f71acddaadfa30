import type { Scenario } from "../../../engine/analysis/simulation/scenario.ts";
import { authorize } from "../../identity/policy.ts";
import { notFound, RuntimeProblem } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { taskHistory } from "../../runtime/task-history.ts";
import { text } from "../../store/rows.ts";
import { defineRoute, idParams } from "../route.ts";
import { simulationBody, simulationPreset, simulationResult } from "./simulations.schema.ts";

export const simulationRoutes = [
  defineRoute({
    method: "get",
    path: "/api/definitions/:id/simulations/preset",
    summary: "The scenario that ships with the process, to simulate as it is or changed",
    params: idParams,
    answer: simulationPreset,
    handle: async ({ runtime, principal, params }) => {
      authorize(principal, { type: "definition.simulate" }, runtime.content);
      return { scenario: presetOf(runtime, await processOf(runtime, params.id)) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/definitions/:id/simulations",
    summary: "Run many virtual cases of this version; closing the request cancels it",
    params: idParams,
    body: simulationBody,
    answer: simulationResult,
    handle: async ({ runtime, principal, params, body, context }) => {
      authorize(principal, { type: "definition.simulate" }, runtime.content);
      const process = await processOf(runtime, params.id);
      const scenario = scenarioOf(body.scenario ?? presetOf(runtime, process), process, body);
      const model = await runtime.models.get(params.id);
      const called = await runtime.models.called(model, { state: null, startedAt: runtime.clock.now() });
      const history = body.history ? await taskHistory(runtime.store, runtime.content, process) : null;
      const cancelled = new AbortController();
      context.res.once("close", () => cancelled.abort());
      const { regions, organisations, rulePacks, routeTables, calendars } = runtime.content;
      return runtime.simulations.run(
        {
          scenario,
          models: [model, ...called.models],
          regions,
          organisations,
          rulePacks,
          routeTables,
          calendars,
          history,
        },
        cancelled.signal,
      );
    },
  }),
];

async function processOf(runtime: Runtime, definitionId: string): Promise<string> {
  const [row] = await runtime.store.read("SELECT process_key FROM definition WHERE id = ?", [definitionId]);
  if (!row) throw notFound();
  return text(row, "process_key");
}

function presetOf({ content }: Runtime, process: string): Scenario | null {
  return content.processes.find(({ simulation }) => simulation?.process === process)?.simulation ?? null;
}

function scenarioOf(
  scenario: Scenario | null,
  process: string,
  { cases, seed }: { readonly cases?: number | undefined; readonly seed?: number | undefined },
): Scenario {
  if (!scenario)
    throw new RuntimeProblem(
      422,
      "SCENARIO_MISSING",
      { zh: `流程 ${process} 没有预设情景`, en: `No scenario ships with the process ${process}` },
      { zh: "请在请求中给出情景（scenario）", en: "Give a scenario in the request" },
    );
  if (scenario.process !== process)
    throw new RuntimeProblem(
      422,
      "SCENARIO_OF_ANOTHER_PROCESS",
      {
        zh: `情景属于流程 ${scenario.process}，不是 ${process}`,
        en: `The scenario is of ${scenario.process}, not of ${process}`,
      },
      { zh: "请打开对应的流程", en: "Open the process that the scenario names" },
    );
  return { ...scenario, cases: cases ?? scenario.cases, seed: seed ?? scenario.seed };
}
