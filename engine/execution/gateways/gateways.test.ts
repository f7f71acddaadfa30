import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, TestCase, timerBoundary, userTask } from "../../../test/support/bpmn.ts";

describe("exclusive gateway", () => {
  const file = bpmn(
    [startEvent(), gateway("exclusive", "x"), userTask("a"), userTask("b"), userTask("c"), endEvent()].join(""),
    `start -> x
     x -> a if amount > 10
     x -> b if amount > 5
     x -> c default
     a -> end; b -> end; c -> end`,
  );

  it.each([
    [20, "a"],
    [7, "b"],
    [1, "c"],
  ])("takes the first flow whose condition holds, else the default (%i → %s)", async (amount, task) => {
    expect((await TestCase.open(file, { amount })).tasks).toEqual([task]);
  });

  it("raises an incident for an unknown variable instead of taking the default", async () => {
    const test = await TestCase.open(file, {});
    expect(test.running.status).toBe("incident");
    expect(test.events.find((event) => event.type === "incident.raised")).toMatchObject({
      element: "x",
      code: "EXPRESSION_DATA_MISSING",
    });
  });

  it("goes on after the variable was supplied and the incident retried", async () => {
    const test = await TestCase.open(file, {});
    const token = Object.values(test.running.state.tokens)[0]?.id ?? "";
    test.running.apply({ type: "setVariables", scope: null, variables: { amount: 7 } });
    test.running.apply({ type: "retryIncident", token });
    expect(test.tasks).toEqual(["b"]);
  });

  it("raises an incident when nothing can be taken", async () => {
    const noDefault = bpmn(
      [startEvent(), gateway("exclusive", "x"), userTask("a"), userTask("b")].join(""),
      "start -> x; x -> a if n = 1; x -> b if n = 2",
    );
    const test = await TestCase.open(noDefault, { n: 3 });
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "NO_FLOW_TAKEN", element: "x" });
  });
});

describe("parallel gateway", () => {
  const file = bpmn(
    [
      startEvent(),
      gateway("parallel", "fork"),
      userTask("a"),
      userTask("b"),
      gateway("parallel", "join"),
      userTask("c"),
      endEvent(),
    ].join(""),
    "start -> fork -> a -> join; fork -> b -> join; join -> c -> end",
  );

  it("waits for every branch and fires once", async () => {
    const test = await TestCase.open(file);
    expect(test.tasks).toEqual(["a", "b"]);
    expect(test.complete("b").tasks).toEqual(["a"]);
    expect(test.complete("a").tasks).toEqual(["c"]);
    expect(test.complete("c").running.status).toBe("completed");
    expect(test.completed().filter((element) => element === "join")).toHaveLength(1);
  });

  it("tells a join that can never fill as an incident, not as silence", async () => {
    const broken = bpmn(
      [
        startEvent(),
        gateway("exclusive", "x"),
        userTask("a"),
        userTask("b"),
        gateway("parallel", "join"),
        endEvent(),
      ].join(""),
      "start -> x; x -> a if n = 1; x -> b default; a -> join; b -> join; join -> end",
    );
    const test = (await TestCase.open(broken, { n: 1 })).complete("a");
    expect(test.events.at(-1)).toMatchObject({
      type: "incident.raised",
      code: "JOIN_NEVER_COMPLETES",
      element: "join",
    });
  });
});

describe("inclusive gateway", () => {
  const file = bpmn(
    [
      startEvent(),
      gateway("inclusive", "fork"),
      userTask("a"),
      userTask("b"),
      userTask("c"),
      gateway("inclusive", "join"),
      userTask("after"),
      endEvent(),
    ].join(""),
    `start -> fork
     fork -> a if n > 0
     fork -> b if n > 1
     fork -> c default
     a -> join; b -> join; c -> join; join -> after -> end`,
  );

  it.each([
    [0, ["c"]],
    [1, ["a"]],
    [2, ["a", "b"]],
  ])("takes every flow that holds (n = %i) and joins just those", async (n, tasks) => {
    const test = await TestCase.open(file, { n });
    expect(test.tasks).toEqual(tasks);
    for (const task of tasks) test.complete(task);
    expect(test.tasks).toEqual(["after"]);
    expect(test.completed().filter((element) => element === "join")).toHaveLength(1);
  });

  it("waits for a token that can still come by a longer way, also around a loop", async () => {
    const looping = bpmn(
      [
        startEvent(),
        gateway("parallel", "fork"),
        userTask("a"),
        userTask("b"),
        gateway("exclusive", "again"),
        gateway("exclusive", "back"),
        gateway("inclusive", "join"),
        userTask("after"),
        endEvent(),
      ].join(""),
      `start -> fork -> a -> join
       fork -> back -> b -> again
       again -> back if outcome = "repeat"
       again -> join default
       join -> after -> end`,
    );
    const test = (await TestCase.open(looping)).complete("a");
    expect(test.tasks).toEqual(["b"]);
    expect(test.complete("b", "repeat").tasks).toEqual(["b"]);
    expect(test.complete("b", "done").tasks).toEqual(["after"]);
  });

  it("counts the way out of a boundary event among those that can still come", async () => {
    const overdue = bpmn(
      [
        startEvent(),
        gateway("parallel", "fork"),
        userTask("a"),
        userTask("b"),
        timerBoundary("late", "b", "P3D"),
        userTask("chase"),
        gateway("inclusive", "join"),
        userTask("after"),
        endEvent(),
      ].join(""),
      "start -> fork -> a -> join; fork -> b -> join; late -> chase -> join; join -> after -> end",
    );
    const test = (await TestCase.open(overdue)).complete("a");
    expect(test.tasks).toEqual(["b"]);
    test.running.advance("P3D");
    expect(test.tasks).toEqual(["chase"]);
    expect(test.complete("chase").tasks).toEqual(["after"]);
  });
});

describe("event-based gateway", () => {
  const root = `<bpmn:message id="m" name="resubmitted"/>`;
  const file = bpmn(
    `${startEvent()}${gateway("eventBased", "wait")}
     <bpmn:intermediateCatchEvent id="came"><bpmn:messageEventDefinition id="d1" messageRef="m"/></bpmn:intermediateCatchEvent>
     <bpmn:intermediateCatchEvent id="late"><bpmn:timerEventDefinition id="d2"><bpmn:timeDuration>P5D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
     ${userTask("review")}${userTask("close")}${endEvent()}`,
    "start -> wait -> came -> review -> end; wait -> late -> close -> end",
    { root },
  );

  it("goes the way of the event that comes first and drops the others", async () => {
    const byMessage = await TestCase.open(file);
    byMessage.running.apply({
      type: "correlateMessage",
      name: "resubmitted",
      correlationKey: null,
      wait: null,
      variables: { text: "new" },
    });
    expect(byMessage.tasks).toEqual(["review"]);
    expect(byMessage.waits("timer")).toEqual([]);
    expect(byMessage.running.variables).toMatchObject({ text: "new" });

    const byTimer = await TestCase.open(file);
    byTimer.running.advance("P5D");
    expect(byTimer.tasks).toEqual(["close"]);
    expect(byTimer.waits("message")).toEqual([]);
  });
});
