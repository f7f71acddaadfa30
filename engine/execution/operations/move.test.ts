import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, gateway, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

const takeAway = (test: TestCase, element: string) =>
  test.running.apply({
    type: "moveTokens",
    cancel: [test.wait("task", element).token],
    start: [],
    reason: "taken away",
  });

describe("taking the last token away", () => {
  it("out of a called process cancels the call", async () => {
    const called = `<bpmn:process id="q" isExecutable="true">${startEvent("qs")}${userTask("inner")}${endEvent("qe")}${flowXml("qs -> inner -> qe").xml}</bpmn:process>`;
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("parallel", "f"),
          '<bpmn:callActivity id="call" calledElement="q"/>',
          userTask("beside"),
          endEvent(),
        ].join(""),
        "start -> f; f -> call -> end; f -> beside -> end",
        { more: called },
      ),
    );
    takeAway(test, "inner");
    expect(test.tasks).toEqual(["beside"]);
    expect(test.trace("element.cancelled")).toEqual(["element.cancelled inner", "element.cancelled call"]);
    expect(Object.values(test.running.state.scopes).map(({ kind }) => kind)).toEqual(["process"]);
  });
});
