import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, gateway, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

const refusal = (code: string) => expect.objectContaining({ name: "CommandError", code });
const choice = bpmn(
  [startEvent(), userTask("a"), gateway("exclusive", "x"), userTask("b"), endEvent()].join(""),
  "start -> a -> x; x -> b if amount > 3; x -> end default; b -> end",
);
const incidentOf = (test: TestCase) =>
  Object.values(test.running.state.tokens).find(({ incident }) => incident !== null);

describe("an incident", () => {
  it("is tried again where it failed, once the data is there", async () => {
    const test = await TestCase.open(choice);
    test.complete("a");
    const token = incidentOf(test)?.id ?? "";
    test.running.apply({ type: "retryIncident", token });
    expect(incidentOf(test)?.incident?.code).toBe("EXPRESSION_DATA_MISSING");
    test.running.apply({ type: "setVariables", scope: null, variables: { amount: 5 } });
    test.running.apply({ type: "retryIncident", token });
    expect(test.tasks).toEqual(["b"]);
    expect(test.events.filter(({ type }) => type === "incident.resolved")).toMatchObject([
      { how: "retried" },
      { how: "retried" },
    ]);
  });

  it("is settled by hand, with the data that the work would have written", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          '<bpmn:scriptTask id="a" scriptFormat="feel" jieli:resultVariable="r"><bpmn:script>missing + 1</bpmn:script></bpmn:scriptTask>',
          userTask("b"),
          endEvent(),
        ].join(""),
        "start -> a -> b -> end",
      ),
    );
    test.running.apply({ type: "resolveIncident", token: incidentOf(test)?.id ?? "", variables: { r: 2 } });
    expect(test.tasks).toEqual(["b"]);
    expect(test.running.variables).toEqual({ r: 2 });
    expect(test.events.find(({ type }) => type === "incident.resolved")).toMatchObject({ element: "a", how: "byHand" });
  });

  it("at a join that never fills is tried again, or led through by hand", async () => {
    const open = async () => {
      const test = await TestCase.open(
        bpmn(
          [
            startEvent(),
            gateway("parallel", "f"),
            userTask("a"),
            userTask("b"),
            gateway("parallel", "j"),
            userTask("after"),
            endEvent(),
            endEvent("e2"),
          ].join(""),
          "start -> f; f -> a -> j; f -> b -> e2; f -> j; j -> after -> end",
        ).replace(
          '<bpmn:sequenceFlow id="f_j" sourceRef="f" targetRef="j"></bpmn:sequenceFlow>',
          '<bpmn:sequenceFlow id="b_j" sourceRef="b" targetRef="j"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">false</bpmn:conditionExpression></bpmn:sequenceFlow>',
        ),
      );
      return test.complete("a").complete("b");
    };
    const again = await open();
    again.running.apply({ type: "retryIncident", token: incidentOf(again)?.id ?? "" });
    expect(incidentOf(again)?.incident).toMatchObject({ code: "JOIN_NEVER_COMPLETES", phase: "join" });
    const byHand = await open();
    byHand.running.apply({ type: "resolveIncident", token: incidentOf(byHand)?.id ?? "", variables: {} });
    expect(byHand.tasks).toEqual(["after"]);
    expect(byHand.trace("element.entered").slice(-2)).toEqual(["element.entered j", "element.entered after"]);
  });

  it.each(["retryIncident", "resolveIncident"] as const)("that is not there refuses %s", async (type) => {
    const test = await TestCase.open(choice);
    const command = (token: string) => (type === "retryIncident" ? { type, token } : { type, token, variables: {} });
    expect(() => test.running.apply(command("t99"))).toThrow(refusal("INCIDENT_NOT_FOUND"));
    expect(() => test.running.apply(command(test.wait("task", "a").token))).toThrow(refusal("INCIDENT_NOT_FOUND"));
  });

  it("of a condition cannot be settled by hand, but goes on waiting when the data is mended", async () => {
    const condition = `<bpmn:intermediateCatchEvent id="c"><bpmn:conditionalEventDefinition id="cd"><bpmn:condition xsi:type="bpmn:tFormalExpression">ready</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>`;
    const test = await TestCase.open(
      bpmn([startEvent(), condition, userTask("b"), endEvent()].join(""), "start -> c -> b -> end"),
      { ready: 5 },
    );
    const token = incidentOf(test)?.id ?? "";
    expect(incidentOf(test)?.incident?.phase).toBe("condition");
    expect(() => test.running.apply({ type: "resolveIncident", token, variables: {} })).toThrow(
      refusal("INCIDENT_NOT_FOUND"),
    );
    test.running.apply({ type: "setVariables", scope: null, variables: { ready: false } });
    test.running.apply({ type: "retryIncident", token });
    expect(test.waits("condition")).toHaveLength(1);
    test.running.apply({ type: "setVariables", scope: null, variables: { ready: true } });
    expect(test.tasks).toEqual(["b"]);
  });
});

