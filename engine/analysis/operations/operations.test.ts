import { describe, expect, it } from "vitest";
import {
  bpmn,
  endEvent,
  flowXml,
  gateway,
  startEvent,
  TestCase,
  timerBoundary,
  userTask,
} from "../../../test/support/bpmn.ts";
import { migrationProblems } from "../../execution/migration.ts";
import { feel } from "../../execution/evaluator.ts";
import { step } from "../../execution/step.ts";
import { compileDefinitions } from "../../model/compile.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import { proposeMigration } from "./migration-plan.ts";
import { planReturn } from "./return-plan.ts";

async function modelOf(xml: string): Promise<ProcessModel> {
  const { processes, problems } = await compileDefinitions(xml);
  if (!processes[0]) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return processes[0];
}
const bounds = { situations: 500, pause: async () => undefined };

async function returnTo(xml: string, test: TestCase, element: string) {
  const plan = await planReturn(await modelOf(xml), new Map(), test.running.state, element, bounds);
  if (plan.problems.length === 0)
    test.running.apply({ type: "moveTokens", cancel: plan.cancel, start: plan.start, reason: "r" });
  return plan.problems.map(({ code }) => code);
}

const branches = bpmn(
  [
    startEvent(),
    userTask("a"),
    gateway("parallel", "f"),
    userTask("b1"),
    userTask("b2"),
    userTask("c"),
    gateway("parallel", "j"),
    userTask("d"),
    endEvent(),
  ].join(""),
  "start -> a -> f; f -> b1 -> b2 -> j; f -> c -> j; j -> d -> end",
);

describe("return to an earlier step", () => {
  it("within a branch leaves the other branch alone, also where it waits at the join", async () => {
    const test = await TestCase.open(branches);
    test.complete("a").complete("b1").complete("c");
    expect(await returnTo(branches, test, "b1")).toEqual([]);
    expect(test.tasks).toEqual(["b1"]);
    test.complete("b1").complete("b2");
    expect(test.tasks).toEqual(["d"]);
  });

  it("out of parallel branches cancels all of them, and what waits at their join", async () => {
    const test = await TestCase.open(branches);
    test.complete("a").complete("c");
    expect(await returnTo(branches, test, "a")).toEqual([]);
    expect(test.tasks).toEqual(["a"]);
    test.complete("a").complete("c").complete("b1").complete("b2").complete("d");
    expect(test.running.status).toBe("completed");
  });

  it("into a branch that has been joined is refused, because the join would wait for ever", async () => {
    const test = await TestCase.open(branches);
    test.complete("a").complete("b1").complete("b2").complete("c");
    expect(await returnTo(branches, test, "b1")).toEqual(["RETURN_WOULD_BLOCK"]);
    expect(test.tasks).toEqual(["d"]);
  });

  it("to a join is refused: there is no telling which branch would be done again", async () => {
    const test = await TestCase.open(branches);
    test.complete("a").complete("b1").complete("b2").complete("c");
    expect(await returnTo(branches, test, "j")).toEqual(["RETURN_TO_JOIN"]);
    expect(test.tasks).toEqual(["d"]);
  });

  it("is no way forward", async () => {
    const test = await TestCase.open(branches);
    expect(await returnTo(branches, test, "b1")).toEqual(["RETURN_NOT_BACK"]);
    expect(await returnTo(branches, test, "nowhere")).toEqual(["RETURN_NOT_FOUND"]);
  });

  const inside = `<bpmn:subProcess id="sub">${startEvent("s2")}${userTask("x")}${userTask("y")}${endEvent("e2")}${flowXml("s2 -> x -> y -> e2").xml}</bpmn:subProcess>${timerBoundary("late", "sub", "P1D")}`;
  const nested = bpmn(
    [startEvent(), userTask("a"), inside, userTask("b"), endEvent(), endEvent("e3")].join(""),
    "start -> a -> sub -> b -> end; late -> e3",
  );

  it("out of a sub-process cancels it with its timers", async () => {
    const test = await TestCase.open(nested);
    test.complete("a").complete("x");
    expect(await returnTo(nested, test, "a")).toEqual([]);
    expect(test.tasks).toEqual(["a"]);
    expect(test.running.waits.map(({ type }) => type)).toEqual(["task"]);
  });

  it("into a sub-process that has ended opens it again", async () => {
    const test = await TestCase.open(nested);
    test.complete("a").complete("x").complete("y");
    expect(await returnTo(nested, test, "y")).toEqual([]);
    expect(test.tasks).toEqual(["y"]);
    expect(test.running.waits.map(({ type }) => type).sort()).toEqual(["task", "timer"]);
    expect(test.complete("y").tasks).toEqual(["b"]);
  });
});

describe("moving tokens", () => {
  it("refuses what is not there or begins only by its own event, and changes nothing", async () => {
    const test = await TestCase.open(branches);
    const before = JSON.stringify(test.running.state);
    const move = (cancel: string[], element: string) => () =>
      test.running.apply({ type: "moveTokens", cancel, start: [{ element, scope: null }], reason: "r" });
    expect(move(["t99"], "a")).toThrow(expect.objectContaining({ code: "MOVE_IMPOSSIBLE" }));
    expect(move([], "nowhere")).toThrow(expect.objectContaining({ code: "MOVE_IMPOSSIBLE" }));
    expect(JSON.stringify(test.running.state)).toBe(before);
  });

  it("takes away the last token and the case is over", async () => {
    const test = await TestCase.open(branches);
    test.running.apply({ type: "moveTokens", cancel: [test.wait("task", "a").token], start: [], reason: "r" });
    expect(test.running.status).toBe("completed");
  });

  it("counts an instance of a loop that it takes away as terminated", async () => {
    const loop = userTask(
      "a",
      "",
      "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
    );
    const test = await TestCase.open(
      bpmn([startEvent(), loop, userTask("b"), endEvent()].join(""), "start -> a -> b -> end"),
    );
    test.running.apply({ type: "moveTokens", cancel: [test.wait("task", "a").token], start: [], reason: "r" });
    expect(test.tasks).toEqual(["a"]);
    expect(test.complete("a").tasks).toEqual(["b"]);
  });
});

