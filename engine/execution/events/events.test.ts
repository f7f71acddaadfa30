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

describe("boundary timer", () => {
  it("leaves its task open when it does not interrupt, and fires once", async () => {
    const test = await TestCase.open(
      bpmn(
        [startEvent(), userTask("a"), timerBoundary("remind", "a", "PT4H", false), userTask("chase"), endEvent()].join(
          "",
        ),
        "start -> a -> end; remind -> chase -> end",
      ),
    );
    test.running.advance("P30D");
    expect(test.tasks).toEqual(["a", "chase"]);
    expect(test.events.find((event) => event.type === "timer.fired")?.at).toBe("2026-01-05T05:00:00.000Z");
  });

  it("repeats as its cycle says while the task is open, and no longer", async () => {
    const cycle = `<bpmn:boundaryEvent id="remind" attachedToRef="a" cancelActivity="false"><bpmn:timerEventDefinition id="d"><bpmn:timeCycle>R3/PT24H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>`;
    const test = await TestCase.open(
      bpmn(
        [startEvent(), userTask("a"), cycle, endEvent()].join("") + endEvent("told"),
        "start -> a -> end; remind -> told",
      ),
    );
    test.running.advance("PT49H");
    expect(test.trace("timer.fired")).toHaveLength(2);
    test.complete("a");
    expect(test.waits("timer")).toEqual([]);
    expect(test.running.status).toBe("completed");
  });

  it("fires after more than 24.8 days, which a host's own timers cannot", async () => {
    const test = await TestCase.open(
      bpmn(
        [startEvent(), userTask("a"), timerBoundary("late", "a", "P400D"), userTask("b"), endEvent()].join(""),
        "start -> a -> end; late -> b -> end",
      ),
    );
    test.running.advance("P401D");
    expect(test.tasks).toEqual(["b"]);
  });

  it("has no due moment of its own where an SLA clock decides", async () => {
    const clock = `<bpmn:boundaryEvent id="warn" attachedToRef="a" cancelActivity="false"><bpmn:timerEventDefinition id="d" jieli:clock="L.REVIEW" jieli:when="80%"/></bpmn:boundaryEvent>`;
    const test = await TestCase.open(
      bpmn(
        [startEvent(), userTask("a"), clock, endEvent(), endEvent("told")].join(""),
        "start -> a -> end; warn -> told",
      ),
    );
    expect(test.wait("timer", "warn")).toMatchObject({ due: null, clock: { limit: "L.REVIEW", fraction: 0.8 } });
  });
});

describe("message", () => {
  const root = `<bpmn:message id="m" name="reply" jieli:correlationKey="number"/>`;
  const file = bpmn(
    `${startEvent()}<bpmn:receiveTask id="wait" messageRef="m"/>${userTask("after")}${endEvent()}`,
    "start -> wait -> after -> end",
    { root },
  );

  it("reaches only the subscription with its key", async () => {
    const test = await TestCase.open(file, { number: "SQ-7" });
    const send = (correlationKey: string) =>
      test.running.apply({ type: "correlateMessage", name: "reply", correlationKey, wait: null, variables: {} });
    expect(() => send("SQ-8")).toThrow(expect.objectContaining({ code: "NO_SUBSCRIPTION" }));
    send("SQ-7");
    expect(test.tasks).toEqual(["after"]);
  });

  it("re-arms a non-interrupting boundary message after each one", async () => {
    const boundary = `<bpmn:boundaryEvent id="asked" attachedToRef="a" cancelActivity="false"><bpmn:messageEventDefinition id="d" messageRef="m"/></bpmn:boundaryEvent>`;
    const test = await TestCase.open(
      bpmn(
        [startEvent(), userTask("a"), boundary, endEvent(), endEvent("told")].join(""),
        "start -> a -> end; asked -> told",
        { root: `<bpmn:message id="m" name="urge"/>` },
      ),
    );
    for (let times = 0; times < 3; times += 1)
      test.running.apply({ type: "correlateMessage", name: "urge", correlationKey: null, wait: null, variables: {} });
    expect(test.completed().filter((element) => element === "told")).toHaveLength(3);
    expect(test.tasks).toEqual(["a"]);
  });
});

