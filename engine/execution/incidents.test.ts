import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, startEvent, TestCase, testNow, userTask } from "../../test/support/bpmn.ts";
import { compileDefinitions } from "../model/compile.ts";
import { RouteError } from "../routing/errors.ts";
import type { Command } from "./commands.ts";
import type { StepContext } from "./context.ts";
import { feel } from "./evaluator.ts";
import type { InstanceState } from "./state.ts";
import { step } from "./step.ts";

const text = { zh: "无人承办", en: "nobody acts" };
const routed = bpmn(
  [startEvent(), userTask("a", 'jieli:role="clerk" jieli:at="holder"'), endEvent()].join(""),
  "start -> a -> end",
);
const failing = (error: Error) => ({
  route: () => {
    throw error;
  },
});
const incidentsOf = (state: InstanceState) => Object.values(state.tokens).flatMap(({ incident }) => incident ?? []);

describe("what fails while a case steps", () => {
  it("is an incident of the case when the route finds nobody", async () => {
    const test = await TestCase.open(routed, {}, failing(new RouteError("POSITION_UNKNOWN", "t", text, text)));
    expect(incidentsOf(test.running.state)).toMatchObject([{ code: "POSITION_UNKNOWN", phase: "enter" }]);
  });

  it("goes on up when it is a defect, and is no incident", async () => {
    const nameless = Object.assign(new Error("a name alone"), { name: "RouteError" });
    const coded = Object.assign(new Error("the disk is full"), { code: "ENOSPC" });
    for (const defect of [new Error("a defect"), nameless, coded])
      await expect(TestCase.open(routed, {}, failing(defect))).rejects.toBe(defect);
  });
});

describe("an incident tried again", () => {
  const modelOf = async (xml: string) => {
    const { processes } = await compileDefinitions(xml);
    if (!processes[0]) throw new Error("no process");
    return processes[0];
  };
  const context: StepContext = { now: testNow, route: null, calledProcess: () => null, evaluator: feel };

  it("enters the element before which the case had gone too far without a wait", async () => {
    const model = await modelOf(bpmn([startEvent(), userTask("a"), endEvent()].join(""), "start -> a -> end"));
    const begin: Command = { type: "start", startEvent: null, variables: {} };
    const { state } = step(model, null, begin, { ...context, budget: 1 });
    expect(incidentsOf(state)).toMatchObject([{ code: "STEP_BUDGET_EXCEEDED", phase: "arrive" }]);
    const [token = ""] = Object.keys(state.tokens);
    const again = step(model, state, { type: "retryIncident", token }, context).state;
    expect(incidentsOf(again)).toEqual([]);
    expect(Object.values(again.waits).map(({ element }) => element)).toEqual(["a"]);
  });

  it("of a condition happens at once when it holds by now", async () => {
    const condition =
      '<bpmn:intermediateCatchEvent id="c"><bpmn:conditionalEventDefinition id="cd"><bpmn:condition xsi:type="bpmn:tFormalExpression">ready</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>';
    const test = await TestCase.open(
      bpmn([startEvent(), condition, userTask("b"), endEvent()].join(""), "start -> c -> b -> end"),
      { ready: 5 },
    );
    const [token = ""] = Object.keys(test.running.state.tokens);
    test.running.apply({ type: "setVariables", scope: null, variables: { ready: true } });
    if (test.tasks.length === 0) test.running.apply({ type: "retryIncident", token });
    expect(test.tasks).toEqual(["b"]);
  });

  it("of an arming cannot be settled by hand, but is armed once the data is there", async () => {
    const listener = `<bpmn:subProcess id="l" triggeredByEvent="true"><bpmn:startEvent id="ls" isInterrupting="false"><bpmn:timerEventDefinition id="ld"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">wait</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:startEvent>${endEvent("le")}${flowXml("ls -> le").xml}</bpmn:subProcess>`;
    const test = await TestCase.open(
      bpmn([startEvent(), userTask("a"), listener, endEvent()].join(""), "start -> a -> end"),
    );
    const { id: token, incident } = Object.values(test.running.state.tokens).find((one) => one.incident) ?? { id: "" };
    expect(incident?.phase).toBe("arm");
    expect(() => test.running.apply({ type: "resolveIncident", token, variables: {} })).toThrow(
      expect.objectContaining({ code: "INCIDENT_NOT_FOUND", element: "l" }),
    );
    test.running.apply({ type: "setVariables", scope: null, variables: { wait: "P1D" } });
    test.running.apply({ type: "retryIncident", token });
    expect(incidentsOf(test.running.state)).toEqual([]);
    expect(test.waits("timer").map(({ element }) => element)).toEqual(["ls"]);
  });
});

describe("the version of a called process", () => {
  it("is the one with which the call began", async () => {
    const model = async (xml: string) => (await compileDefinitions(xml)).processes[0] ?? null;
    const caller = await model(
      bpmn(
        [startEvent(), '<bpmn:callActivity id="call" calledElement="q"/>', endEvent()].join(""),
        "start -> call -> end",
      ),
    );
    const version = (task: string) =>
      model(bpmn([startEvent("qs"), userTask(task), endEvent("qe")].join(""), `qs -> ${task} -> qe`, { id: "q" }));
    const versions: Record<string, Awaited<ReturnType<typeof version>>> = {
      "1": await version("old"),
      "2": await version("new"),
    };
    if (!caller) throw new Error("no process");
    const asked = (newest: string): StepContext => ({
      now: testNow,
      route: null,
      evaluator: feel,
      calledProcess: (_process, by) => {
        const wanted = "version" in by ? by.version : newest;
        const found = versions[wanted];
        return found ? { model: found, version: wanted } : null;
      },
    });
    const { state } = step(caller, null, { type: "start", startEvent: null, variables: {} }, asked("1"));
    const [wait = ""] = Object.keys(state.waits);
    const command: Command = { type: "completeTask", wait, outcome: null, variables: {} };
    expect(step(caller, state, command, asked("2")).state.status).toBe("completed");
  });
});
