import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSoundness } from "../../engine/analysis/soundness/soundness.ts";
import type { Command } from "../../engine/execution/commands.ts";
import type { StepContext } from "../../engine/execution/context.ts";
import { CommandError } from "../../engine/execution/errors.ts";
import { feel } from "../../engine/execution/evaluator.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { Session, step } from "../../engine/execution/step.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { journalFaults } from "../support/journal.ts";
import { blockModel, blocks, facts, graphs } from "../support/random-models.ts";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 60);
const context: StepContext = {
  now: "2026-01-05T01:00:00.000Z",
  route: null,
  calledProcess: () => null,
  evaluator: feel,
};

/** The first counterexample is told as it was found: shrinking a process takes minutes and rarely helps. */
const bounds = (numRuns: number) => ({ numRuns, endOnFailure: true });

const choices = fc.array(fc.nat(1_000), { minLength: 40, maxLength: 40 });
const truths = fc
  .tuple(...facts.map(() => fc.boolean()))
  .map((values) => Object.fromEntries(facts.map((fact, index) => [fact, values[index] ?? false])));

async function compile(xml: string): Promise<ProcessModel> {
  const { processes, problems } = await compileDefinitions(xml);
  if (!processes[0]) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return processes[0];
}

/** The command that the number chooses among what waits; every seventh is one that may not fit. */
function commandFor(state: InstanceState, choice: number): Command | null {
  const waits = Object.values(state.waits);
  if (choice % 7 === 6) return strayCommand(state, choice);
  const wait = waits[choice % Math.max(1, waits.length)];
  switch (wait?.type) {
    case "task":
      return { type: "completeTask", wait: wait.id, outcome: null, variables: {} };
    case "timer":
      return { type: "fireTimer", wait: wait.id };
    case "message":
      return { type: "correlateMessage", name: "go", correlationKey: null, wait: wait.id, variables: {} };
    default:
      return null;
  }
}

function strayCommand(state: InstanceState, choice: number): Command {
  const tokens = Object.keys(state.tokens);
  const stray: readonly Command[] = [
    { type: "completeTask", wait: `w${choice}`, outcome: null, variables: {} },
    { type: "fireTimer", wait: Object.keys(state.waits)[0] ?? "w0" },
    { type: "start", startEvent: null, variables: {} },
    { type: "resume" },
    { type: "retryIncident", token: tokens[0] ?? "t0" },
    { type: "resolveIncident", token: "t0", variables: {} },
    { type: "broadcastSignal", name: "nobody", variables: {} },
    { type: "moveTokens", cancel: ["t0"], start: [], reason: "stray" },
    { type: "migrate", plan: { elements: { [state.process]: "nowhere" }, flows: {} }, reason: "stray" },
    { type: "setVariables", scope: "s999", variables: {} },
  ];
  return stray[choice % stray.length] ?? { type: "resume" };
}

/** A loop that waits for nothing has run into its budget; doing so again at every step would only take time. */
function goesRound(state: InstanceState): boolean {
  return Object.values(state.tokens).some(({ incident }) => incident?.code === "STEP_BUDGET_EXCEEDED");
}

interface Seen {
  readonly state: InstanceState;
  readonly events: readonly EngineEvent[];
}

/** Runs a case by `step`, from JSON at every step, and side by side in a session; both must agree in everything. */
function runCase(model: ProcessModel, variables: Record<string, boolean>, script: readonly number[]): Seen {
  const events: EngineEvent[] = [];
  const session = new Session(model, null, context);
  let state: InstanceState | null = null;
  const apply = (command: Command): void => {
    const before = JSON.stringify(state);
    const sessionBefore = state === null ? null : JSON.stringify(session.state);
    const reloaded = before === "null" ? null : (JSON.parse(before) as InstanceState);
    try {
      const result = step(model, reloaded, command, context);
      expect(JSON.stringify(step(model, state, command, context))).toBe(JSON.stringify(result));
      expect(JSON.stringify(session.apply(command, context))).toBe(JSON.stringify(result.events));
      expect(JSON.stringify(session.state)).toBe(JSON.stringify(result.state));
      expect(JSON.stringify(state)).toBe(before);
      state = result.state;
      events.push(...result.events);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      expect(() => session.apply(command, context)).toThrow(CommandError);
      expect(JSON.stringify(session.state)).toBe(sessionBefore);
      expect(JSON.stringify(state)).toBe(before);
    }
  };
  apply({ type: "start", startEvent: null, variables });
  for (const choice of script) {
    const current = state as InstanceState | null;
    if (!current) throw new Error("the case did not start");
    expect(journalFaults(current, events)).toEqual([]);
    if (current.status !== "running" || goesRound(current)) break;
    const command = commandFor(current, choice);
    if (command) apply(command);
  }
  const last = state as InstanceState | null;
  if (!last) throw new Error("the case did not start");
  return { state: last, events };
}

/** Answers whatever waits, first come first served, until nothing does. */
function finish(model: ProcessModel, from: InstanceState): InstanceState {
  let state = from;
  for (let rounds = 0; rounds < 2_000 && state.status === "running"; rounds += 1) {
    const order = Object.values(state.waits).findIndex(({ type }) => type === "task");
    const command = commandFor(state, order < 0 ? 0 : order % 7 === 6 ? 0 : order);
    if (!command) break;
    try {
      state = step(model, state, command, context).state;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      break;
    }
  }
  return state;
}

describe("any case of any block-structured process", () => {
  it("is deterministic, survives JSON at every step, loses no token and makes none, and ends", async () => {
    await fc.assert(
      fc.asyncProperty(blocks, truths, choices, async (block, variables, script) => {
        const model = await compile(blockModel(block));
        const { state } = runCase(model, variables, script);
        const ended = finish(model, state);
        expect(ended.status).toBe("completed");
        expect([ended.tokens, ended.waits]).toEqual([{}, {}]);
      }),
      bounds(runs),
    );
  });
});

describe("any case of any process", () => {
  it("is deterministic, survives JSON at every step, loses no token and makes none", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, truths, choices, async (xml, variables, script) => {
        runCase(await compile(xml), variables, script);
      }),
      bounds(runs),
    );
  });

  it("ends when the analysis calls the process sound", async () => {
    let sound = 0;
    await fc.assert(
      fc.asyncProperty(graphs, truths, choices, async (xml, variables, script) => {
        const model = await compile(xml);
        const report = await checkSoundness(model, new Map(), { situations: 150, pause: async () => undefined });
        if (report.stoppedEarly || report.findings.length > 0) return;
        sound += 1;
        const { state } = runCase(model, variables, script);
        const stuck = Object.values(state.tokens).filter(({ incident }) => incident !== null);
        expect(stuck).toEqual([]);
        // A loop that the facts of this case never leave is no fault of the structure.
        if (state.status === "running") expect(Object.keys(state.waits).length).toBeGreaterThan(0);
      }),
      bounds(runs * 2),
    );
    expect(sound).toBeGreaterThan(runs / 10);
  });
});