describe("variables set from outside", () => {
  it("go to the scope that is named, and to where a name is declared", async () => {
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics isSequential="true" jieli:collection="list" jieli:elementVariable="item"/>';
    const test = await TestCase.open(
      bpmn([startEvent(), userTask("a", "", loop), endEvent()].join(""), "start -> a -> end"),
      { list: [1, 2] },
    );
    const scope = test.running.state.tokens[test.wait("task", "a").token]?.scope ?? "";
    test.running.apply({ type: "setVariables", scope, variables: { item: 9, note: "n" } });
    expect(test.running.variables).toEqual({ list: [1, 2], note: "n" });
    expect(test.running.variablesAt(test.wait("task", "a"))).toMatchObject({ item: 9, note: "n" });
    expect(() => test.running.apply({ type: "setVariables", scope: "s99", variables: {} })).toThrow(
      refusal("SCOPE_NOT_FOUND"),
    );
  });

  it.each([
    ["a name of JavaScript's own", { toString: 1 }],
    ["an infinite number", { n: Number.POSITIVE_INFINITY }],
    ["a date object", { d: new Date(0) as never }],
    ["a key that reaches for the prototype", JSON.parse('{"o":{"__proto__":1}}') as Record<string, never>],
  ])("are refused for %s", async (_what, variables) => {
    const test = await TestCase.open(choice);
    expect(() => test.running.apply({ type: "setVariables", scope: null, variables })).toThrow(
      refusal("VARIABLE_NOT_JSON"),
    );
  });
});

describe("a case that is cancelled", () => {
  it("drops everything, inner things first, and hears nothing more", async () => {
    const sub = `<bpmn:subProcess id="sub">${startEvent("ss")}${userTask("inner")}${endEvent("se")}${flowXml("ss -> inner -> se").xml}</bpmn:subProcess>`;
    const test = await TestCase.open(
      bpmn(
        [startEvent(), gateway("parallel", "f"), sub, userTask("a"), endEvent()].join(""),
        "start -> f; f -> sub -> end; f -> a -> end",
      ),
    );
    test.running.apply({ type: "cancel", reason: "withdrawn" });
    expect(test.trace("element.cancelled", "process.cancelled")).toEqual([
      "element.cancelled inner",
      "element.cancelled sub",
      "element.cancelled a",
      "process.cancelled p",
    ]);
    expect(test.events.at(-1)).toMatchObject({ reason: "withdrawn" });
    expect([test.running.state.tokens, test.running.state.waits, test.running.state.status]).toEqual([
      {},
      {},
      "cancelled",
    ]);
    expect(() => test.running.apply({ type: "suspend", reason: "late" })).toThrow(refusal("INSTANCE_ENDED"));
  });
});

describe("a case that is suspended", () => {
  it("says why, and tells when it goes on", async () => {
    const test = await TestCase.open(choice);
    expect(() => test.running.apply({ type: "resume" })).toThrow(refusal("INSTANCE_NOT_SUSPENDED"));
    test.running.apply({ type: "suspend", reason: "audit" });
    expect(test.events.at(-1)).toMatchObject({ type: "process.suspended", element: "p", reason: "audit" });
    expect(test.running.state.status).toBe("suspended");
    test.running.apply({ type: "resume" });
    expect(test.events.at(-1)).toMatchObject({ type: "process.resumed", element: "p" });
    expect(test.running.state.status).toBe("running");
  });
});

describe("an incident of an activity that has begun", () => {
  const condition = (id: string) =>
    `<bpmn:conditionalEventDefinition id="${id}"><bpmn:condition xsi:type="bpmn:tFormalExpression">ready</bpmn:condition></bpmn:conditionalEventDefinition>`;
  const watched = (host: string, path: string) =>
    bpmn(
      [
        startEvent(),
        host,
        `<bpmn:boundaryEvent id="c" attachedToRef="a" cancelActivity="false">${condition("cd")}</bpmn:boundaryEvent>`,
        userTask("told"),
        endEvent(),
        endEvent("te"),
      ].join(""),
      `${path}; c -> told -> te`,
    );
  const sub = `<bpmn:subProcess id="a">${startEvent("as")}${userTask("inner")}${endEvent("ae")}${flowXml("as -> inner -> ae").xml}</bpmn:subProcess>`;
  const listener = `<bpmn:subProcess id="l" triggeredByEvent="true"><bpmn:startEvent id="ls" isInterrupting="false">${condition("ld")}</bpmn:startEvent>${userTask("heard")}${endEvent("le")}${flowXml("ls -> heard -> le").xml}</bpmn:subProcess>`;

  it.each([
    ["a task", watched(userTask("a"), "start -> a -> end"), "waiting", ["a", "told"]],
    ["a sub-process", watched(sub, "start -> a -> end"), "hosting", ["inner", "told"]],
    [
      "an event sub-process",
      bpmn([startEvent(), userTask("a"), listener, endEvent()].join(""), "start -> a -> end"),
      "armed",
      ["a", "heard"],
    ],
  ])("at %s leaves it as it was once the condition can be worked out", async (_what, file, at, tasks) => {
    const test = await TestCase.open(file, { ready: 5 });
    const { id } = incidentOf(test) ?? { id: "" };
    test.running.apply({ type: "setVariables", scope: null, variables: { ready: false } });
    test.running.apply({ type: "retryIncident", token: id });
    expect(test.running.state.tokens[id]).toMatchObject({ at, incident: null });
    test.running.apply({ type: "setVariables", scope: null, variables: { ready: true } });
    expect(test.tasks).toEqual(tasks);
  });
});
