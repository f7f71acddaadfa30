import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";
import type { Command } from "../commands.ts";

const refusal = (code: string) => expect.objectContaining({ name: "CommandError", code });
const error = '<bpmn:error id="er" errorCode="E"/>';
const caught = (host: string) =>
  `<bpmn:boundaryEvent id="caught" attachedToRef="${host}"><bpmn:errorEventDefinition id="cd" errorRef="er"/></bpmn:boundaryEvent>${userTask("repair")}${endEvent("re")}`;

describe("a user task", () => {
  const asked = (inner = "") =>
    bpmn(
      [startEvent(), userTask("a", 'jieli:outcomes="yes,no"', inner), userTask("b"), endEvent()].join(""),
      "start -> a -> b -> end",
    );

  it.each([null, "maybe"])("is completed with one of its outcomes, not with %s", async (outcome) => {
    const test = await TestCase.open(asked());
    expect(() => test.complete("a", outcome)).toThrow(refusal("OUTCOME_NOT_ALLOWED"));
    expect(test.tasks).toEqual(["a"]);
  });

  it("writes its outcome and what comes with it to the case", async () => {
    const test = await TestCase.open(asked());
    test.complete("a", "yes", { note: "fine" });
    expect(test.running.variables).toEqual({ note: "fine", outcome: "yes" });
    expect(test.events.find(({ type }) => type === "task.completed")).toMatchObject({ element: "a", outcome: "yes" });
    expect(test.events.some(({ type }) => type === "task.cancelled")).toBe(false);
  });

  it("keeps the outcome of each of several signers with the signer", async () => {
    const loop = `<bpmn:multiInstanceLoopCharacteristics isSequential="true" jieli:outputCollection="answers" jieli:outputElement="outcome"><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>`;
    const test = await TestCase.open(asked(loop));
    test.complete("a", "yes").complete("a", "no");
    expect(test.running.variables).toEqual({ answers: ["yes", "no"] });
  });

  it("takes any outcome where it names none", async () => {
    const test = await TestCase.open(bpmn([startEvent(), userTask("a"), endEvent()].join(""), "start -> a -> end"));
    expect(test.complete("a", "done").running.status).toBe("completed");
  });
});

describe("a job", () => {
  const file = (inner = "", flows = "") =>
    bpmn(
      [startEvent(), '<bpmn:serviceTask id="a" jieli:topic="t"/>', inner, userTask("b"), endEvent()].join(""),
      `start -> a -> b -> end\n${flows}`,
      { root: error },
    );
  const jobOf = (test: TestCase) => test.wait("job", "a").id;
  const failed = (test: TestCase, errorCode: string | null): Command => ({
    type: "failJob",
    wait: jobOf(test),
    errorCode,
    message: "no answer",
    variables: { tried: 1 },
  });

  it("writes its result and lets the case go on", async () => {
    const test = await TestCase.open(file());
    test.running.apply({ type: "completeJob", wait: jobOf(test), variables: { result: 3 } });
    expect(test.tasks).toEqual(["b"]);
    expect(test.running.variables).toEqual({ result: 3 });
    expect(test.trace("job.created", "job.completed", "job.cancelled")).toEqual(["job.created a", "job.completed a"]);
  });

  it("that fails is an incident, and opens anew when it is tried again", async () => {
    const test = await TestCase.open(file());
    const { token } = test.wait("job", "a");
    test.running.apply(failed(test, null));
    expect(test.running.state.tokens[token]?.incident).toEqual({
      code: "JOB_FAILED",
      message: "no answer",
      phase: "work",
    });
    expect(test.events.find(({ type }) => type === "job.failed")).toMatchObject({
      errorCode: null,
      message: "no answer",
    });
    expect(test.waits("job")).toEqual([]);
    test.running.apply({ type: "retryIncident", token });
    expect(test.waits("job").map(({ element }) => element)).toEqual(["a"]);
  });

  it("whose error is caught is left by the event that catches it, with the data that came", async () => {
    const test = await TestCase.open(file(caught("a"), "caught -> repair -> re"));
    test.running.apply(failed(test, "E"));
    expect(test.tasks).toEqual(["repair"]);
    expect(test.running.variables).toEqual({ tried: 1 });
    expect(test.events.find(({ type }) => type === "error.thrown")).toMatchObject({ code: "E", caught: true });
  });

  it("whose error nothing catches is an incident", async () => {
    const test = await TestCase.open(file(caught("a"), "caught -> repair -> re"));
    test.running.apply(failed(test, "F"));
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "ERROR_UNCAUGHT" });
    expect(test.events.find(({ type }) => type === "error.thrown")).toMatchObject({ code: "F", caught: false });
  });
});

