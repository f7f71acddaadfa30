import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Command, MigrationPlan } from "../../engine/execution/commands.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { answer, compileRandom, goesRound, RandomCase } from "../support/random-case.ts";
import { facts, graphs, richBlocks, richModel } from "../support/random-models.ts";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 60);

/** The runner's own limit is made for the usual number of runs. */
const timeout = Math.max(20_000, runs * 400);

const truths = fc
  .tuple(...facts.map(() => fc.boolean()))
  .map((values) => Object.fromEntries(facts.map((fact, index) => [fact, values[index] ?? false])));

/** What is done, and two numbers that choose with what. */
const act = fc.record({
  kind: fc.constantFrom(
    ...([
      "answer",
      "answer",
      "answer",
      "set",
      "suspend",
      "return",
      "take",
      "add",
      "error",
      "migrate",
      "retry",
    ] as const),
  ),
  first: fc.nat(1_000),
  second: fc.nat(1_000),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function nth<T>(values: readonly T[], choice: number): T | undefined {
  return values[choice % Math.max(1, values.length)];
}

/** Commands that fit the case as it stands, or nearly so. */
function commandOf({ kind, first, second }: Act, running: RandomCase): Command | null {
  const { state, model } = running;
  const token = nth(Object.keys(state.tokens), first);
  const wait = nth(Object.values(state.waits), first);
  const place = { element: nth([...model.elements.keys()], second) ?? "", scope: null };
  switch (kind) {
    case "answer":
      return wait ? answer(wait, model, second) : null;
    case "set":
      return {
        type: "setVariables",
        scope: nth([null, ...Object.keys(state.scopes)], first) ?? null,
        variables: { [nth(facts, second) ?? "f0"]: first % 2 === 0 },
      };
    case "suspend":
      return state.status === "suspended" ? { type: "resume" } : { type: "suspend", reason: "audit" };
    case "return":
      return { type: "moveTokens", cancel: token ? [token] : [], start: [place], reason: "return" };
    case "take":
      return { type: "moveTokens", cancel: token ? [token] : [], start: [], reason: "take away" };
    case "add":
      return { type: "moveTokens", cancel: [], start: [place, place], reason: "add" };
    case "error":
      return wait ? { type: "throwError", wait: wait.id, errorCode: "E", variables: {} } : null;
    case "migrate":
      return { type: "migrate", plan: { elements: {}, flows: {} }, reason: "same version" };
    case "retry": {
      const failed = Object.values(state.tokens).find(({ incident }) => incident !== null);
      if (!failed) return null;
      return first % 2 === 0
        ? { type: "retryIncident", token: failed.id }
        : { type: "resolveIncident", token: failed.id, variables: {} };
    }
  }
}

/** The same process with other ids, and the plan that leads there. */
function renamed(xml: string, { id, elements, flows }: ProcessModel): { xml: string; plan: MigrationPlan } {
  const plan = (ids: Iterable<string>) => Object.fromEntries([...ids].map((old) => [old, `v2_${old}`]));
  const names = { ...plan(elements.keys()), ...plan(flows.keys()) };
  const text = xml.replaceAll(/"([\w]+)"/g, (quoted, name: string) =>
    name !== id && Object.hasOwn(names, name) ? `"${names[name]}"` : quoted,
  );
  return { xml: text, plan: { elements: plan(elements.keys()), flows: plan(flows.keys()) } };
}

const models = fc.oneof(graphs, richBlocks.map(richModel), richBlocks.map(richModel));

describe("any sequence of commands", () => {
  it(
    "either applies or is refused without change, and leaves no case stuck unseen",
    async () => {
      const applied = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(
          models,
          truths,
          fc.array(act, { minLength: 25, maxLength: 25 }),
          async (xml, variables, acts) => {
            const { model, context } = await compileRandom(xml);
            const running = new RandomCase(model, context, variables);
            for (const one of acts) {
              if (goesRound(running.state)) return;
              const command = commandOf(one, running);
              if (command && running.apply(command)) applied.set(command.type, (applied.get(command.type) ?? 0) + 1);
            }
          },
        ),
        { numRuns: runs, endOnFailure: true },
      );
      const types = ["completeTask", "setVariables", "suspend", "resume", "moveTokens", "migrate", "throwError"];
      expect(types.filter((type) => !applied.has(type))).toEqual([]);
    },
    timeout,
  );

  it(
    "goes on in another version as it would have in its own",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          models,
          truths,
          fc.nat(12),
          fc.array(fc.nat(1_000), { minLength: 30, maxLength: 30 }),
          async (xml, variables, at, script) => {
            const own = await compileRandom(xml);
            const version = renamed(xml, own.model);
            const next = await compileRandom(version.xml);
            const [stays, moves] = [
              new RandomCase(own.model, own.context, variables),
              new RandomCase(own.model, own.context, variables),
            ];
            for (const [index, choice] of script.entries()) {
              if (stays.state.status !== "running" || goesRound(stays.state)) return;
              if (index === at) moves.migrate(next, { type: "migrate", plan: version.plan, reason: "new version" });
              const waits = Object.values(stays.state.waits);
              const wait = nth(waits, choice);
              if (!wait) return;
              expect(stays.apply(answer(wait, stays.model, choice))).toBe(
                moves.apply(answer(Object.values(moves.state.waits)[waits.indexOf(wait)] ?? wait, moves.model, choice)),
              );
              expect(shape(moves)).toEqual(shape(stays));
            }
          },
        ),
        { numRuns: runs, endOnFailure: true },
      );
    },
    timeout,
  );
});

/** Where a case stands, apart from ids and from the version's names. */
function shape({ state }: RandomCase): unknown {
  const own = (element: string) => element.replace(/^v2_/, "");
  return {
    status: state.status,
    tokens: Object.values(state.tokens).map(({ element, at }) => `${own(element)} ${at}`),
    waits: Object.values(state.waits).map(({ element, type }) => `${own(element)} ${type}`),
    variables: Object.values(state.scopes).map(({ variables }) => variables),
  };
}
