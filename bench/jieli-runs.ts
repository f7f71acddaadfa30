/** Cases on our core: kept in memory between the steps, or read from JSON before each and written after it. */
import { performance } from "node:perf_hooks";
import type { Command } from "../engine/execution/commands.ts";
import type { StepContext } from "../engine/execution/context.ts";
import { feel } from "../engine/execution/evaluator.ts";
import type { InstanceState } from "../engine/execution/state.ts";
import { Session, step } from "../engine/execution/step.ts";
import type { Variables } from "../engine/expressions/json.ts";
import { compileDefinitions } from "../engine/model/compile.ts";
import type { ProcessModel } from "../engine/model/process-model.ts";
import type { CaseMeasure } from "./measure.ts";
import { variables } from "./processes.ts";

export const context: StepContext = {
  now: "2026-01-05T01:00:00.000Z",
  route: null,
  calledProcess: () => null,
  evaluator: feel,
  budget: Number.MAX_SAFE_INTEGER,
};

export async function compiled(source: string): Promise<ProcessModel> {
  const { processes, problems } = await compileDefinitions(source);
  const model = processes[0];
  if (!model) throw new Error(`a bench process does not compile: ${problems.map(({ code }) => code).join(", ")}`);
  return model;
}

export const startCommand: Command = { type: "start", startEvent: null, variables };

export function complete(wait: string, given: Variables = {}): Command {
  return { type: "completeTask", wait, outcome: null, variables: given };
}

/** A step here is one command; what happened is looked at for the tasks that it opened, as a host would. */
export function hotCase(model: ProcessModel): CaseMeasure {
  const session = new Session(model, null, context);
  const open: string[] = [];
  const follow = (events: ReturnType<Session["apply"]>) => {
    for (const event of events) if (event.type === "task.created") open.push(event.wait);
  };
  follow(session.apply(startCommand, context));
  const from = performance.now();
  let steps = 0;
  for (let wait = open.shift(); wait !== undefined; wait = open.shift()) {
    follow(session.apply(complete(wait), context));
    steps += 1;
  }
  const ms = performance.now() - from;
  return { steps, ms, ended: session.status === "completed", stateBytes: 0 };
}

/** A step here is: state from JSON, one command, state to JSON. */
export function recoveredCase(model: ProcessModel): CaseMeasure {
  let stored = JSON.stringify(step(model, null, startCommand, context).state);
  let stateBytes = 0;
  let [steps, ms] = [0, 0];
  for (;;) {
    const wait = firstTask(JSON.parse(stored) as InstanceState);
    if (wait === null) break;
    stateBytes = Math.max(stateBytes, stored.length);
    const from = performance.now();
    stored = JSON.stringify(step(model, JSON.parse(stored) as InstanceState, complete(wait), context).state);
    ms += performance.now() - from;
    steps += 1;
  }
  return { steps, ms, ended: (JSON.parse(stored) as InstanceState).status === "completed", stateBytes };
}

export function firstTask(state: InstanceState): string | null {
  return Object.values(state.waits).find(({ type }) => type === "task")?.id ?? null;
}
