import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

describe("a parallel join", () => {
  it("does not take two tokens of one flow for two branches", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("parallel", "f"),
          userTask("a"),
          userTask("b"),
          gateway("exclusive", "m"),
          userTask("c"),
          gateway("exclusive", "x"),
          gateway("parallel", "j"),
          userTask("after"),
          endEvent(),
          endEvent("away"),
        ].join(""),
        "start -> f; f -> a -> m; f -> b -> m; m -> j; f -> c -> x; x -> j if stay; x -> away default; j -> after -> end",
      ),
      { stay: false },
    );
    test.complete("a").complete("b").complete("c");
    expect(test.tasks).toEqual([]);
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "JOIN_NEVER_COMPLETES", element: "j" });
  });
});

describe("an inclusive join", () => {
  it("waits for an activity that can reach it by its boundary event alone", async () => {
    const boundary =
      '<bpmn:boundaryEvent id="asked" attachedToRef="h"><bpmn:messageEventDefinition id="ad" messageRef="m"/></bpmn:boundaryEvent>';
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("parallel", "f"),
          userTask("a"),
          userTask("h"),
          boundary,
          gateway("inclusive", "j"),
          userTask("after"),
          endEvent(),
          endEvent("e2"),
        ].join(""),
        "start -> f; f -> a -> j; f -> h -> e2; asked -> j; j -> after -> end",
        { root: '<bpmn:message id="m" name="go"/>' },
      ),
    );
    expect(test.complete("a").tasks).toEqual(["h"]);
    expect(test.complete("h").tasks).toEqual(["after"]);
  });

  it("does not wait for a token that could also come by a way on which one has come", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("parallel", "f"),
          gateway("exclusive", "m"),
          userTask("a"),
          userTask("b"),
          gateway("exclusive", "x"),
          gateway("inclusive", "j"),
          userTask("after"),
          endEvent(),
        ].join(""),
        "start -> f; f -> m -> a -> j; f -> b -> x; x -> j default; x -> m if again; j -> after -> end",
      ),
      { again: false },
    );
    expect(test.complete("a").tasks).toEqual(["after", "b"]);
    expect(test.complete("b").tasks).toEqual(["after", "after"]);
  });

  it("takes one token of each flow, and leaves a second one for the next time", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("parallel", "f"),
          userTask("a"),
          userTask("b"),
          gateway("exclusive", "m"),
          userTask("c"),
          gateway("inclusive", "j"),
          userTask("after"),
          endEvent(),
        ].join(""),
        "start -> f; f -> a -> m; f -> b -> m; m -> j; f -> c -> j; j -> after -> end",
      ),
    );
    test.complete("a").complete("b");
    expect(test.tasks).toEqual(["c"]);
    expect(test.complete("c").tasks).toEqual(["after", "after"]);
  });
});

describe("a complex gateway", () => {
  const complex = (condition: string) =>
    `<bpmn:complexGateway id="j"><bpmn:activationCondition xsi:type="bpmn:tFormalExpression">${condition}</bpmn:activationCondition></bpmn:complexGateway>`;
  const open = (condition: string, variables = {}) =>
    TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("exclusive", "m"),
          gateway("parallel", "f"),
          userTask("a"),
          userTask("b"),
          userTask("c"),
          complex(condition),
          userTask("after"),
          gateway("exclusive", "x"),
          endEvent(),
        ].join(""),
        "start -> m -> f; f -> a -> j; f -> b -> j; f -> c -> j; j -> after -> x; x -> end default; x -> m if again",
      ),
      { again: false, ...variables },
    );

  it("goes on when enough have come, swallows the rest, and begins anew in the next round", async () => {
    const test = await open("activationCount = 2");
    expect(test.complete("a").tasks).toEqual(["b", "c"]);
    expect(test.complete("b").tasks).toEqual(["after", "c"]);
    expect(test.complete("c").tasks).toEqual(["after"]);
    test.complete("after", null, { again: true });
    expect(test.tasks).toEqual(["a", "b", "c"]);
    expect(test.complete("c").tasks).toEqual(["a", "b"]);
    expect(test.complete("a").tasks).toEqual(["after", "b"]);
    test.complete("b").complete("after", null, { again: false });
    expect(test.running.status).toBe("completed");
  });

  it("that took all of them has nothing to wait for", async () => {
    const test = await open("activationCount = 3");
    test.complete("a").complete("b").complete("c");
    expect(Object.values(test.running.state.scopes)).not.toContainEqual(
      expect.objectContaining({ resetting: expect.anything() }),
    );
    test.complete("after", null, { again: true });
    test.complete("a").complete("b");
    expect(test.tasks).toEqual(["c"]);
    expect(test.complete("c").tasks).toEqual(["after"]);
  });

  it("may ask by which flows they have come", async () => {
    const test = await open("a_j >= 1 and c_j >= 1");
    expect(test.complete("a").complete("b").tasks).toEqual(["c"]);
    expect(test.complete("c").tasks).toEqual(["after"]);
    expect(test.complete("after").running.status).toBe("completed");
  });

  it("stays an incident when its condition cannot be worked out, and goes on when it is retried", async () => {
    const test = await open("activationCount = needed");
    test.complete("a");
    expect(test.events.at(-1)).toMatchObject({
      type: "incident.raised",
      element: "j",
      code: "EXPRESSION_DATA_MISSING",
    });
  });
});

describe("an event-based gateway", () => {
  it("waits for receive tasks and events alike, and follows the one that comes", async () => {
    const timer =
      '<bpmn:intermediateCatchEvent id="e"><bpmn:timerEventDefinition id="ed"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>';
    const file = bpmn(
      [
        startEvent(),
        gateway("eventBased", "g"),
        timer,
        '<bpmn:receiveTask id="r" messageRef="m"/>',
        userTask("a"),
        userTask("b"),
        endEvent(),
      ].join(""),
      "start -> g; g -> e -> a -> end; g -> r -> b -> end",
      { root: '<bpmn:message id="m" name="go"/>' },
    );
    const late = await TestCase.open(file);
    late.running.advance("P1D");
    expect([late.tasks, late.waits("message")]).toEqual([["a"], []]);
    const answered = await TestCase.open(file);
    answered.running.apply({ type: "correlateMessage", name: "go", correlationKey: null, wait: null, variables: {} });
    expect([answered.tasks, answered.waits("timer")]).toEqual([["b"], []]);
    expect(answered.trace("element.entered", "element.completed").slice(-4)).toEqual([
      "element.completed g",
      "element.entered r",
      "element.completed r",
      "element.entered b",
    ]);
  });
});
