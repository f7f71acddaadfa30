import { describe, expect, it } from "vitest";
import {
  bpmn,
  endEvent,
  flowXml,
  gateway,
  startEvent,
  TestCase,
  timerBoundary,
  userTask,
} from "../../../test/support/bpmn.ts";

describe("user task", () => {
  const file = bpmn(
    [startEvent(), userTask("review", 'jieli:outcomes="approve refuse"'), endEvent()].join(""),
    "start -> review -> end",
  );

  it("writes its outcome and variables and ends the process", async () => {
    const test = (await TestCase.open(file)).complete("review", "approve", { note: "ok" });
    expect(test.running.variables).toEqual({ outcome: "approve", note: "ok" });
    expect(test.trace("task.created", "task.completed", "process.completed")).toEqual([
      "task.created review",
      "task.completed review",
      "process.completed p",
    ]);
  });

  it("refuses an outcome that it does not name, and changes nothing", async () => {
    const test = await TestCase.open(file);
    const before = JSON.stringify(test.running.state);
    expect(() => test.complete("review", "maybe")).toThrow(
      expect.objectContaining({ code: "OUTCOME_NOT_ALLOWED", element: "review" }),
    );
    expect(() => test.complete("review")).toThrow(expect.objectContaining({ code: "OUTCOME_NOT_ALLOWED" }));
    expect(JSON.stringify(test.running.state)).toBe(before);
  });

  it("cannot be completed twice", async () => {
    const test = await TestCase.open(
      bpmn([startEvent(), userTask("a"), userTask("b"), endEvent()].join(""), "start -> a -> b -> end"),
    );
    const wait = test.wait("task", "a").id;
    test.complete("a");
    expect(() => test.running.apply({ type: "completeTask", wait, outcome: null, variables: {} })).toThrow(
      expect.objectContaining({ code: "WAIT_NOT_FOUND" }),
    );
  });

  it("refuses a variable that would reach into JavaScript's own objects", async () => {
    const test = await TestCase.open(file);
    const variables = JSON.parse('{"__proto__": {"polluted": true}}') as Record<string, never>;
    expect(() => test.complete("review", "approve", variables)).toThrow(
      expect.objectContaining({ code: "VARIABLE_NOT_JSON" }),
    );
  });
});

describe("service task", () => {
  const file = bpmn(
    `${startEvent()}<bpmn:serviceTask id="push" jieli:topic="deliver"/><bpmn:boundaryEvent id="failed" attachedToRef="push"><bpmn:errorEventDefinition id="d" errorRef="technical"/></bpmn:boundaryEvent>${userTask("repair")}${endEvent()}`,
    "start -> push -> end; failed -> repair -> end",
    { root: '<bpmn:error id="technical" errorCode="TECHNICAL"/>' },
  );

  it("opens an external job under its topic and goes on with the worker's variables", async () => {
    const test = await TestCase.open(file);
    expect(test.wait("job", "push")).toMatchObject({ topic: "deliver" });
    test.running.apply({ type: "completeJob", wait: test.wait("job", "push").id, variables: { rows: 3 } });
    expect(test.running.status).toBe("completed");
    expect(test.running.variables).toEqual({ rows: 3 });
  });

  it("takes the error path for the error code that is caught", async () => {
    const test = await TestCase.open(file);
    test.running.apply({
      type: "failJob",
      wait: test.wait("job", "push").id,
      errorCode: "TECHNICAL",
      message: "disk",
      variables: {},
    });
    expect(test.tasks).toEqual(["repair"]);
  });

  it("stops as an incident for an error that nobody catches and for a technical failure, and can be retried", async () => {
    for (const errorCode of ["OTHER", null]) {
      const test = await TestCase.open(file);
      test.running.apply({
        type: "failJob",
        wait: test.wait("job", "push").id,
        errorCode,
        message: "no route to host",
        variables: {},
      });
      expect(test.running.status).toBe("incident");
      const token = Object.values(test.running.state.tokens)[0]?.id ?? "";
      test.running.apply({ type: "retryIncident", token });
      expect(test.waits("job")).toHaveLength(1);
      test.running.apply({ type: "completeJob", wait: test.wait("job", "push").id, variables: {} });
      expect(test.running.status).toBe("completed");
    }
  });
});

