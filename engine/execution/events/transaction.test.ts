import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, gateway, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

const undoable = (id: string) =>
  `${userTask(id)}<bpmn:boundaryEvent id="${id}_c" attachedToRef="${id}"><bpmn:compensateEventDefinition id="${id}_d"/></bpmn:boundaryEvent>${userTask(`undo_${id}`, 'isForCompensation="true"')}<bpmn:association id="${id}_as" associationDirection="One" sourceRef="${id}_c" targetRef="undo_${id}"/>`;
const cancelEnd = (id: string) =>
  `<bpmn:endEvent id="${id}"><bpmn:cancelEventDefinition id="${id}_d"/></bpmn:endEvent>`;
const left = `<bpmn:boundaryEvent id="left" attachedToRef="tx"><bpmn:cancelEventDefinition id="left_d"/></bpmn:boundaryEvent>`;
const within = (tag: string, id: string, inside: string, flows: string) =>
  `<bpmn:${tag} id="${id}">${inside}${flowXml(flows).xml}</bpmn:${tag}>`;

describe("a transaction", () => {
  it("is cancelled from a sub-process within it: what had completed is undone, the rest stops", async () => {
    const sub = within(
      "subProcess",
      "sub",
      `${startEvent("ss")}${userTask("decide")}${cancelEnd("stop")}`,
      "ss -> decide -> stop",
    );
    const tx = within(
      "transaction",
      "tx",
      `${startEvent("ts")}${undoable("a")}${gateway("parallel", "f")}${sub}${userTask("beside")}${endEvent("te")}`,
      "ts -> a -> f; f -> sub -> te; f -> beside -> te",
    );
    const test = await TestCase.open(
      bpmn(
        [startEvent(), tx, left, userTask("repair"), userTask("after"), endEvent()].join(""),
        "start -> tx -> after -> end; left -> repair -> end",
      ),
    );
    test.complete("a").complete("decide");
    expect(test.tasks).toEqual(["undo_a"]);
    expect(test.trace("element.cancelled")).toEqual([
      "element.cancelled stop",
      "element.cancelled sub",
      "element.cancelled beside",
    ]);
    test.complete("undo_a");
    expect(test.tasks).toEqual(["repair"]);
    expect(test.trace("element.cancelled").at(-1)).toBe("element.cancelled tx");
    expect(test.complete("repair").running.status).toBe("completed");
  });

  it("is not cancelled from a process that it calls", async () => {
    const called = `<bpmn:process id="q" isExecutable="true">${startEvent("qs")}${within("transaction", "inner", `${startEvent("is")}${userTask("work")}${cancelEnd("stop")}`, "is -> work -> stop")}<bpmn:boundaryEvent id="inner_left" attachedToRef="inner"><bpmn:cancelEventDefinition id="il_d"/></bpmn:boundaryEvent>${userTask("mend")}${endEvent("qe")}${flowXml("qs -> inner -> qe; inner_left -> mend -> qe").xml}</bpmn:process>`;
    const tx = within(
      "transaction",
      "tx",
      `${startEvent("ts")}<bpmn:callActivity id="call" calledElement="q"/>${endEvent("te")}`,
      "ts -> call -> te",
    );
    const test = await TestCase.open(
      bpmn(
        [startEvent(), tx, left, userTask("repair"), endEvent()].join(""),
        "start -> tx -> end; left -> repair -> end",
        { more: called },
      ),
    );
    test.complete("work");
    expect(test.tasks).toEqual(["mend"]);
    expect(test.complete("mend").running.status).toBe("completed");
  });

  it("is left by its cancel event, and by no other", async () => {
    const tx = within(
      "transaction",
      "tx",
      `${startEvent("ts")}${userTask("work")}${cancelEnd("stop")}`,
      "ts -> work -> stop",
    );
    const other = `<bpmn:boundaryEvent id="failed" attachedToRef="tx"><bpmn:errorEventDefinition id="failed_d"/></bpmn:boundaryEvent>`;
    const test = await TestCase.open(
      bpmn(
        [startEvent(), tx, other, left, userTask("repair"), userTask("mend"), endEvent()].join(""),
        "start -> tx -> end; failed -> mend -> end; left -> repair -> end",
      ),
    );
    expect(test.complete("work").tasks).toEqual(["repair"]);
  });

  it("that is cancelled and leads nowhere is an incident", async () => {
    const tx = within(
      "transaction",
      "tx",
      `${startEvent("ts")}${userTask("work")}${cancelEnd("stop")}`,
      "ts -> work -> stop",
    );
    const test = await TestCase.open(bpmn([startEvent(), tx, endEvent()].join(""), "start -> tx -> end"));
    test.complete("work");
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "CANCEL_UNCAUGHT" });
  });
});

describe("compensation", () => {
  const thrown = (id: string, attributes = "") =>
    `<bpmn:intermediateThrowEvent id="${id}"><bpmn:compensateEventDefinition id="${id}_d" ${attributes}/></bpmn:intermediateThrowEvent>`;

  it("thrown in a sub-process undoes what was done beside it there, and nothing of its surroundings", async () => {
    const sub = within(
      "subProcess",
      "sub",
      `${startEvent("ss")}${undoable("inner")}${thrown("undo")}${endEvent("se")}`,
      "ss -> inner -> undo -> se",
    );
    const test = await TestCase.open(
      bpmn(
        [startEvent(), undoable("outer"), sub, userTask("after"), endEvent()].join(""),
        "start -> outer -> sub -> after -> end",
      ),
    );
    test.complete("outer").complete("inner");
    expect(test.tasks).toEqual(["undo_inner"]);
    expect(test.complete("undo_inner").tasks).toEqual(["after"]);
  });

  it("of one activity leaves what else was done to be undone later", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          undoable("a"),
          undoable("b"),
          thrown("first", 'activityRef="a"'),
          thrown("rest"),
          endEvent(),
        ].join(""),
        "start -> a -> b -> first -> rest -> end",
      ),
    );
    test.complete("a").complete("b");
    expect(test.tasks).toEqual(["undo_a"]);
    test.complete("undo_a");
    expect(test.tasks).toEqual(["undo_b"]);
    expect(test.events.filter(({ type }) => type === "compensation.started")).toMatchObject([
      { element: "first", handler: "undo_a" },
      { element: "rest", handler: "undo_b" },
    ]);
    expect(test.complete("undo_b").running.status).toBe("completed");
  });

  it("runs a handler that is a sub-process, inside and out", async () => {
    const handler = within(
      "subProcess",
      "undo_a",
      `${startEvent("us")}${userTask("give_back")}${endEvent("ue")}`,
      "us -> give_back -> ue",
    ).replace('id="undo_a"', 'id="undo_a" isForCompensation="true"');
    const host = undoable("a").replace(userTask("undo_a", 'isForCompensation="true"'), handler);
    const test = await TestCase.open(
      bpmn([startEvent(), host, thrown("undo"), endEvent()].join(""), "start -> a -> undo -> end"),
    );
    test.complete("a");
    expect(test.tasks).toEqual(["give_back"]);
    expect(test.complete("give_back").running.status).toBe("completed");
    expect(test.trace("element.completed")).toContain("element.completed undo_a");
  });
});
