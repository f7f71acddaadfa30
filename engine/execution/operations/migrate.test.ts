import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, startEvent, testNow, timerBoundary, userTask } from "../../../test/support/bpmn.ts";
import { compileDefinitions } from "../../model/compile.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import type { Command } from "../commands.ts";
import { feel } from "../evaluator.ts";
import type { InstanceState } from "../state.ts";
import { step } from "../step.ts";

const context = { now: testNow, route: null, calledProcess: () => null, evaluator: feel };

async function modelOf(xml: string): Promise<ProcessModel> {
  const { processes, problems } = await compileDefinitions(xml);
  if (!processes[0]) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return processes[0];
}

/** A task with boundary timers that do not interrupt it; the first lasts a day, the second two. */
async function remindedBy(...timers: readonly string[]) {
  const nodes = timers.map((id, index) => `${timerBoundary(id, "a", `P${index + 1}D`, false)}${endEvent(`${id}_e`)}`);
  const flows = timers.map((id) => `${id} -> ${id}_e`);
  return modelOf(
    bpmn(
      [startEvent(), userTask("a"), userTask("b"), endEvent(), ...nodes].join(""),
      ["start -> a -> b -> end", ...flows].join("\n"),
    ),
  );
}

const timersOf = (state: InstanceState) =>
  Object.values(state.waits).flatMap(({ type, element }) => (type === "timer" ? [element] : []));

describe("migration and boundary timers", () => {
  const migrate = (elements: Record<string, string> = {}): Command => ({
    type: "migrate",
    plan: { elements, flows: {} },
    reason: "new version",
  });

  async function afterFirstReminder() {
    const model = await remindedBy("early", "late");
    const started = step(model, null, { type: "start", startEvent: null, variables: {} }, context).state;
    const early = Object.values(started.waits).find(({ element }) => element === "early");
    return step(model, started, { type: "fireTimer", wait: early?.id ?? "" }, context).state;
  }

  it("does not arm again one that has fired, but arms one that is new", async () => {
    const next = await remindedBy("early", "late", "last");
    const migrated = step(next, await afterFirstReminder(), migrate(), context).state;
    expect(timersOf(migrated)).toEqual(["late", "last"]);
  });

  it("knows one that has fired under its new name", async () => {
    const next = await remindedBy("soon", "late");
    const migrated = step(next, await afterFirstReminder(), migrate({ early: "soon" }), context).state;
    expect(timersOf(migrated)).toEqual(["late"]);
    const again = step(next, migrated, migrate(), context).state;
    expect(timersOf(again)).toEqual(["late"]);
  });

  it("forgets what has fired when the activity is left", async () => {
    const model = await remindedBy("early", "late");
    const state = await afterFirstReminder();
    expect(Object.values(state.tokens)).toMatchObject([{ element: "a", spent: ["early"] }]);
    const task = Object.values(state.waits).find(({ type }) => type === "task");
    const next = step(
      model,
      state,
      { type: "completeTask", wait: task?.id ?? "", outcome: null, variables: {} },
      context,
    ).state;
    expect(Object.values(next.tokens)).toMatchObject([{ element: "b" }]);
    expect(JSON.stringify(next)).not.toContain("spent");
  });
});

