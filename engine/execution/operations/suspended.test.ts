import { describe, expect, it } from "vitest";
import {
  bpmn,
  endEvent,
  flowXml,
  gateway,
  startEvent,
  TestCase,
  testNow,
  userTask,
} from "../../../test/support/bpmn.ts";
import { compileDefinitions } from "../../model/compile.ts";
import type { Command } from "../commands.ts";
import { feel } from "../evaluator.ts";
import { Session, step } from "../step.ts";

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

  it("goes on in one order, kept in memory or read again after each command", async () => {
    const loop =
      "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>1</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>";
    const sub = `<bpmn:subProcess id="sub">${startEvent("ss")}${userTask("inner", "", loop)}${endEvent("se")}${flowXml("ss -> inner -> se").xml}</bpmn:subProcess>`;
    const { processes } = await compileDefinitions(
      bpmn([startEvent(), sub, endEvent()].join(""), "start -> sub -> end"),
    );
    const [model] = processes;
    if (!model) throw new Error("no process");
    const context = { now: testNow, route: null, calledProcess: () => null, evaluator: feel };
    const begin: Command = { type: "start", startEvent: null, variables: {} };
    const session = new Session(model, null, context);
    session.apply(begin, context);
    let { state } = step(model, null, begin, context);
    const instance = Object.values(state.waits)[0]?.token ?? "";
    const move = (cancel: readonly string[], start: readonly string[]): Command => ({
      type: "moveTokens",
      cancel,
      start: start.map((element) => ({ element, scope: null })),
      reason: "led round",
    });
    // The older token, that of the loop, can go on only after the younger one.
    for (const command of [
      { type: "suspend", reason: "audit" },
      move([], ["inner"]),
      move([instance], []),
      { type: "resume" },
    ] as const) {
      const kept = session.apply(command, context);
      const read = step(model, state, command, context);
      expect(kept).toEqual(read.events);
      ({ state } = read);
    }
  });
});
