/** Cases on our core: kept in memory between the steps, or read from JSON before each and written after it. */
import type { Command } from "../engine/execution/commands.ts";
import type { StepContext } from "../engine/execution/context.ts";
import { feel } from "../engine/execution/evaluator.ts";
import type { EngineEvent } from "../engine/execution/events.ts";
import type { InstanceState } from "../engine/execution/state.ts";
import { Session, step } from "../engine/execution/step.ts";
import type { Variables } from "../engine/expressions/json.ts";
import { compileDefinitions } from "../engine/model/compile.ts";
import type { ProcessModel } from "../engine/model/process-model.ts";
import { processorMs, type CaseMeasure } from "./measure.ts";
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

/** Tasks that the events open, as a host follows them. */
class Inbox {
  readonly #open: string[] = [];

  follow(events: readonly EngineEvent[]): void {
    for (const event of events) if (event.type === "task.created") this.#open.push(event.wait);
  }

  take(): string | undefined {
    return this.#open.shift();
  }
}

/** A step here is one command. */
export function hotCase(model: ProcessModel): CaseMeasure {
  const session = new Session(model, null, context);
  const inbox = new Inbox();
  inbox.follow(session.apply(startCommand, context));
  const from = processorMs();
  let steps = 0;
  for (let wait = inbox.take(); wait !== undefined; wait = inbox.take()) {
    inbox.follow(session.apply(complete(wait), context));
    steps += 1;
  }
  return { steps, ms: processorMs() - from, ended: session.status === "completed", stateBytes: 0 };
}

/** A step here is: state from JSON, one command, state to JSON. */
export function recoveredCase(model: ProcessModel): CaseMeasure {
  const started = step(model, null, startCommand, context);
  const inbox = new Inbox();
  inbox.follow(started.events);
  let stored = JSON.stringify(started.state);
  let [steps, stateBytes] = [0, 0];
  const from = processorMs();
  for (let wait = inbox.take(); wait !== undefined; wait = inbox.take()) {
    stateBytes = Math.max(stateBytes, stored.length);
    const { state, events } = step(model, JSON.parse(stored) as InstanceState, complete(wait), context);
    stored = JSON.stringify(state);
    inbox.follow(events);
    steps += 1;
  }
  const ms = processorMs() - from;
  return { steps, ms, ended: (JSON.parse(stored) as InstanceState).status === "completed", stateBytes };
}
