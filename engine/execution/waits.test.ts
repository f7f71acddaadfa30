import { describe, expect, it } from "vitest";
import {
  bpmn,
  endEvent,
  gateway,
  startEvent,
  TestCase,
  testNow,
  timerBoundary,
  userTask,
} from "../../test/support/bpmn.ts";
import { compileDefinitions } from "../model/compile.ts";
import { feel } from "./evaluator.ts";
import { Session, step } from "./step.ts";
import { variablesAt } from "./variables.ts";

const root = '<bpmn:message id="m" name="go"/><bpmn:signal id="s" name="bell"/>';
const condition = (id: string) =>
  `<bpmn:conditionalEventDefinition id="${id}"><bpmn:condition xsi:type="bpmn:tFormalExpression">ready</bpmn:condition></bpmn:conditionalEventDefinition>`;

describe("the journal of what is waited for", () => {
  const beside = (definition: string) =>
    bpmn(
      [
        startEvent(),
        userTask("a"),
        `<bpmn:boundaryEvent id="b" attachedToRef="a" cancelActivity="false">${definition}</bpmn:boundaryEvent>`,
        endEvent(),
        endEvent("be"),
      ].join(""),
      "start -> a -> end; b -> be",
      { root },
    );
  const closed = (test: TestCase) => test.events.filter(({ type }) => type === "subscription.closed");

  it.each([
    ["message", '<bpmn:messageEventDefinition id="d" messageRef="m"/>', "go"],
    ["signal", '<bpmn:signalEventDefinition id="d" signalRef="s"/>', "bell"],
    ["condition", condition("d"), "b"],
  ])("tells how a %s is no longer waited for", async (subscription, definition, name) => {
    const test = await TestCase.open(beside(definition), { ready: false });
    expect(test.events.find(({ type }) => type === "subscription.opened")).toMatchObject({
      element: "b",
      subscription,
    });
    if (subscription === "message")
      test.running.apply({ type: "correlateMessage", name, correlationKey: null, wait: null, variables: {} });
    if (subscription === "signal") test.running.apply({ type: "broadcastSignal", name, variables: {} });
    if (subscription === "condition")
      test.running.apply({ type: "setVariables", scope: null, variables: { ready: true } });
    expect(closed(test)).toMatchObject([{ element: "b", subscription, name, by: "correlated" }]);
    test.complete("a");
    expect(closed(test)[1]).toMatchObject({ element: "b", subscription, name, by: "cancelled" });
  });

  it("tells a timer that fired from one that was dropped", async () => {
    const file = bpmn(
      [
        startEvent(),
        userTask("a"),
        timerBoundary("soon", "a", "PT1H", false),
        timerBoundary("late", "a", "P9D", false),
        endEvent(),
        endEvent("se"),
        endEvent("le"),
      ].join(""),
      "start -> a -> end; soon -> se; late -> le",
    );
    const test = await TestCase.open(file);
    test.running.advance("PT2H");
    test.complete("a");
    expect(test.trace("timer.fired", "timer.cancelled", "task.cancelled")).toEqual([
      "timer.fired soon",
      "timer.cancelled late",
    ]);
  });

  it("tells by which flow an event-based gateway was left", async () => {
    const catching = (id: string, ref: string) =>
      `<bpmn:intermediateCatchEvent id="${id}"><bpmn:signalEventDefinition id="${id}_d" signalRef="${ref}"/></bpmn:intermediateCatchEvent>`;
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("eventBased", "g"),
          catching("e1", "s"),
          catching("e2", "s2"),
          userTask("a"),
          userTask("b"),
          endEvent(),
        ].join(""),
        "start -> g; g -> e1 -> a -> end; g -> e2 -> b -> end",
        {
          root: `${root}<bpmn:signal id="s2" name="horn"/>`,
        },
      ),
    );
    test.running.apply({ type: "broadcastSignal", name: "horn", variables: {} });
    expect(test.tasks).toEqual(["b"]);
    expect(test.trace("flow.taken")).toEqual(["flow.taken start_g", "flow.taken g_e2", "flow.taken e2_b"]);
  });

  it("tells when an incident goes with its token", async () => {
    const test = await TestCase.open(
      bpmn(
        [startEvent(), gateway("parallel", "f"), gateway("exclusive", "x"), userTask("a"), endEvent()].join(""),
        "start -> f; f -> x; f -> a -> end; x -> end if missing; x -> a default",
      ),
    );
    test.running.apply({ type: "cancel", reason: "withdrawn" });
    expect(test.events.find(({ type }) => type === "incident.resolved")).toMatchObject({
      element: "x",
      how: "cancelled",
    });
  });
});

