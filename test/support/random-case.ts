import assert from "node:assert/strict";
import type { Command } from "../../engine/execution/commands.ts";
import type { StepContext } from "../../engine/execution/context.ts";
import { CommandError } from "../../engine/execution/errors.ts";
import { feel } from "../../engine/execution/evaluator.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { InstanceState, Wait } from "../../engine/execution/state.ts";
import { Session, step } from "../../engine/execution/step.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { journalFaults } from "./journal.ts";

/** Elements that a step of a random case may enter: enough for each that ends, and little for one that goes round. */
const budget = 1_000;

export interface RandomModel {
  readonly model: ProcessModel;
  readonly called: ReadonlyMap<string, ProcessModel>;
  readonly context: StepContext;
}

/** Compiles the first process of a file; the others can be called. Throws when the file is refused. */
export async function compileRandom(xml: string): Promise<RandomModel> {
  const { processes, problems } = await compileDefinitions(xml);
  const model = processes[0];
  if (!model) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  const called = new Map(processes.map((process) => [process.id, process]));
  const calledProcess = (id: string) => {
    const found = called.get(id);
    return found ? { model: found, version: "1" } : null;
  };
  const context = { now: "2026-01-05T01:00:00.000Z", route: null, calledProcess, evaluator: feel, budget };
  return { model, called, context };
}

/**
 * A case that lives three times: read from JSON before each step, handed on as it is, and kept in a session. All must agree
 * in state and events, a refused command must leave each as it was, and the journal must tell what the state holds.
 */
export class RandomCase {
  readonly events: EngineEvent[] = [];
  #model: ProcessModel;
  readonly #context: StepContext;
  #session: Session;
  #state: InstanceState;

  constructor(model: ProcessModel, context: StepContext, variables: Variables) {
    const command: Command = { type: "start", startEvent: null, variables };
    this.#model = model;
    this.#context = context;
    this.#session = new Session(model, null, context);
    const result = step(model, null, command, context);
    assert.equal(JSON.stringify(this.#session.apply(command, context)), JSON.stringify(result.events));
    this.#state = result.state;
    this.events.push(...result.events);
    this.#check();
  }

  get state(): InstanceState {
    return this.#state;
  }

  get model(): ProcessModel {
    return this.#model;
  }

  /** Applies the command or finds it refused; `false` when it was. */
  apply(command: Command): boolean {
    const before = JSON.stringify(this.#state);
    try {
      const result = step(this.#model, JSON.parse(before) as InstanceState, command, this.#context);
      assert.equal(JSON.stringify(step(this.#model, this.#state, command, this.#context)), JSON.stringify(result));
      assert.equal(JSON.stringify(this.#session.apply(command, this.#context)), JSON.stringify(result.events));
      assert.equal(JSON.stringify(this.#state), before);
      this.#state = result.state;
      this.events.push(...result.events);
      this.#check();
      return true;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      assert.throws(() => this.#session.apply(command, this.#context), CommandError);
      assert.equal(JSON.stringify(this.#session.state), before);
      assert.equal(JSON.stringify(this.#state), before);
      return false;
    }
  }

  /** Goes on with another version of its process: one whose elements bear other names, as the plan says. */
  migrate({ model }: RandomModel, command: Extract<Command, { type: "migrate" }>): void {
    const { elements } = command.plan;
    this.#model = model;
    this.#session = new Session(model, this.#state, this.#context);
    // The journal is read with the new names, as the history of a migrated case is.
    this.events.splice(
      0,
      Infinity,
      ...this.events.map((event) => ({ ...event, element: elements[event.element] ?? event.element })),
    );
    assert.equal(this.apply(command), true);
  }

  #check(): void {
    assert.equal(JSON.stringify(this.#session.state), JSON.stringify(this.#state));
    assert.deepEqual(journalFaults(this.#state, this.events), []);
    const { status, waits, tokens } = this.#state;
    const isStuck = Object.values(tokens).every(({ incident }) => incident === null) && Object.keys(waits).length === 0;
    for (const { at, element, via } of Object.values(tokens)) {
      const node = at === "joining" ? this.#model.elements.get(element) : undefined;
      if (node && "activation" in node)
        assert.ok(node.incoming.includes(via ?? ""), `${element} counts a token of no flow`);
    }
    if (status === "running") assert.ok(!isStuck, "the case waits for nothing and has no incident");
  }
}

/** The command that answers a wait; conditions come true when their facts do. */
export function answer(wait: Wait, model: ProcessModel, choice: number): Command {
  switch (wait.type) {
    case "task":
      return { type: "completeTask", wait: wait.id, outcome: null, variables: {} };
    case "job":
      return { type: "completeJob", wait: wait.id, variables: {} };
    case "timer":
      return { type: "fireTimer", wait: wait.id };
    case "message":
      return { type: "correlateMessage", name: wait.name, correlationKey: null, wait: wait.id, variables: {} };
    case "signal":
      return { type: "broadcastSignal", name: wait.name, variables: {} };
    case "condition":
      return {
        type: "setVariables",
        scope: null,
        variables: Object.fromEntries(["f0", "f1", "f2", "f3"].map((fact) => [fact, true])),
      };
    case "adHoc": {
      const startable = model.scopes.get(wait.element)?.implicitStarts ?? [];
      const element = startable[choice % (startable.length + 1)];
      return element
        ? { type: "startActivity", wait: wait.id, element, variables: {} }
        : { type: "completeAdHoc", wait: wait.id };
    }
  }
}

/** A loop that waits for nothing has run into its budget; doing so again at every step would only take time. */
export function goesRound(state: InstanceState): boolean {
  return Object.values(state.tokens).some(({ incident }) => incident?.code === "STEP_BUDGET_EXCEEDED");
}
