import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

describe("a suspended case", () => {
  const file = bpmn(
    [
      startEvent(),
      userTask("a"),
      userTask("b"),
      gateway("parallel", "f"),
      userTask("c"),
      userTask("d"),
      endEvent(),
    ].join(""),
    "start -> a -> b -> f; f -> c -> end; f -> d -> end",
  );

  it("may be moved, and goes on from there when it resumes", async () => {
    const test = await TestCase.open(file);
    test.running.apply({ type: "suspend", reason: "audit" });
    const token = test.wait("task", "a").token;
    test.running.apply({
      type: "moveTokens",
      cancel: [token],
      start: [
        { element: "f", scope: null },
        { element: "b", scope: null },
      ],
      reason: "led round",
    });
    expect(test.tasks).toEqual([]);
    test.running.apply({ type: "resume" });
    expect(test.tasks).toEqual(["b", "c", "d"]);
    expect(test.trace("task.created").slice(1)).toEqual(["task.created b", "task.created c", "task.created d"]);
  });
});
