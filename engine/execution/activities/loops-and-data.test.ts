import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

const looped = (attributes: string, condition: string) =>
  userTask(
    "a",
    "",
    `<bpmn:standardLoopCharacteristics ${attributes}>${condition && `<bpmn:loopCondition>${condition}</bpmn:loopCondition>`}</bpmn:standardLoopCharacteristics>`,
  );
const open = async (loop: string, variables = {}) =>
  TestCase.open(bpmn([startEvent(), loop, endEvent()].join(""), "start -> a -> end"), variables);

describe("standard loop", () => {
  it("looks at its condition after each round", async () => {
    const test = await open(looped("", "again"), { again: true });
    test.complete("a").complete("a", null, { again: false });
    expect(test.running.status).toBe("completed");
  });

  it("looks at its condition before the first round when it tests before", async () => {
    expect((await open(looped('testBefore="true"', "again"), { again: false })).running.status).toBe("completed");
    const test = await open(looped('testBefore="true"', "loopCounter &lt; 2"));
    test.complete("a").complete("a");
    expect(test.running.status).toBe("completed");
  });

  it("stops at its maximum", async () => {
    const test = await open(looped('loopMaximum="2"', "true"));
    test.complete("a").complete("a");
    expect(test.running.status).toBe("completed");
  });
});

describe("outputs of an activity that runs several times", () => {
  const out = (source: string, target: string) =>
    `<bpmn:extensionElements><jieli:out source="${source}" target="${target}"/></bpmn:extensionElements>`;

  it("are written once for each round, and not once more for all", async () => {
    const loop = userTask("a", "", `${out("n + 1", "n")}<bpmn:standardLoopCharacteristics loopMaximum="2"/>`);
    const test = await open(loop, { n: 0 });
    test.complete("a").complete("a");
    expect(test.running.variables).toEqual({ n: 2 });
  });

  it("are those of the last called process, whatever the caller has by the same name", async () => {
    const call = `<bpmn:callActivity id="a" calledElement="q">${out("outcome", "relayed")}<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>2</bpmn:loopCardinality><bpmn:completionCondition>relayed = "return"</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>`;
    const called = `<bpmn:process id="q" isExecutable="true">${startEvent("qs")}${userTask("hop", 'jieli:outcomes="forward return"')}${endEvent("qe")}<bpmn:sequenceFlow id="f1" sourceRef="qs" targetRef="hop"/><bpmn:sequenceFlow id="f2" sourceRef="hop" targetRef="qe"/></bpmn:process>`;
    const xml = bpmn([startEvent(), call, userTask("after"), endEvent()].join(""), "start -> a -> after -> end", {
      more: called,
    });
    const test = await TestCase.open(xml, { outcome: "approve" });
    test.complete("hop", "return");
    expect(test.tasks).toEqual(["after"]);
    expect(test.running.variables).toEqual({ outcome: "approve", relayed: "return" });
  });
});

describe("quantities", () => {
  it("starts an activity when enough tokens have come and sends as many as it says", async () => {
    const test = await TestCase.open(
      bpmn(
        [startEvent(), userTask("a", 'completionQuantity="3"'), userTask("b", 'startQuantity="2"'), endEvent()].join(
          "",
        ),
        "start -> a -> b -> end",
      ),
    );
    test.complete("a");
    expect(test.tasks).toEqual(["b"]);
    expect(test.complete("b").running.status).toBe("incident");
  });

  it.each([
    ["in the order in which the file names them", ["a", "b"]],
    ["in the other order", ["b", "a"]],
  ])("starts when enough tokens have come %s", async (_order, [first = "", second = ""]) => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("parallel", "fork"),
          userTask("a"),
          userTask("b"),
          userTask("both", 'startQuantity="2"'),
          endEvent(),
        ].join(""),
        "start -> fork -> a -> both -> end; fork -> b -> both",
      ),
    );
    test.complete(first).complete(second).complete("both");
    expect(test.running.status).toBe("completed");
  });
});

describe("data of an activity", () => {
  const data = `<bpmn:ioSpecification id="io"><bpmn:dataInput id="di" name="copy"/><bpmn:dataOutput id="do" name="answer"/><bpmn:inputSet id="is"><bpmn:dataInputRefs>di</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet id="os"><bpmn:dataOutputRefs>do</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification><bpmn:dataInputAssociation id="ia"><bpmn:targetRef>di</bpmn:targetRef><bpmn:assignment id="as"><bpmn:from>amount * 2</bpmn:from><bpmn:to>copy</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation><bpmn:dataOutputAssociation id="oa"><bpmn:sourceRef>do</bpmn:sourceRef><bpmn:targetRef>ref</bpmn:targetRef></bpmn:dataOutputAssociation>`;

  it("is filled on entering, seen by the work alone, and copied outward on leaving", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          userTask("a", "", data),
          userTask("b"),
          endEvent(),
          '<bpmn:dataObject id="object" name="result"/><bpmn:dataObjectReference id="ref" dataObjectRef="object"/>',
        ].join(""),
        "start -> a -> b -> end",
      ),
      { amount: 4 },
    );
    expect(test.running.variablesAt(test.wait("task", "a"))).toMatchObject({ copy: 8, answer: null, result: null });
    test.complete("a", null, { answer: "yes", copy: 1 });
    expect(test.running.variables).toEqual({ amount: 4, result: "yes" });
  });
});

describe("ad-hoc sub-process", () => {
  const adHoc = (attributes: string, condition = "") =>
    `<bpmn:adHocSubProcess id="h" ${attributes}>${userTask("a")}${userTask("b")}${condition && `<bpmn:completionCondition>${condition}</bpmn:completionCondition>`}</bpmn:adHocSubProcess>`;
  const start = (test: TestCase, element: string) =>
    test.running.apply({ type: "startActivity", wait: test.wait("adHoc", "h").id, element, variables: {} });
  const openAdHoc = async (attributes: string, condition?: string) =>
    TestCase.open(
      bpmn(
        [startEvent(), adHoc(attributes, condition), userTask("after"), endEvent()].join(""),
        "start -> h -> after -> end",
      ),
      { done: false },
    );

  it("lets people start its activities in any order, any number of times, until they say it is done", async () => {
    const test = await openAdHoc("");
    start(test, "b");
    start(test, "a");
    start(test, "a");
    expect(test.tasks).toEqual(["a", "a", "b"]);
    test.complete("b");
    test.running.apply({ type: "completeAdHoc", wait: test.wait("adHoc", "h").id });
    expect(test.tasks).toEqual(["after"]);
    expect(test.trace("task.cancelled")).toEqual(["task.cancelled a", "task.cancelled a"]);
  });

  it("is done when its condition holds, and lets the rest finish when it says so", async () => {
    const test = await openAdHoc('cancelRemainingInstances="false"', "done");
    start(test, "a");
    start(test, "b");
    test.complete("a", null, { done: true });
    expect(test.tasks).toEqual(["b"]);
    expect(test.waits("adHoc")).toEqual([]);
    expect(test.complete("b").tasks).toEqual(["after"]);
  });

  it("does one activity after another when its ordering is sequential", async () => {
    const test = await openAdHoc('ordering="Sequential"');
    start(test, "a");
    expect(() => start(test, "b")).toThrow(expect.objectContaining({ code: "ACTIVITY_NOT_STARTABLE" }));
    test.complete("a");
    start(test, "b");
    expect(test.tasks).toEqual(["b"]);
    expect(() => start(test, "after")).toThrow(expect.objectContaining({ code: "ACTIVITY_NOT_STARTABLE" }));
  });
});
