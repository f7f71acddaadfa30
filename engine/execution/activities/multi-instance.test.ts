import { describe, expect, it } from "vitest";
import { bpmn, endEvent, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

const loop = (attributes: string, inner: string) =>
  `<bpmn:multiInstanceLoopCharacteristics ${attributes}>${inner}</bpmn:multiInstanceLoopCharacteristics>`;
const open = (characteristics: string, variables = {}, more = "", flows = "") =>
  TestCase.open(
    bpmn(
      [startEvent(), userTask("sign", "", characteristics), more, userTask("after"), endEvent()].join(""),
      `start -> sign -> after -> end\n${flows}`,
      {
        root: '<bpmn:signal id="s" name="signed"/><bpmn:escalation id="x" escalationCode="X"/>',
      },
    ),
    variables,
  );
const times = (count: string) => `<bpmn:loopCardinality>${count}</bpmn:loopCardinality>`;
const body = (test: TestCase) =>
  Object.values(test.running.state.scopes).find(({ kind }) => kind === "multiInstance")?.variables;

describe("the number of instances", () => {
  it.each(["1001", "1.5", '"two"', "0 - 1"])("cannot be %s", async (count) => {
    const test = await open(loop("", times(count)));
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "MULTI_INSTANCE_INVALID" });
    expect(test.tasks).toEqual([]);
  });

  it("may be a thousand", async () => {
    expect((await open(loop("", times("1000")))).tasks).toHaveLength(1_000);
  });

  it("comes from a collection, which must be a list", async () => {
    const test = await open(loop('jieli:collection="hops"', ""), { hops: "county" });
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "MULTI_INSTANCE_INVALID" });
  });
});

describe("the counters of a loop", () => {
  it("tell instances that run, have completed and were taken away", async () => {
    const test = await open(loop("", times("3")));
    const counters = (active: number, done: number, gone: number) => ({
      numberOfInstances: 3,
      numberOfActiveInstances: active,
      numberOfCompletedInstances: done,
      numberOfTerminatedInstances: gone,
    });
    expect(body(test)).toEqual(counters(3, 0, 0));
    test.complete("sign");
    expect(body(test)).toEqual(counters(2, 1, 0));
    test.running.apply({ type: "moveTokens", cancel: [test.wait("task", "sign").token], start: [], reason: "left" });
    expect(body(test)).toEqual(counters(1, 1, 1));
    expect(test.complete("sign").tasks).toEqual(["after"]);
  });

  it("are seen by the completion condition", async () => {
    const test = await open(
      loop(
        "",
        `${times("3")}<bpmn:completionCondition>numberOfCompletedInstances / numberOfInstances > 0.5</bpmn:completionCondition>`,
      ),
    );
    test.complete("sign");
    expect(test.tasks).toEqual(["sign", "sign"]);
    expect(test.complete("sign").tasks).toEqual(["after"]);
  });
});

describe("the data of a loop", () => {
  it("gives each instance its item under the name that the loop says, and no name where it says none", async () => {
    const named = await open(loop('isSequential="true" jieli:collection="hops" jieli:elementVariable="hop"', ""), {
      hops: ["a", "b"],
    });
    expect(named.running.variablesAt(named.wait("task", "sign"))).toMatchObject({ hop: "a", loopCounter: 1 });
    const nameless = await open(loop('isSequential="true" jieli:collection="hops"', ""), { hops: ["a"] });
    expect(Object.keys(nameless.running.variablesAt(nameless.wait("task", "sign"))).sort()).toEqual([
      "hops",
      "loopCounter",
      "numberOfActiveInstances",
      "numberOfCompletedInstances",
      "numberOfInstances",
      "numberOfTerminatedInstances",
    ]);
    const counted = await open(loop('jieli:elementVariable="hop"', times("1")));
    expect(counted.running.variablesAt(counted.wait("task", "sign"))).not.toHaveProperty("hop");
  });

  it("keeps outputs to itself where no collection is named", async () => {
    const test = await open(loop('jieli:outputElement="1 + 1"', times("1")));
    test.complete("sign");
    expect(test.running.variables).toEqual({});
  });
});

describe("what a loop throws as its instances complete", () => {
  const thrown = (behaviour: string, events: string) => loop(`behavior="${behaviour}" ${events}`, times("3"));
  const signals = (test: TestCase) => test.trace("signal.thrown").length;

  it.each([
    ["None", 'noneBehaviorEventRef="sd"', [1, 2, 3]],
    ["One", 'oneBehaviorEventRef="sd"', [1, 1, 1]],
    ["All", "", [0, 0, 0]],
  ])("follows its behaviour %s", async (behaviour, attribute, counts) => {
    const root = '<bpmn:signal id="s" name="signed"/><bpmn:signalEventDefinition id="sd" signalRef="s"/>';
    const test = await TestCase.open(
      bpmn(
        [startEvent(), userTask("sign", "", thrown(behaviour, attribute)), userTask("after"), endEvent()].join(""),
        "start -> sign -> after -> end",
        { root },
      ),
    );
    expect([0, 1, 2].map(() => signals(test.complete("sign")))).toEqual(counts);
    expect(test.tasks).toEqual(["after"]);
  });

  it("may end it, when an interrupting event catches what it threw", async () => {
    const root =
      '<bpmn:escalation id="x" escalationCode="X"/><bpmn:escalationEventDefinition id="xd" escalationRef="x"/>';
    const boundary =
      '<bpmn:boundaryEvent id="told" attachedToRef="sign"><bpmn:escalationEventDefinition id="td" escalationRef="x"/></bpmn:boundaryEvent>';
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          userTask("sign", "", thrown("One", 'oneBehaviorEventRef="xd"')),
          boundary,
          userTask("early"),
          userTask("after"),
          endEvent(),
        ].join(""),
        "start -> sign -> after -> end; told -> early -> end",
        { root },
      ),
    );
    expect(test.complete("sign").tasks).toEqual(["early"]);
    expect(test.complete("early").running.status).toBe("completed");
  });
});