describe("business rule task", () => {
  it("evaluates its FEEL expression into its result variable", async () => {
    const file = bpmn(
      `${startEvent()}<bpmn:businessRuleTask id="rule" jieli:expression="if grade &gt; 2 then &quot;leader&quot; else &quot;head&quot;" jieli:resultVariable="signer"/>${endEvent()}`,
      "start -> rule -> end",
    );
    expect((await TestCase.open(file, { grade: 3 })).running.variables).toMatchObject({ signer: "leader" });
  });
});

describe("embedded sub-process", () => {
  const inner = flowXml("in_start -> fork -> a -> in_end1; fork -> b -> in_end2").xml;
  const file = bpmn(
    `${startEvent()}<bpmn:subProcess id="sub">${startEvent("in_start")}${gateway("parallel", "fork")}${userTask("a")}${userTask("b")}${endEvent("in_end1")}${endEvent("in_end2")}${inner}</bpmn:subProcess>${timerBoundary("late", "sub", "P10D")}${userTask("after")}${userTask("overdue")}${endEvent()}`,
    "start -> sub -> after -> end; late -> overdue -> end",
  );

  it("ends when its last token ends", async () => {
    const test = (await TestCase.open(file)).complete("a");
    expect(test.tasks).toEqual(["b"]);
    expect(test.complete("b").tasks).toEqual(["after"]);
    expect(test.waits("timer")).toEqual([]);
  });

  it("cancels its open tasks, inner things first, when an interrupting timer fires", async () => {
    const test = (await TestCase.open(file)).complete("a");
    test.running.advance("P10D");
    expect(test.tasks).toEqual(["overdue"]);
    expect(test.trace("task.cancelled", "element.cancelled")).toEqual([
      "task.cancelled b",
      "element.cancelled b",
      "element.cancelled sub",
    ]);
  });
});

describe("call activity", () => {
  const called = `<bpmn:process id="hop" isExecutable="true">${startEvent("h_start")}${userTask("relay")}<bpmn:endEvent id="h_end"/>${flowXml("h_start -> relay -> h_end").xml}</bpmn:process>`;
  const caller = (mappings: string) =>
    bpmn(
      `${startEvent()}<bpmn:callActivity id="call" calledElement="hop"><bpmn:extensionElements>${mappings}</bpmn:extensionElements></bpmn:callActivity>${userTask("after")}${endEvent()}`,
      "start -> call -> after -> end",
      { more: called },
    );

  it("passes what its mappings name, and nothing else, in both directions", async () => {
    const test = await TestCase.open(
      caller('<jieli:in source="a + 1" target="x"/><jieli:out source="outcome" target="result"/>'),
      { a: 1, secret: "s" },
    );
    expect(test.running.variablesAt(test.wait("task", "relay"))).toEqual({ x: 2 });
    test.complete("relay", "forward", { noise: true });
    expect(test.running.variables).toEqual({ a: 1, secret: "s", result: "forward" });
    expect(test.tasks).toEqual(["after"]);
  });

  it("is an incident when the called process is not deployed", async () => {
    const test = await TestCase.open(
      bpmn(
        `${startEvent()}<bpmn:callActivity id="call" calledElement="nowhere"/>${endEvent()}`,
        "start -> call -> end",
      ),
    );
    expect(test.events.at(-1)).toMatchObject({
      type: "incident.raised",
      code: "CALLED_PROCESS_NOT_FOUND",
      element: "call",
    });
  });
});

