import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, gateway, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

const root = `<bpmn:message id="m" name="urge"/><bpmn:error id="e" errorCode="E"/><bpmn:escalation id="c" escalationCode="C"/><bpmn:signal id="s" name="alarm"/>`;

const handler = (definition: string, interrupting: boolean, id = "handler") =>
  `<bpmn:subProcess id="${id}" triggeredByEvent="true"><bpmn:startEvent id="${id}_start" isInterrupting="${interrupting}">${definition}</bpmn:startEvent>${userTask(`${id}_task`)}${endEvent(`${id}_end`)}${flowXml(`${id}_start -> ${id}_task -> ${id}_end`).xml}</bpmn:subProcess>`;

const message = '<bpmn:messageEventDefinition id="d" messageRef="m"/>';
const open = async (definition: string, interrupting: boolean, variables = {}) =>
  TestCase.open(
    bpmn(
      [
        startEvent(),
        userTask("a"),
        userTask("b"),
        gateway("parallel", "fork"),
        endEvent(),
        handler(definition, interrupting),
      ].join(""),
      "start -> fork -> a -> end; fork -> b -> end",
      { root },
    ),
    variables,
  );
const send = (test: TestCase) =>
  test.running.apply({ type: "correlateMessage", name: "urge", correlationKey: null, wait: null, variables: { n: 1 } });

describe("event sub-process", () => {
  it("interrupts everything in its scope, and the scope ends after it", async () => {
    const test = await open(message, true);
    send(test);
    expect(test.tasks).toEqual(["handler_task"]);
    expect(test.trace("task.cancelled")).toEqual(["task.cancelled a", "task.cancelled b"]);
    expect(() => send(test)).toThrow(expect.objectContaining({ code: "NO_SUBSCRIPTION" }));
    test.complete("handler_task");
    expect(test.running.status).toBe("completed");
    expect(test.running.variables).toEqual({ n: 1 });
  });

  it("runs beside the rest any number of times when it does not interrupt", async () => {
    const test = await open(message, false);
    send(test);
    send(test);
    expect(test.tasks).toEqual(["a", "b", "handler_task", "handler_task"]);
    test.complete("a").complete("b").complete("handler_task");
    expect(test.running.status).toBe("running");
    test.complete("handler_task");
    expect(test.running.status).toBe("completed");
    expect(test.running.waits).toEqual([]);
  });

  it("does not keep its scope alive while it waits", async () => {
    const test = await open(message, true);
    test.complete("a").complete("b");
    expect(test.running.status).toBe("completed");
    expect(test.trace("subscription.closed")).toEqual(["subscription.closed handler_start"]);
  });

  it("starts by a timer of its own scope", async () => {
    const timer =
      '<bpmn:timerEventDefinition id="d"><bpmn:timeDuration>PT2H</bpmn:timeDuration></bpmn:timerEventDefinition>';
    const test = await open(timer, false);
    test.running.advance("PT2H");
    expect(test.tasks).toEqual(["a", "b", "handler_task"]);
  });

  it("starts when its condition becomes true, and again only after it was false", async () => {
    const condition =
      '<bpmn:conditionalEventDefinition id="d"><bpmn:condition>amount > 5</bpmn:condition></bpmn:conditionalEventDefinition>';
    const test = await open(condition, false);
    const set = (amount: number) => test.running.apply({ type: "setVariables", scope: null, variables: { amount } });
    set(3);
    expect(test.tasks).toEqual(["a", "b"]);
    set(6);
    set(7);
    expect(test.tasks).toEqual(["a", "b", "handler_task"]);
    set(1);
    set(8);
    expect(test.tasks).toEqual(["a", "b", "handler_task", "handler_task"]);
  });

  it("catches an error before the boundary event of its sub-process does", async () => {
    const inner = `<bpmn:subProcess id="sub">${startEvent("s2")}<bpmn:endEvent id="thrown"><bpmn:errorEventDefinition id="t" errorRef="e"/></bpmn:endEvent>${flowXml("s2 -> thrown").xml}${handler('<bpmn:errorEventDefinition id="d" errorRef="e"/>', true)}</bpmn:subProcess><bpmn:boundaryEvent id="outer" attachedToRef="sub"><bpmn:errorEventDefinition id="o"/></bpmn:boundaryEvent>`;
    const test = await TestCase.open(
      bpmn(
        [startEvent(), inner, userTask("after"), userTask("caught"), endEvent()].join(""),
        "start -> sub -> after -> end; outer -> caught -> end",
        { root },
      ),
    );
    expect(test.tasks).toEqual(["handler_task"]);
    expect(test.complete("handler_task").tasks).toEqual(["after"]);
  });

  it("hears an escalation from deep inside without stopping the work", async () => {
    const sub = `<bpmn:subProcess id="sub">${startEvent("s2")}<bpmn:intermediateThrowEvent id="up"><bpmn:escalationEventDefinition id="t" escalationRef="c"/></bpmn:intermediateThrowEvent>${userTask("inner")}${endEvent("e2")}${flowXml("s2 -> up -> inner -> e2").xml}</bpmn:subProcess>`;
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          sub,
          endEvent(),
          handler('<bpmn:escalationEventDefinition id="d" escalationRef="c"/>', false),
        ].join(""),
        "start -> sub -> end",
        { root },
      ),
    );
    expect(test.tasks).toEqual(["handler_task", "inner"]);
  });

  it("becomes an incident when its timer cannot be worked out, which a retry arms", async () => {
    const timer =
      '<bpmn:timerEventDefinition id="d"><bpmn:timeDuration>wait</bpmn:timeDuration></bpmn:timerEventDefinition>';
    const test = await open(timer, true);
    expect(test.running.status).toBe("incident");
    test.running.apply({ type: "setVariables", scope: null, variables: { wait: "PT1H" } });
    const token = Object.values(test.running.state.tokens).find(({ at }) => at === "incident")?.id ?? "";
    test.running.apply({ type: "retryIncident", token });
    test.running.advance("PT1H");
    expect(test.tasks).toEqual(["handler_task"]);
  });

  it("that interrupts an ad-hoc sub-process takes away the choice of what to start", async () => {
    const instead = `<bpmn:subProcess id="h" triggeredByEvent="true"><bpmn:startEvent id="hs"><bpmn:messageEventDefinition id="hd" messageRef="m"/></bpmn:startEvent>${userTask("instead")}${endEvent("he")}${flowXml("hs -> instead -> he").xml}</bpmn:subProcess>`;
    const adHoc = `<bpmn:adHocSubProcess id="free">${userTask("a")}${instead}</bpmn:adHocSubProcess>`;
    const test = await TestCase.open(
      bpmn([startEvent(), adHoc, userTask("after"), endEvent()].join(""), "start -> free -> after -> end", {
        root: '<bpmn:message id="m" name="go"/>',
      }),
    );
    test.running.apply({ type: "startActivity", wait: test.wait("adHoc", "free").id, element: "a", variables: {} });
    test.running.apply({ type: "correlateMessage", name: "go", correlationKey: null, wait: null, variables: {} });
    expect([test.tasks, test.waits("adHoc")]).toEqual([["instead"], []]);
    expect(test.complete("instead").tasks).toEqual(["after"]);
  });
});
