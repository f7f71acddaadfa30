import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";
import type { Command } from "../commands.ts";

const refusal = (code: string, element?: string) =>
  expect.objectContaining({ name: "CommandError", code, ...(element ? { element } : {}) });
const root = '<bpmn:message id="m1" name="one"/><bpmn:message id="m2" name="two"/><bpmn:signal id="s" name="bell"/>';
const messageStart = (id: string, ref: string) =>
  `<bpmn:startEvent id="${id}"><bpmn:messageEventDefinition id="${id}_d" messageRef="${ref}"/></bpmn:startEvent>`;

describe("a case starts", () => {
  it("at the event that is named, where there are several", async () => {
    const file = bpmn(
      [messageStart("s1", "m1"), messageStart("s2", "m2"), userTask("a"), userTask("b"), endEvent()].join(""),
      "s1 -> a -> end; s2 -> b -> end",
      { root },
    );
    expect((await TestCase.open(file, {}, { startEvent: "s2" })).tasks).toEqual(["b"]);
    await expect(TestCase.open(file, {}, { startEvent: "a" })).rejects.toThrow(refusal("START_NOT_FOUND", "a"));
  });

  it("but not without a name, where several could be meant", async () => {
    const file = bpmn(
      [messageStart("s1", "m1"), messageStart("s2", "m2"), userTask("a"), endEvent()].join(""),
      "s1 -> a -> end; s2 -> a",
      { root },
    );
    await expect(TestCase.open(file)).rejects.toThrow(refusal("START_NOT_FOUND"));
  });

  it("at a receive task that creates it", async () => {
    const file = bpmn(
      ['<bpmn:receiveTask id="r" messageRef="m1" instantiate="true"/>', userTask("a"), endEvent()].join(""),
      "r -> a -> end",
      { root },
    );
    const test = await TestCase.open(file, { n: 1 }, { startEvent: "r" });
    expect(test.tasks).toEqual(["a"]);
    expect(test.trace("element.entered", "element.completed").slice(0, 2)).toEqual([
      "element.entered r",
      "element.completed r",
    ]);
  });

  it.each([
    ["Exclusive", ["a"], []],
    ["Parallel", ["a"], ["e2"]],
  ])("behind an event-based gateway (%s)", async (type, tasks, awaited) => {
    const catching = (id: string, ref: string) =>
      `<bpmn:intermediateCatchEvent id="${id}"><bpmn:messageEventDefinition id="${id}_d" messageRef="${ref}"/></bpmn:intermediateCatchEvent>`;
    const file = bpmn(
      [
        `<bpmn:eventBasedGateway id="g" instantiate="true" eventGatewayType="${type}"/>`,
        catching("e1", "m1"),
        catching("e2", "m2"),
        userTask("a"),
        userTask("b"),
        endEvent(),
      ].join(""),
      "g -> e1 -> a -> end; g -> e2 -> b -> end",
      { root },
    );
    const test = await TestCase.open(file, {}, { startEvent: "e1" });
    expect(test.tasks).toEqual(tasks);
    expect(test.waits("message").map(({ element }) => element)).toEqual(awaited);
    expect(test.trace("element.entered", "element.completed").slice(0, 4)).toEqual([
      "element.entered g",
      "element.completed g",
      "element.entered e1",
      "element.completed e1",
    ]);
  });

  it("at an event that needs several things, and waits for the others", async () => {
    const file = bpmn(
      [
        '<bpmn:startEvent id="s1" parallelMultiple="true"><bpmn:messageEventDefinition id="d1" messageRef="m1"/><bpmn:messageEventDefinition id="d2" messageRef="m2"/></bpmn:startEvent>',
        userTask("a"),
        endEvent(),
      ].join(""),
      "s1 -> a -> end",
      { root },
    );
    const test = await TestCase.open(file, {}, { startEvent: "s1" });
    expect(test.tasks).toEqual([]);
    expect(test.waits("message").map(({ name }) => name)).toEqual(["two"]);
    test.running.apply({ type: "correlateMessage", name: "two", correlationKey: null, wait: null, variables: {} });
    expect(test.tasks).toEqual(["a"]);
  });

  it("once", async () => {
    const test = await TestCase.open(bpmn([startEvent(), userTask("a"), endEvent()].join(""), "start -> a -> end"));
    expect(() => test.running.start({})).toThrow(refusal("ALREADY_STARTED"));
  });
});

describe("what happens outside", () => {
  const waiting = (key = "") =>
    bpmn(
      [
        startEvent(),
        gateway("parallel", "f"),
        `<bpmn:receiveTask id="r1" messageRef="m1" ${key}/>`,
        `<bpmn:receiveTask id="r2" messageRef="m1" ${key}/>`,
        userTask("a"),
        userTask("b"),
        endEvent(),
      ].join(""),
      "start -> f; f -> r1 -> a -> end; f -> r2 -> b -> end",
      { root },
    );
  const message = (given: Partial<Extract<Command, { type: "correlateMessage" }>>): Command => ({
    type: "correlateMessage",
    name: "one",
    correlationKey: null,
    wait: null,
    variables: {},
    ...given,
  });

  it("reaches the first that waits for the message, or the one that is named", async () => {
    const test = await TestCase.open(waiting());
    const second = test.wait("message", "r2").id;
    test.running.apply(message({ wait: second, variables: { got: 1 } }));
    expect(test.tasks).toEqual(["b"]);
    expect(test.running.variables).toEqual({ got: 1 });
    test.running.apply(message({}));
    expect(test.tasks).toEqual(["a", "b"]);
  });

  it.each([
    ["another name", { name: "two" }],
    ["a wait that is not there", { wait: "w99" }],
  ])("is refused with %s", async (_what, given) => {
    const test = await TestCase.open(waiting());
    expect(() => test.running.apply(message(given))).toThrow(refusal("NO_SUBSCRIPTION"));
  });

  it("is heard by all who wait for the signal, and refused when nobody does", async () => {
    const catching = (id: string) =>
      `<bpmn:intermediateCatchEvent id="${id}"><bpmn:signalEventDefinition id="${id}_d" signalRef="s"/></bpmn:intermediateCatchEvent>`;
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("parallel", "f"),
          catching("c1"),
          catching("c2"),
          userTask("a"),
          userTask("b"),
          endEvent(),
        ].join(""),
        "start -> f; f -> c1 -> a -> end; f -> c2 -> b -> end",
        { root },
      ),
    );
    expect(() => test.running.apply({ type: "broadcastSignal", name: "other", variables: {} })).toThrow(
      refusal("NO_SUBSCRIPTION"),
    );
    test.running.apply({ type: "broadcastSignal", name: "bell", variables: { rung: true } });
    expect(test.tasks).toEqual(["a", "b"]);
    expect(test.running.variables).toEqual({ rung: true });
    expect(() => test.running.apply({ type: "broadcastSignal", name: "bell", variables: {} })).toThrow(
      refusal("NO_SUBSCRIPTION"),
    );
  });
});