describe("signal", () => {
  const root = `<bpmn:signal id="s" name="published"/>`;
  const thrown = (kind: string, id: string) =>
    `<bpmn:${kind} id="${id}"><bpmn:signalEventDefinition id="${id}_d" signalRef="s"/></bpmn:${kind}>`;

  it("is gone when a later step of the same path comes to wait for it", async () => {
    const nodes = [
      startEvent(),
      thrown("intermediateThrowEvent", "throw"),
      thrown("intermediateCatchEvent", "catch"),
      endEvent(),
    ];
    const test = await TestCase.open(bpmn(nodes.join(""), "start -> throw -> catch -> end", { root }));
    expect(test.waits("signal").map(({ element }) => element)).toEqual(["catch"]);
  });

  it("is gone, too, for what comes after the sub-process that threw it", async () => {
    const inner = `${startEvent("is")}${thrown("endEvent", "ie")}${flowXml("is -> ie").xml}`;
    const nodes = [
      startEvent(),
      `<bpmn:subProcess id="sub">${inner}</bpmn:subProcess>`,
      thrown("intermediateCatchEvent", "catch"),
      endEvent(),
    ];
    const test = await TestCase.open(bpmn(nodes.join(""), "start -> sub -> catch -> end", { root }));
    expect(test.waits("signal").map(({ element }) => element)).toEqual(["catch"]);
  });

  it("is heard by a catcher that the same step reaches after it was thrown", async () => {
    const file = bpmn(
      `${startEvent()}${gateway("parallel", "fork")}<bpmn:intermediateThrowEvent id="throw"><bpmn:signalEventDefinition id="d1" signalRef="s"/></bpmn:intermediateThrowEvent><bpmn:intermediateCatchEvent id="catch"><bpmn:signalEventDefinition id="d2" signalRef="s"/></bpmn:intermediateCatchEvent>${endEvent("e1")}${endEvent("e2")}`,
      "start -> fork -> throw -> e1; fork -> catch -> e2",
      { root },
    );
    expect((await TestCase.open(file)).running.status).toBe("completed");
  });
});

describe("error and escalation", () => {
  const root = `<bpmn:error id="e1" errorCode="E1"/><bpmn:error id="e2" errorCode="E2"/><bpmn:escalation id="c" escalationCode="C"/>`;
  const sub = (end: string, boundaries: string) =>
    bpmn(
      `${startEvent()}<bpmn:subProcess id="sub">${startEvent("s2")}${gateway("parallel", "fork")}${userTask("inner")}<bpmn:endEvent id="thrown">${end}</bpmn:endEvent>${endEvent("e3")}${flowXml("s2 -> fork -> inner -> e3; fork -> thrown").xml}</bpmn:subProcess>${boundaries}${userTask("caught")}${userTask("any")}${endEvent()}`,
      `sub -> end; start -> sub; caught -> end; any -> end${boundaries.includes('id="named"') ? "; named -> caught" : ""}${boundaries.includes('id="all"') ? "; all -> any" : ""}`,
      { root },
    );
  const named = (definition: string, interrupting = true) =>
    `<bpmn:boundaryEvent id="named" attachedToRef="sub" cancelActivity="${interrupting}">${definition}</bpmn:boundaryEvent>`;
  const all = `<bpmn:boundaryEvent id="all" attachedToRef="sub"><bpmn:errorEventDefinition id="da"/></bpmn:boundaryEvent>`;

  it("prefers the boundary event that names the code, else the one that catches all", async () => {
    const boundaries = all + named('<bpmn:errorEventDefinition id="dn" errorRef="e1"/>');
    expect((await TestCase.open(sub('<bpmn:errorEventDefinition id="dt" errorRef="e1"/>', boundaries))).tasks).toEqual([
      "caught",
    ]);
    expect((await TestCase.open(sub('<bpmn:errorEventDefinition id="dt" errorRef="e2"/>', boundaries))).tasks).toEqual([
      "any",
    ]);
  });

  it("makes an uncaught error an incident, never a success", async () => {
    const test = await TestCase.open(
      sub(
        '<bpmn:errorEventDefinition id="dt" errorRef="e2"/>',
        named('<bpmn:errorEventDefinition id="dn" errorRef="e1"/>'),
      ),
    );
    expect(test.events.find((event) => event.type === "incident.raised")).toMatchObject({
      code: "ERROR_UNCAUGHT",
      element: "thrown",
    });
    expect(test.tasks).toEqual(["inner"]);
  });

  it("interrupts for an escalation or leaves the work going, as the boundary event says", async () => {
    const escalation = '<bpmn:escalationEventDefinition id="dt" escalationRef="c"/>';
    const catching = '<bpmn:escalationEventDefinition id="dn" escalationRef="c"/>';
    expect((await TestCase.open(sub(escalation, named(catching, true)))).tasks).toEqual(["caught"]);
    expect((await TestCase.open(sub(escalation, named(catching, false)))).tasks).toEqual(["caught", "inner"]);
    expect((await TestCase.open(sub(escalation, ""))).tasks).toEqual(["inner"]);
  });
});

