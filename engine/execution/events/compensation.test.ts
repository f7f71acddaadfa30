import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

const undoable = (id: string, inner = "") =>
  `${userTask(id, "", inner)}<bpmn:boundaryEvent id="${id}_c" attachedToRef="${id}"><bpmn:compensateEventDefinition id="${id}_d"/></bpmn:boundaryEvent>${userTask(`undo_${id}`, 'isForCompensation="true"')}<bpmn:association id="${id}_as" associationDirection="One" sourceRef="${id}_c" targetRef="undo_${id}"/>`;
const thrown = (id: string, attributes = "") =>
  `<bpmn:intermediateThrowEvent id="${id}"><bpmn:compensateEventDefinition id="${id}_d" ${attributes}/></bpmn:intermediateThrowEvent>`;

describe("compensation", () => {
  it("undoes what has completed, the last first, and then goes on", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          undoable("a"),
          undoable("b"),
          undoable("never"),
          thrown("undo"),
          userTask("after"),
          endEvent(),
        ].join(""),
        "start -> a -> b -> undo -> after -> end",
      ),
    );
    test.complete("a").complete("b");
    expect(test.tasks).toEqual(["undo_b"]);
    expect(test.complete("undo_b").tasks).toEqual(["undo_a"]);
    expect(test.complete("undo_a").tasks).toEqual(["after"]);
    expect(test.complete("after").running.status).toBe("completed");
  });

  it("undoes one activity, once", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          undoable("a"),
          undoable("b"),
          thrown("undo", 'activityRef="a"'),
          thrown("again", 'activityRef="a"'),
          endEvent(),
        ].join(""),
        "start -> a -> b -> undo -> again -> end",
      ),
    );
    test.complete("a").complete("b");
    expect(test.tasks).toEqual(["undo_a"]);
    expect(test.complete("undo_a").running.status).toBe("completed");
  });

  it("does not wait for its handlers when it is told so", async () => {
    const test = await TestCase.open(
      bpmn(
        [startEvent(), undoable("a"), thrown("undo", 'waitForCompletion="false"'), userTask("after"), endEvent()].join(
          "",
        ),
        "start -> a -> undo -> after -> end",
      ),
    );
    expect(test.complete("a").tasks).toEqual(["after", "undo_a"]);
    expect(test.complete("after").running.status).toBe("running");
    expect(test.complete("undo_a").running.status).toBe("completed");
  });

  it("undoes each instance of a multi-instance activity with its own data, in reverse", async () => {
    const loop = `<bpmn:multiInstanceLoopCharacteristics isSequential="true" jieli:collection="list" jieli:elementVariable="item"/>`;
    const test = await TestCase.open(
      bpmn([startEvent(), undoable("a", loop), thrown("undo"), endEvent()].join(""), "start -> a -> undo -> end"),
      { list: ["x", "y"] },
    );
    test.complete("a").complete("a");
    expect(test.running.variablesAt(test.wait("task", "undo_a"))["item"]).toBe("y");
    test.complete("undo_a");
    expect(test.running.variablesAt(test.wait("task", "undo_a"))["item"]).toBe("x");
    expect(test.complete("undo_a").running.status).toBe("completed");
  });

  it("undoes a completed sub-process by what is inside it, or by its own handler", async () => {
    const inside = `<bpmn:subProcess id="sub">${startEvent("s2")}${undoable("a")}${undoable("b")}${endEvent("e2")}${flowXml("s2 -> a -> b -> e2").xml}</bpmn:subProcess>`;
    const test = await TestCase.open(
      bpmn([startEvent(), inside, thrown("undo"), endEvent()].join(""), "start -> sub -> undo -> end"),
    );
    test.complete("a").complete("b");
    expect(test.tasks).toEqual(["undo_b"]);
    expect(test.complete("undo_b").tasks).toEqual(["undo_a"]);
    const own = `<bpmn:subProcess id="own" triggeredByEvent="true"><bpmn:startEvent id="os"><bpmn:compensateEventDefinition id="od"/></bpmn:startEvent>${userTask("own_task")}${endEvent("oe")}${flowXml("os -> own_task -> oe").xml}</bpmn:subProcess>`;
    const handled = await TestCase.open(
      bpmn(
        [
          startEvent(),
          inside.replace("</bpmn:subProcess>", `${own}</bpmn:subProcess>`),
          thrown("undo"),
          endEvent(),
        ].join(""),
        "start -> sub -> undo -> end",
      ),
    );
    handled.complete("a").complete("b");
    expect(handled.tasks).toEqual(["own_task"]);
    expect(handled.complete("own_task").running.status).toBe("completed");
  });
});

describe("transaction", () => {
  const transaction = (inside: string, flows: string) =>
    `<bpmn:transaction id="tx">${startEvent("s2")}${inside}<bpmn:endEvent id="cancelled"><bpmn:cancelEventDefinition id="cd"/></bpmn:endEvent>${flowXml(flows).xml}</bpmn:transaction><bpmn:boundaryEvent id="left" attachedToRef="tx"><bpmn:cancelEventDefinition id="ld"/></bpmn:boundaryEvent>`;

  it("is cancelled: the rest stops, what was done is undone, and it is left by its cancel event", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          transaction(
            `${undoable("a")}<bpmn:parallelGateway id="fork"/>${userTask("b")}${userTask("c")}${endEvent("e2")}`,
            "s2 -> a -> fork -> b -> cancelled; fork -> c -> e2",
          ),
          userTask("ok"),
          userTask("repair"),
          endEvent(),
        ].join(""),
        "start -> tx -> ok -> end; left -> repair -> end",
      ),
    );
    test.complete("a").complete("b");
    expect(test.tasks).toEqual(["undo_a"]);
    expect(test.complete("undo_a").tasks).toEqual(["repair"]);
    expect(test.complete("repair").running.status).toBe("completed");
  });

  it("goes on normally when nothing cancels it", async () => {
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          transaction(`${undoable("a")}${endEvent("e2")}`, "s2 -> a -> e2"),
          userTask("ok"),
          endEvent(),
        ].join(""),
        "start -> tx -> ok -> end; left -> end",
      ),
    );
    expect(test.complete("a").tasks).toEqual(["ok"]);
  });
});
