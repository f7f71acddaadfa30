import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSoundness } from "../../engine/analysis/soundness/soundness.ts";
import type { Command } from "../../engine/execution/commands.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { answer, compileRandom, goesRound, RandomCase } from "../support/random-case.ts";
import { blockModel, blocks, facts, graphs, richBlocks, richModel } from "../support/random-models.ts";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 60);

/** The runner's own limit is made for the usual number of runs. */
const timeout = Math.max(20_000, runs * 400);

/** The first counterexample is told as it was found: shrinking a process takes minutes and rarely helps. */
const bounds = (numRuns: number) => ({ numRuns, endOnFailure: true });

const choices = fc.array(fc.nat(1_000), { minLength: 40, maxLength: 40 });
const truths = fc
  .tuple(...facts.map(() => fc.boolean()))
  .map((values) => Object.fromEntries(facts.map((fact, index) => [fact, values[index] ?? false])));

/** Answers what the numbers choose among what waits; every seventh is a command that may not fit. */
function play(running: RandomCase, script: readonly number[]): void {
  for (const choice of script) {
    const { state } = running;
    if (state.status !== "running" || goesRound(state)) return;
    const waits = Object.values(state.waits);
    const wait = waits[choice % Math.max(1, waits.length)];
    if (choice % 7 === 6) running.apply(strayCommand(state, choice));
    else if (wait) running.apply(answer(wait, running.model, choice));
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

/** Messages last: an event sub-process hears them again and again. */
const order: readonly string[] = ["task", "job", "adHoc", "signal", "timer", "condition", "message"];

/** Answers whatever waits until nothing does. */
function finish(running: RandomCase): void {
  for (let rounds = 0; rounds < 500 && running.state.status === "running"; rounds += 1) {
    const [wait] = Object.values(running.state.waits)
      .filter((open) => open.type !== "condition" || !open.met)
      .sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
    if (!wait) return;
    const command: Command =
      wait.type === "adHoc" ? { type: "completeAdHoc", wait: wait.id } : answer(wait, running.model, 0);
    running.apply(command);
  }
}

describe("any case of any block-structured process", () => {
  it.each([
    ["of tasks, gateways, loops and timers", blocks.map(blockModel)],
    ["of every construct", richBlocks.map(richModel)],
  ])(
    "%s is deterministic, survives JSON at every step, loses no token and makes none, and ends",
    async (_of, models) => {
      await fc.assert(
        fc.asyncProperty(models, truths, choices, async (xml, variables, script) => {
          const { model, context } = await compileRandom(xml);
          const running = new RandomCase(model, context, variables);
          play(running, script);
          finish(running);
          expect(running.state.status).toBe("completed");
          expect([running.state.tokens, running.state.waits]).toEqual([{}, {}]);
        }),
        bounds(runs),
      );
    },
    timeout,
  );
});

describe("any case of any process", () => {
  it(
    "is deterministic, survives JSON at every step, loses no token and makes none",
    async () => {
      await fc.assert(
        fc.asyncProperty(graphs, truths, choices, async (xml, variables, script) => {
          const { model, context } = await compileRandom(xml);
          play(new RandomCase(model, context, variables), script);
        }),
        bounds(runs),
      );
    },
    timeout,
  );

  it(
    "ends when the analysis calls the process sound",
    async () => {
      let sound = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(graphs, graphs, richBlocks.map(richModel)),
          truths,
          choices,
          async (xml, variables, script) => {
            const { model, called, context } = await compileRandom(xml);
            const report = await checkSoundness(model, called, { situations: 150, pause: async () => undefined });
            if (report.stoppedEarly || report.findings.length > 0) return;
            sound += 1;
            const running = new RandomCase(model, context, variables);
            play(running, script);
            const stuck = Object.values(running.state.tokens).filter(({ incident }) => incident !== null);
            expect(stuck).toEqual([]);
            // A loop that the facts of this case never leave is no fault of the structure.
            if (running.state.status === "running") expect(Object.keys(running.state.waits).length).toBeGreaterThan(0);
          },
        ),
        bounds(runs),
      );
      expect(sound).toBeGreaterThan(0);
    },
    timeout,
  );
});