describe("terminate", () => {
  it("ends everything in its own scope and no more", async () => {
    const sub = `<bpmn:subProcess id="sub">${startEvent("s2")}${gateway("parallel", "f2")}${userTask("inner")}${userTask("kill")}<bpmn:endEvent id="t"><bpmn:terminateEventDefinition id="d"/></bpmn:endEvent>${endEvent("e2")}${flowXml("s2 -> f2 -> inner -> e2; f2 -> kill -> t").xml}</bpmn:subProcess>`;
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("parallel", "fork"),
          sub,
          userTask("outer"),
          userTask("after"),
          endEvent(),
          endEvent("end2"),
        ].join(""),
        "start -> fork -> sub -> after -> end; fork -> outer -> end2",
      ),
    );
    expect(test.complete("kill").tasks).toEqual(["after", "outer"]);
  });

  it("tells a terminated process from a completed one", async () => {
    const test = await TestCase.open(
      bpmn(
        `${startEvent()}${gateway("parallel", "fork")}${userTask("a")}${userTask("b")}<bpmn:endEvent id="t"><bpmn:terminateEventDefinition id="d"/></bpmn:endEvent>${endEvent()}`,
        "start -> fork -> a -> t; fork -> b -> end",
      ),
    );
    expect(test.complete("a").running.status).toBe("terminated");
    expect(test.trace("task.cancelled", "process.terminated", "process.completed")).toEqual([
      "task.cancelled b",
      "process.terminated p",
    ]);
  });
});

describe("instance", () => {
  it("stops a loop without a wait as an incident, and other work lives on", async () => {
    const test = await TestCase.open(
      bpmn(
        [startEvent(), gateway("exclusive", "a"), gateway("exclusive", "b"), endEvent()].join(""),
        "start -> a -> b; b -> a default; b -> end if false",
      ),
    );
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "STEP_BUDGET_EXCEEDED" });
  });

  it("refuses everything but resume, cancel and variables while suspended", async () => {
    const test = await TestCase.open(bpmn([startEvent(), userTask("a"), endEvent()].join(""), "start -> a -> end"));
    test.running.apply({ type: "suspend", reason: "dispute" });
    expect(() => test.complete("a")).toThrow(expect.objectContaining({ code: "INSTANCE_SUSPENDED" }));
    test.running.apply({ type: "setVariables", scope: null, variables: { n: 1 } });
    test.running.apply({ type: "resume" });
    expect(test.complete("a").running.status).toBe("completed");
    expect(() => test.running.apply({ type: "resume" })).toThrow(expect.objectContaining({ code: "INSTANCE_ENDED" }));
  });

  it("numbers its events without gaps and keeps its state small", async () => {
    const tasks = Array.from({ length: 10 }, (_, index) => `t${index}`);
    const test = await TestCase.open(
      bpmn(
        [startEvent(), ...tasks.map((id) => userTask(id)), endEvent()].join(""),
        ["start", ...tasks, "end"].join(" -> "),
      ),
    );
    for (const task of tasks.slice(0, 9)) test.complete(task);
    expect(test.events.map((event) => event.seq)).toEqual(test.events.map((_, index) => index + 1));
    expect(JSON.stringify(test.running.state).length).toBeLessThan(2_000);
  });
});