describe("migration under other names", () => {
  const undoable = (id: string) =>
    `${userTask(id)}<bpmn:boundaryEvent id="${id}_c" attachedToRef="${id}"><bpmn:compensateEventDefinition id="${id}_d"/></bpmn:boundaryEvent>${userTask(`un_${id}`, 'isForCompensation="true"')}<bpmn:association id="${id}_as" associationDirection="One" sourceRef="${id}_c" targetRef="un_${id}"/>`;
  const undo =
    '<bpmn:intermediateThrowEvent id="undo"><bpmn:compensateEventDefinition id="undo_d"/></bpmn:intermediateThrowEvent>';

  /** The case of one version, in which tasks are completed, and its other version with all ids renamed. */
  async function twoVersions(xml: string) {
    const own = await modelOf(xml);
    const names = [...own.elements.keys(), ...own.flows.keys()];
    const other = names.reduce((text, id) => text.replaceAll(`"${id}"`, `"new_${id}"`), xml);
    const plan = {
      elements: Object.fromEntries([...own.elements.keys()].map((id) => [id, `new_${id}`])),
      flows: Object.fromEntries([...own.flows.keys()].map((id) => [id, `new_${id}`])),
    };
    return { own, other: await modelOf(other), command: { type: "migrate", plan, reason: "renamed" } as const };
  }

  const started = (model: ProcessModel, variables = {}) =>
    step(model, null, { type: "start", startEvent: null, variables }, context).state;

  function completed(model: ProcessModel, state: InstanceState, element: string): InstanceState {
    const wait = Object.values(state.waits).find((open) => open.element === element)?.id ?? "";
    return step(model, state, { type: "completeTask", wait, outcome: null, variables: {} }, context).state;
  }

  const tasksOf = (state: InstanceState) => Object.values(state.waits).map(({ element }) => element);

  it("still undoes what had completed within a sub-process", async () => {
    const sub = `<bpmn:subProcess id="sub">${startEvent("s2")}${undoable("a")}${endEvent("e2")}${flowXml("s2 -> a -> e2").xml}</bpmn:subProcess>`;
    const { own, other, command } = await twoVersions(
      bpmn([startEvent(), sub, userTask("b"), undo, endEvent()].join(""), "start -> sub -> b -> undo -> end"),
    );
    const migrated = step(other, completed(own, started(own), "a"), command, context).state;
    expect(tasksOf(completed(other, migrated, "new_b"))).toEqual(["new_un_a"]);
  });

  it("goes on with an undoing that is under way", async () => {
    const { own, other, command } = await twoVersions(
      bpmn([startEvent(), undoable("a"), undoable("b"), undo, endEvent()].join(""), "start -> a -> b -> undo -> end"),
    );
    const undoing = completed(own, completed(own, started(own), "a"), "b");
    const migrated = step(other, undoing, command, context).state;
    expect(tasksOf(migrated)).toEqual(["new_un_b"]);
    expect(tasksOf(completed(other, migrated, "new_un_b"))).toEqual(["new_un_a"]);
  });

  it("goes on undoing a called process, which keeps its own version, and what stands beside its call", async () => {
    const [called] = (
      await compileDefinitions(
        bpmn([startEvent("qs"), undoable("qa"), undoable("qb"), endEvent("qe")].join(""), "qs -> qa -> qb -> qe", {
          id: "q",
        }),
      )
    ).processes;
    if (!called) throw new Error("no called process");
    const calling = { ...context, calledProcess: () => ({ model: called, version: "1" }) };
    const { own, other, command } = await twoVersions(
      bpmn(
        [startEvent(), undoable("a"), '<bpmn:callActivity id="call" calledElement="q"/>', undo, endEvent()].join(""),
        "start -> a -> call -> undo -> end",
      ),
    );
    const apply = (model: ProcessModel, state: InstanceState | null, next: Command) =>
      step(model, JSON.parse(JSON.stringify(state)) as InstanceState | null, next, calling).state;
    const done = (model: ProcessModel, state: InstanceState, element: string) => {
      const wait = Object.values(state.waits).find((open) => open.element === element)?.id ?? "";
      return apply(model, state, { type: "completeTask", wait, outcome: null, variables: {} });
    };
    const begun = apply(own, null, { type: "start", startEvent: null, variables: {} });
    const undoing = done(own, done(own, done(own, begun, "a"), "qa"), "qb");
    expect(tasksOf(undoing)).toEqual(["un_qb"]);
    const migrated = apply(other, undoing, command);
    expect(tasksOf(done(other, migrated, "un_qb"))).toEqual(["un_qa"]);
    const beside = done(other, done(other, migrated, "un_qb"), "un_qa");
    expect(tasksOf(beside)).toEqual(["new_un_a"]);
    expect(done(other, beside, "new_un_a").status).toBe("completed");
  });

  const parallel = '<bpmn:parallelGateway id="j"/>';
  const gathering = (quantity: number) => userTask("j", `startQuantity="${quantity}"`);
  it.each([
    ["a join that waits for fewer branches", parallel, parallel, "b -> be; c -> j", ["a", "c"], ["b", "d"]],
    ["a gateway that waits for none", parallel, parallel, "b -> be; c -> ce", ["a"], ["b", "c", "d"]],
    ["a step that needs fewer tokens", gathering(3), gathering(2), "b -> j; c -> j", ["a", "c"], ["b", "j"]],
  ])("goes on at once from %s", async (_what, before, after, flows, done, tasks) => {
    const version = (join: string, others: string) =>
      modelOf(
        bpmn(
          [
            startEvent(),
            '<bpmn:parallelGateway id="f"/>',
            ...["a", "b", "c", "d"].map((id) => userTask(id)),
            join,
            ...["end", "be", "ce"].filter((id) => id === "end" || others.includes(id)).map(endEvent),
          ].join(""),
          `start -> f; f -> a -> j; f -> b; f -> c; ${others}; j -> d -> end`,
        ),
      );
    const own = await version(before, "b -> j; c -> j");
    const waiting = done.reduce((state, element) => completed(own, state, element), started(own));
    const command: Command = { type: "migrate", plan: { elements: {}, flows: {} }, reason: "fewer" };
    const { state } = step(await version(after, flows), waiting, command, context);
    expect(tasksOf(state).toSorted()).toEqual(tasks);
  });

  it("resets a complex gateway that had gone on early", async () => {
    const gateway =
      '<bpmn:complexGateway id="j"><bpmn:activationCondition xsi:type="bpmn:tFormalExpression">activationCount = 1</bpmn:activationCondition></bpmn:complexGateway>';
    const { own, other, command } = await twoVersions(
      bpmn(
        [
          startEvent(),
          '<bpmn:parallelGateway id="f"/>',
          userTask("a"),
          userTask("b"),
          gateway,
          userTask("c"),
          endEvent(),
        ].join(""),
        "start -> f; f -> a -> j; f -> b -> j; j -> c -> end",
      ),
    );
    const early = completed(own, started(own), "a");
    const migrated = completed(other, step(other, early, command, context).state, "new_b");
    expect(tasksOf(migrated)).toEqual(["new_c"]);
    expect(completed(other, migrated, "new_c").status).toBe("completed");
  });
});