describe("an error thrown by whoever does the work", () => {
  it("at a task is caught there, and the task is cancelled", async () => {
    const test = await TestCase.open(
      bpmn(
        [startEvent(), userTask("a"), caught("a"), endEvent()].join(""),
        "start -> a -> end; caught -> repair -> re",
        {
          root: error,
        },
      ),
    );
    const { id } = test.wait("task", "a");
    test.running.apply({ type: "throwError", wait: id, errorCode: "E", variables: { why: "gone" } });
    expect(test.tasks).toEqual(["repair"]);
    expect(test.running.variables).toEqual({ why: "gone" });
    expect(test.trace("task.completed", "task.cancelled")).toEqual(["task.cancelled a"]);
  });

  it("is refused at a wait of another type", async () => {
    const test = await TestCase.open(
      bpmn([startEvent(), '<bpmn:receiveTask id="a" messageRef="m"/>', endEvent()].join(""), "start -> a -> end", {
        root: '<bpmn:message id="m" name="go"/>',
      }),
    );
    const { id } = test.wait("message", "a");
    const thrown: Command = { type: "throwError", wait: id, errorCode: "E", variables: {} };
    expect(() => test.running.apply(thrown)).toThrow(refusal("WAIT_OF_OTHER_TYPE"));
  });
});

describe("a command that names a wait", () => {
  const file = bpmn([startEvent(), userTask("a"), endEvent()].join(""), "start -> a -> end");
  const commands = (wait: string): readonly Command[] => [
    { type: "completeTask", wait, outcome: null, variables: {} },
    { type: "completeJob", wait, variables: {} },
    { type: "failJob", wait, errorCode: null, message: "m", variables: {} },
    { type: "fireTimer", wait },
    { type: "startActivity", wait, element: "a", variables: {} },
    { type: "completeAdHoc", wait },
  ];

  it("is refused when there is no such wait", async () => {
    const test = await TestCase.open(file);
    for (const command of commands("w99")) expect(() => test.running.apply(command)).toThrow(refusal("WAIT_NOT_FOUND"));
  });

  it("is refused when the wait is of another type", async () => {
    const test = await TestCase.open(file);
    const others = commands(test.wait("task", "a").id).filter(({ type }) => type !== "completeTask");
    for (const command of others) expect(() => test.running.apply(command)).toThrow(refusal("WAIT_OF_OTHER_TYPE"));
    expect(test.tasks).toEqual(["a"]);
  });
});

describe("an ad-hoc sub-process", () => {
  const adHoc = (attributes: string) =>
    `<bpmn:adHocSubProcess id="h" ${attributes}>${userTask("a")}${userTask("b")}${flowXml("a -> b").xml}</bpmn:adHocSubProcess>`;
  const open = (attributes = "") =>
    TestCase.open(
      bpmn([startEvent(), adHoc(attributes), userTask("after"), endEvent()].join(""), "start -> h -> after -> end"),
    );
  const begin = (test: TestCase, element: string) =>
    test.running.apply({
      type: "startActivity",
      wait: test.wait("adHoc", "h").id,
      element,
      variables: { by: element },
    });

  it("offers what nothing leads to, and starts nothing else", async () => {
    const test = await open();
    expect(test.events.find(({ type }) => type === "adHoc.opened")).toMatchObject({ activities: ["a"] });
    expect(() => begin(test, "b")).toThrow(refusal("ACTIVITY_NOT_STARTABLE"));
    begin(test, "a");
    expect(test.running.variables).toEqual({ by: "a" });
    expect(test.complete("a").tasks).toEqual(["b"]);
  });

  it("does one after another where it says so", async () => {
    const test = await open('ordering="Sequential"');
    begin(test, "a");
    expect(() => begin(test, "a")).toThrow(refusal("ACTIVITY_NOT_STARTABLE"));
    test.complete("a").complete("b");
    begin(test, "a");
    expect(test.tasks).toEqual(["a"]);
  });

  it("that is said to be done cancels what still runs", async () => {
    const test = await open();
    begin(test, "a");
    test.running.apply({ type: "completeAdHoc", wait: test.wait("adHoc", "h").id });
    expect(test.tasks).toEqual(["after"]);
    expect(test.trace("adHoc.closed", "task.cancelled", "element.cancelled")).toEqual([
      "adHoc.closed h",
      "task.cancelled a",
      "element.cancelled a",
    ]);
  });

  it("that is said to be done lets what still runs finish where it says so", async () => {
    const test = await open('cancelRemainingInstances="false"');
    begin(test, "a");
    test.running.apply({ type: "completeAdHoc", wait: test.wait("adHoc", "h").id });
    expect(test.tasks).toEqual(["a"]);
    expect(test.complete("a").complete("b").tasks).toEqual(["after"]);
  });
});