describe("a message key", () => {
  it.each([
    ["=a list of several parts", "[1, 2]", "[1,2]"],
    ["a number", "7", "7"],
    ["text", '"k"', "k"],
  ])("may be %s", async (_what, expression, key) => {
    const file = bpmn(
      [startEvent(), '<bpmn:receiveTask id="r" messageRef="k"/>', endEvent()].join(""),
      "start -> r -> end",
      { root: `<bpmn:message id="k" name="keyed" jieli:correlationKey="${expression.replaceAll('"', "&quot;")}"/>` },
    );
    const test = await TestCase.open(file);
    expect(test.waits("message")).toMatchObject([{ name: "keyed", correlationKey: key }]);
    const message = (correlationKey: string | null) =>
      ({ type: "correlateMessage", name: "keyed", correlationKey, wait: null, variables: {} }) as const;
    expect(() => test.running.apply(message("other"))).toThrow(expect.objectContaining({ code: "NO_SUBSCRIPTION" }));
    expect(() => test.running.apply(message(null))).toThrow(expect.objectContaining({ code: "NO_SUBSCRIPTION" }));
    test.running.apply(message(key));
    expect(test.running.status).toBe("completed");
  });
});

describe("variables that are not plain data", () => {
  const nested = (depth: number): never =>
    Array.from({ length: depth }).reduce<unknown>((inner) => ({ inner }), 1) as never;

  it.each([
    ["64 deep", nested(64), true],
    ["66 deep", nested(66), false],
    ["a function", (() => 1) as never, false],
    ["one bad entry among good ones", { good: 1, bad: undefined } as never, false],
    ["a list with a bad entry", [1, undefined] as never, false],
    ["nothing", null, true],
    ["an object without a prototype", Object.assign(Object.create(null) as object, { a: 1 }) as never, true],
  ])("(%s)", async (_what, value, fits) => {
    const test = await TestCase.open(bpmn([startEvent(), userTask("a"), endEvent()].join(""), "start -> a -> end"));
    const set = () => test.running.apply({ type: "setVariables", scope: null, variables: { value } });
    if (fits) expect(set).not.toThrow();
    else expect(set).toThrow(expect.objectContaining({ code: "VARIABLE_NOT_JSON" }));
  });
});

describe("a step", () => {
  const file = bpmn(
    [startEvent(), userTask("a"), '<bpmn:task id="b"/>', '<bpmn:task id="c"/>', endEvent()].join(""),
    "start -> a -> b -> c -> end",
  );
  const context = { now: testNow, route: null, calledProcess: () => null, evaluator: feel };
  const begin = { type: "start", startEvent: null, variables: { n: 1 } } as const;

  it("needs a case that has started, for everything but the start", async () => {
    const model = (await compileDefinitions(file)).processes[0]!;
    expect(() => step(model, null, { type: "resume" }, context)).toThrow(
      expect.objectContaining({ code: "NOT_STARTED" }),
    );
    const session = new Session(model, null, context);
    expect(() => session.apply({ type: "resume" }, context)).toThrow(expect.objectContaining({ code: "NOT_STARTED" }));
    session.apply(begin, context);
    expect(session.status).toBe("running");
    expect(() => session.apply(begin, context)).toThrow(expect.objectContaining({ code: "ALREADY_STARTED" }));
    const resumed = new Session(model, session.state, context);
    expect(() => resumed.apply(begin, context)).toThrow(expect.objectContaining({ code: "ALREADY_STARTED" }));
  });

  it("may enter as many elements as its budget says, in each command anew", async () => {
    const model = (await compileDefinitions(file)).processes[0]!;
    const bounded = (budget: number) => ({ ...context, budget });
    const session = new Session(model, null, bounded(3));
    session.apply(begin, bounded(3));
    const wait = Object.keys(session.state.waits)[0] ?? "";
    session.apply({ type: "completeTask", wait, outcome: null, variables: {} }, bounded(3));
    expect(session.status).toBe("completed");
    const short = new Session(model, null, context);
    short.apply(begin, context);
    const events = short.apply({ type: "completeTask", wait, outcome: null, variables: {} }, bounded(2));
    expect(events.at(-1)).toMatchObject({ type: "incident.raised", code: "STEP_BUDGET_EXCEEDED", element: "end" });
  });

  it("tells what a worker sees at a wait, and nothing at one that is not there", async () => {
    const model = (await compileDefinitions(file)).processes[0]!;
    const { state } = step(model, null, begin, context);
    expect(variablesAt(state, Object.keys(state.waits)[0] ?? "")).toEqual({ n: 1 });
    expect(variablesAt(state, "w99")).toEqual({});
  });
});

describe("an activity that needs several tokens", () => {
  it("starts when they have come, and with them alone", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("parallel", "f"),
          userTask("a"),
          userTask("b"),
          userTask("c"),
          gateway("exclusive", "m"),
          userTask("two", 'startQuantity="2"'),
          endEvent(),
        ].join(""),
        "start -> f; f -> a -> m; f -> b -> m; f -> c -> m; m -> two -> end",
      ),
    );
    expect(test.complete("a").tasks).toEqual(["b", "c"]);
    expect(test.complete("b").tasks).toEqual(["c", "two"]);
    test.complete("two").complete("c");
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "JOIN_NEVER_COMPLETES", element: "two" });
  });
});