describe("migration to another version", () => {
  const old = bpmn(
    [startEvent(), userTask("a"), userTask("b"), timerBoundary("late", "b", "P1D"), endEvent(), endEvent("e2")].join(
      "",
    ),
    "start -> a -> b -> end; late -> e2",
  );

  async function migrate(to: string, open: (test: TestCase) => void) {
    const test = await TestCase.open(old);
    open(test);
    const [from, model] = [await modelOf(old), await modelOf(to)];
    const plan = proposeMigration(from, model);
    const problems = migrationProblems(model, test.running.state, plan).map(
      ({ code, element }) => `${code} ${element}`,
    );
    if (problems.length > 0) return { plan, problems, tasks: [], timers: [] };
    const context = { now: test.running.now, route: null, calledProcess: () => null, evaluator: feel };
    const { state } = step(model, test.running.state, { type: "migrate", plan, reason: "r" }, context);
    const waits = Object.values(state.waits);
    const elements = (type: string) => waits.filter((wait) => wait.type === type).map((wait) => wait.element);
    return { plan, problems, tasks: elements("task"), timers: elements("timer") };
  }

  it("finds a renamed id by its name, keeps the timer, and arms what is new", async () => {
    const to = bpmn(
      [
        startEvent(),
        userTask("a"),
        '<bpmn:userTask id="review" name="b"/>',
        timerBoundary("late", "review", "P9D"),
        timerBoundary("soon", "review", "PT1H", false),
        endEvent(),
        endEvent("e2"),
      ].join(""),
      "start -> a -> review -> end; late -> e2; soon -> e2",
    );
    const result = await migrate(to, (test) => test.complete("a"));
    expect(result.plan.elements).toEqual({ b: "review" });
    expect(result).toMatchObject({ problems: [], tasks: ["review"], timers: ["late", "soon"] });
  });

  it("lets boundary events fall away that the new version has no more", async () => {
    const to = bpmn([startEvent(), userTask("a"), userTask("b"), endEvent()].join(""), "start -> a -> b -> end");
    expect(await migrate(to, (test) => test.complete("a"))).toMatchObject({ problems: [], tasks: ["b"], timers: [] });
  });

  it("finds an element by its neighbours when neither id nor name is the same", async () => {
    const to = bpmn(
      [startEvent(), userTask("a"), '<bpmn:userTask id="x" name="another"/>', endEvent()].join(""),
      "start -> a -> x -> end",
    );
    expect((await migrate(to, (test) => test.complete("a"))).plan.elements).toEqual({ b: "x" });
  });

  it("tells case by case what has no place, and only where something stands there", async () => {
    const to = bpmn(
      [startEvent(), userTask("a"), '<bpmn:serviceTask id="auto"/>', endEvent()].join(""),
      "start -> a -> auto -> end",
    );
    expect((await migrate(to, () => undefined)).problems).toEqual([]);
    expect((await migrate(to, (test) => test.complete("a"))).problems).toEqual(["MIGRATION_NO_PLACE b"]);
  });

  it("refuses the command with the reason and changes nothing when a token has no place", async () => {
    const test = await TestCase.open(old);
    const model = await modelOf(bpmn([startEvent(), userTask("z"), endEvent()].join(""), "start -> z -> end"));
    const context = { now: test.running.now, route: null, calledProcess: () => null, evaluator: feel };
    const plan = { elements: {}, flows: {} };
    expect(() => step(model, test.running.state, { type: "migrate", plan, reason: "r" }, context)).toThrow(
      expect.objectContaining({ code: "MIGRATION_IMPOSSIBLE", element: "a" }),
    );
  });

  it("moves tokens inside sub-processes and at joins with their flows", async () => {
    const from = branches;
    const to = from.replaceAll("c_j", "renamed_flow");
    const test = await TestCase.open(from);
    test.complete("a").complete("c");
    const plan = proposeMigration(await modelOf(from), await modelOf(to));
    expect(plan.flows).toEqual({ c_j: "renamed_flow" });
    const model = await modelOf(to);
    const context = { now: test.running.now, route: null, calledProcess: () => null, evaluator: feel };
    const migrated = step(model, test.running.state, { type: "migrate", plan, reason: "r" }, context).state;
    const at = (element: string) => Object.values(migrated.waits).find((wait) => wait.element === element)?.id ?? "";
    const next = step(
      model,
      migrated,
      { type: "completeTask", wait: at("b1"), outcome: null, variables: {} },
      context,
    ).state;
    const wait = Object.keys(next.waits)[0] ?? "";
    const joined = step(model, next, { type: "completeTask", wait, outcome: null, variables: {} }, context);
    expect(Object.values(joined.state.waits).map(({ element }) => element)).toEqual(["d"]);
  });
});
