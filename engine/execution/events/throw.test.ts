import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, gateway, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

const root = [
  '<bpmn:error id="e1" errorCode="E"/>',
  '<bpmn:error id="f1" errorCode="F"/>',
  '<bpmn:escalation id="x1" escalationCode="X"/>',
  '<bpmn:message id="m" name="done"/>',
  '<bpmn:signal id="s" name="bell"/>',
].join("");
const boundary = (id: string, host: string, definition: string, attributes = "") =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}" ${attributes}>${definition}</bpmn:boundaryEvent>${userTask(`${id}_task`)}${endEvent(`${id}_end`)}`;
const error = (id: string, ref?: string) => `<bpmn:errorEventDefinition id="${id}" ${ref ? `errorRef="${ref}"` : ""}/>`;
const escalation = (id: string, ref?: string) =>
  `<bpmn:escalationEventDefinition id="${id}" ${ref ? `escalationRef="${ref}"` : ""}/>`;

/** A sub-process whose end throws, with boundary events around it. */
function throwing(end: string, ...boundaries: readonly [string, string, string?][]): string {
  const sub = `<bpmn:subProcess id="sub">${startEvent("ss")}${userTask("work")}<bpmn:endEvent id="stop">${end}</bpmn:endEvent>${flowXml("ss -> work -> stop").xml}</bpmn:subProcess>`;
  const events = boundaries.map(([id, definition, attributes]) => boundary(id, "sub", definition, attributes));
  const flows = boundaries.map(([id]) => `${id} -> ${id}_task -> ${id}_end`);
  return bpmn(
    [startEvent(), sub, ...events, userTask("after"), endEvent()].join(""),
    ["start -> sub -> after -> end", ...flows].join("\n"),
    { root },
  );
}

describe("an error", () => {
  it.each([
    ["by the event that names its code", error("d", "e1"), "named_task"],
    ["by the event that names none, where no other does", error("d", "f1"), "any_task"],
  ])("is caught %s", async (_case, end, task) => {
    const test = await TestCase.open(throwing(end, ["any", error("d1")], ["named", error("d2", "e1")]));
    expect(test.complete("work").tasks).toEqual([task]);
  });

  it("is not caught by an event for something else", async () => {
    const test = await TestCase.open(
      throwing(
        error("d", "e1"),
        ["escalated", escalation("d1"), 'cancelActivity="false"'],
        ["other", error("d2", "f1")],
      ),
    );
    test.complete("work");
    expect(test.events.find(({ type }) => type === "error.thrown")).toMatchObject({
      element: "stop",
      code: "E",
      caught: false,
    });
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "ERROR_UNCAUGHT" });
  });

  it("that is caught says so", async () => {
    const test = await TestCase.open(throwing(error("d", "e1"), ["any", error("d1")]));
    test.complete("work");
    expect(test.events.find(({ type }) => type === "error.thrown")).toMatchObject({ code: "E", caught: true });
  });
});

describe("an escalation", () => {
  it("is told to whoever catches it, while the work goes on", async () => {
    const test = await TestCase.open(
      throwing(escalation("d", "x1"), ["told", escalation("d1", "x1"), 'cancelActivity="false"']),
    );
    expect(test.complete("work").tasks).toEqual(["after", "told_task"]);
    expect(test.events.find(({ type }) => type === "escalation.thrown")).toMatchObject({
      element: "stop",
      code: "X",
      caught: true,
    });
  });

  it("that nobody catches is told all the same", async () => {
    const test = await TestCase.open(throwing(escalation("d", "x1"), ["failed", error("d1")]));
    expect(test.complete("work").tasks).toEqual(["after"]);
    expect(test.events.find(({ type }) => type === "escalation.thrown")).toMatchObject({ code: "X", caught: false });
  });
});

describe("a message", () => {
  const sent = (mapping: string) =>
    bpmn(
      [
        startEvent(),
        `<bpmn:intermediateThrowEvent id="send">${mapping}<bpmn:messageEventDefinition id="d" messageRef="m"/></bpmn:intermediateThrowEvent>`,
        endEvent(),
      ].join(""),
      "start -> send -> end",
      { root },
    );

  it("carries all that its event sees", async () => {
    const test = await TestCase.open(sent(""), { a: 1, b: 2 });
    expect(test.events.find(({ type }) => type === "message.thrown")).toMatchObject({
      element: "send",
      name: "done",
      correlationKey: null,
      variables: { a: 1, b: 2 },
    });
  });

  it("carries what its data associations copy, and nothing else", async () => {
    const data = `<bpmn:dataInput id="di" name="sum"/><bpmn:dataInputAssociation id="ia"><bpmn:targetRef>di</bpmn:targetRef><bpmn:assignment id="as"><bpmn:from>a + b</bpmn:from><bpmn:to>sum</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation><bpmn:inputSet id="is"><bpmn:dataInputRefs>di</bpmn:dataInputRefs></bpmn:inputSet>`;
    const test = await TestCase.open(sent(data), { a: 1, b: 2 });
    expect(test.events.find(({ type }) => type === "message.thrown")).toMatchObject({ variables: { sum: 3 } });
    const thrown = test.events.find((event) => event.type === "message.thrown");
    expect(thrown?.type === "message.thrown" && thrown.variables).toEqual({ sum: 3 });
  });
});

describe("an end event with several definitions", () => {
  it("throws each of them, and ends there even when the first takes its token away", async () => {
    const sub = `<bpmn:subProcess id="sub">${startEvent("ss")}${userTask("work")}<bpmn:endEvent id="stop">${escalation("d", "x1")}<bpmn:signalEventDefinition id="d2" signalRef="s"/></bpmn:endEvent>${flowXml("ss -> work -> stop").xml}</bpmn:subProcess>`;
    const open = (attributes: string) =>
      TestCase.open(
        bpmn(
          [
            startEvent(),
            gateway("parallel", "f"),
            sub,
            boundary("told", "sub", escalation("d3", "x1"), attributes),
            endEvent(),
          ].join(""),
          "start -> f -> sub -> end; told -> told_task -> told_end",
          { root },
        ),
      );
    const ended = (test: TestCase) =>
      test.trace("element.completed", "element.cancelled").filter((text) => text.endsWith(" stop"));
    const interrupted = await open('cancelActivity="true"');
    interrupted.complete("work");
    expect(interrupted.trace("escalation.thrown", "signal.thrown")).toEqual([
      "signal.thrown stop",
      "escalation.thrown stop",
    ]);
    expect(ended(interrupted)).toEqual(["element.cancelled stop"]);
    const beside = await open('cancelActivity="false"');
    beside.complete("work");
    expect(beside.trace("escalation.thrown", "signal.thrown")).toEqual([
      "signal.thrown stop",
      "escalation.thrown stop",
    ]);
    expect(ended(beside)).toEqual(["element.completed stop"]);
  });
});