describe("multi-instance", () => {
  const loop = (attributes: string, inner = "") =>
    userTask(
      "sign",
      'jieli:outcomes="agree refuse"',
      `<bpmn:multiInstanceLoopCharacteristics ${attributes}>${inner}</bpmn:multiInstanceLoopCharacteristics>`,
    );
  const file = (task: string) =>
    bpmn([startEvent(), task, userTask("after"), endEvent()].join(""), "start -> sign -> after -> end");

  it("opens all instances of a parallel one at once, more than fifty too", async () => {
    const test = await TestCase.open(file(loop("", "<bpmn:loopCardinality>200</bpmn:loopCardinality>")));
    expect(test.tasks).toHaveLength(200);
  });

  it("gives each instance its item, one after the other when sequential", async () => {
    const test = await TestCase.open(
      file(loop('isSequential="true" jieli:collection="hops" jieli:elementVariable="hop"')),
      { hops: ["county", "city"] },
    );
    expect(test.running.variablesAt(test.wait("task", "sign"))).toMatchObject({ hop: "county", loopCounter: 1 });
    test.complete("sign", "agree");
    expect(test.running.variablesAt(test.wait("task", "sign"))).toMatchObject({ hop: "city", loopCounter: 2 });
    expect(test.complete("sign", "agree").tasks).toEqual(["after"]);
    expect(test.running.variables).toEqual({ hops: ["county", "city"] });
  });

  it("collects outputs by instance and stops the others when the completion condition holds", async () => {
    const test = await TestCase.open(
      file(
        loop(
          'jieli:outputElement="outcome" jieli:outputCollection="votes"',
          '<bpmn:loopCardinality>3</bpmn:loopCardinality><bpmn:completionCondition>list contains(votes, "refuse")</bpmn:completionCondition>',
        ),
      ),
    );
    test.complete("sign", "agree", {}, 2);
    expect(test.tasks).toHaveLength(2);
    test.complete("sign", "refuse");
    expect(test.tasks).toEqual(["after"]);
    expect(test.running.variables).toEqual({ votes: ["refuse", "agree", null] });
    expect(test.trace("task.cancelled")).toEqual(["task.cancelled sign"]);
  });

  it("passes at once over an empty collection", async () => {
    expect((await TestCase.open(file(loop('jieli:collection="hops"')), { hops: [] })).tasks).toEqual(["after"]);
  });

  it("is an incident for a number of times that cannot be", async () => {
    const test = await TestCase.open(file(loop("", "<bpmn:loopCardinality>0 - 1</bpmn:loopCardinality>")));
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "MULTI_INSTANCE_INVALID" });
  });
});

describe("route", () => {
  it("skips a step that the route does not perform and tells why", async () => {
    const file = bpmn(
      [
        startEvent(),
        userTask("security", 'jieli:role="security-reviewer" jieli:at="provider"'),
        userTask("after"),
        endEvent(),
      ].join(""),
      "start -> security -> after -> end",
    );
    const explanation = {
      step: "security",
      jurisdiction: "520000",
      layersAsked: [],
      rows: [],
      bounds: [],
      basis: [],
      sentence: { zh: "分级低于3", en: "grade below 3" },
    };
    const organisation = { id: "o", name: { zh: "局", en: "Bureau" }, level: "province", region: "520000" } as const;
    const test = await TestCase.open(
      file,
      {},
      {
        route: (query) => ({
          perform: query.step !== "security",
          role: "r",
          organisation,
          limit: null,
          approval: null,
          forbids: [],
          fourEyes: [],
          explanation: { ...explanation, step: query.step },
        }),
      },
    );
    expect(test.tasks).toEqual(["after"]);
    expect(test.events.find((event) => event.type === "element.skipped")).toMatchObject({
      element: "security",
      explanation,
    });
  });

  it("becomes an incident when it finds nobody", async () => {
    const file = bpmn(
      [startEvent(), userTask("review", 'jieli:role="authority-reviewer"'), endEvent()].join(""),
      "start -> review -> end",
    );
    const nobody = Object.assign(new Error("nobody holds authority-reviewer at 南明区大数据局"), {
      name: "RouteError",
      code: "ROLE_NOT_HELD",
    });
    const test = await TestCase.open(
      file,
      {},
      {
        route: () => {
          throw nobody;
        },
      },
    );
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "ROLE_NOT_HELD", element: "review" });
  });
});
