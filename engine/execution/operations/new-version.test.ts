import { describe, expect, it } from "vitest";
import {
  bpmn,
  endEvent,
  flowXml,
  gateway,
  startEvent,
  testNow,
  timerBoundary,
  userTask,
} from "../../../test/support/bpmn.ts";
import { compileDefinitions } from "../../model/compile.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import type { Route } from "../../routing/types.ts";
import type { MigrationPlan } from "../commands.ts";
import type { StepContext } from "../context.ts";
import { feel } from "../evaluator.ts";
import type { EngineEvent } from "../events.ts";
import type { InstanceState } from "../state.ts";
import { step } from "../step.ts";

async function models(xml: string): Promise<readonly ProcessModel[]> {
  const { processes, problems } = await compileDefinitions(xml);
  if (processes.length === 0) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return processes;
}

/** A case of the first file that goes on in the second one. */
class Migrated {
  readonly context: StepContext;
  state: InstanceState;
  events: readonly EngineEvent[] = [];
  #model: ProcessModel;

  private constructor(model: ProcessModel, context: StepContext) {
    this.#model = model;
    this.context = context;
    this.state = step(model, null, { type: "start", startEvent: null, variables: {} }, context).state;
  }

  static async start(xml: string, route: Route | null = null): Promise<Migrated> {
    const [model, ...others] = await models(xml);
    const calledProcess = (id: string) => {
      const called = others.find((other) => other.id === id);
      return called ? { model: called, version: "1" } : null;
    };
    return new Migrated(model!, { now: testNow, route, calledProcess, evaluator: feel });
  }

  async to(xml: string, elements: MigrationPlan["elements"] = {}): Promise<this> {
    const [model] = await models(xml);
    const plan = { elements, flows: {} };
    const result = step(model!, this.state, { type: "migrate", plan, reason: "new rules" }, this.context);
    this.#model = model!;
    this.state = JSON.parse(JSON.stringify(result.state)) as InstanceState;
    this.events = result.events;
    return this;
  }

  complete(element: string): this {
    const wait = Object.values(this.state.waits).find((open) => open.element === element)?.id ?? "";
    this.state = step(
      this.#model,
      this.state,
      { type: "completeTask", wait, outcome: null, variables: {} },
      this.context,
    ).state;
    return this;
  }

  get waits(): string[] {
    return Object.values(this.state.waits).map(({ type, element }) => `${type} ${element}`);
  }

  get told(): string[] {
    return this.events.map(({ type, element }) => `${type} ${element}`);
  }
}

const root = '<bpmn:message id="m" name="go"/>';
const listening = (id: string) =>
  `<bpmn:subProcess id="${id}" triggeredByEvent="true"><bpmn:startEvent id="${id}_s" isInterrupting="false"><bpmn:messageEventDefinition id="${id}_d" messageRef="m"/></bpmn:startEvent>${userTask(`${id}_t`)}${endEvent(`${id}_e`)}${flowXml(`${id}_s -> ${id}_t -> ${id}_e`).xml}</bpmn:subProcess>`;
const task = (id: string, ...boundaries: readonly string[]) =>
  `${userTask(id)}${boundaries.map((boundary) => `${timerBoundary(boundary, id, "P1D", false)}${endEvent(`${boundary}_e`)}`).join("")}`;
const flows = (path: string, ...boundaries: readonly string[]) =>
  [path, ...boundaries.map((boundary) => `${boundary} -> ${boundary}_e`)].join("\n");
const simple = (inside: string, path: string) => bpmn([startEvent(), inside, endEvent()].join(""), path, { root });

describe("a case in a new version", () => {
  it("tells why it went there and what has another name", async () => {
    const moved = await Migrated.start(simple(task("a"), "start -> a -> end"));
    await moved.to(simple(task("b"), "start -> b -> end"), { a: "b" });
    expect(moved.events).toMatchObject([
      { type: "process.migrated", element: "p", reason: "new rules", elements: { a: "b" } },
    ]);
    expect(moved.waits).toEqual(["task b"]);
  });

  it("is refused as a whole when something has no place there", async () => {
    const moved = await Migrated.start(simple(task("a"), "start -> a -> end"));
    const before = JSON.stringify(moved.state);
    await expect(moved.to(simple(task("b"), "start -> b -> end"))).rejects.toThrow(
      expect.objectContaining({
        code: "MIGRATION_IMPOSSIBLE",
        element: "a",
        message: expect.stringContaining("a:") as string,
      }),
    );
    expect(JSON.stringify(moved.state)).toBe(before);
  });

  it("drops the boundary events that are gone, arms new ones, and lets the others be", async () => {
    const moved = await Migrated.start(simple(task("a", "gone", "kept"), flows("start -> a -> end", "gone", "kept")));
    const kept = Object.values(moved.state.waits).find(({ element }) => element === "kept");
    await moved.to(simple(task("a", "kept", "added"), flows("start -> a -> end", "kept", "added")));
    expect(moved.waits.toSorted()).toEqual(["task a", "timer added", "timer kept"]);
    expect(moved.told.toSorted()).toEqual(["process.migrated p", "timer.cancelled gone", "timer.scheduled added"]);
    expect(Object.values(moved.state.waits)).toContainEqual(kept);
  });

  it("drops the event sub-processes that are gone, arms new ones, and lets the others be", async () => {
    const moved = await Migrated.start(
      simple(`${task("a")}${listening("gone")}${listening("kept")}`, "start -> a -> end"),
    );
    await moved.to(simple(`${task("a")}${listening("kept")}${listening("added")}`, "start -> a -> end"));
    expect(moved.waits.toSorted()).toEqual(["message added_s", "message kept_s", "task a"]);
  });

  it("is refused when an event sub-process goes on under another name, and its start event under none", async () => {
    const moved = await Migrated.start(simple(`${task("a")}${listening("old")}`, "start -> a -> end"));
    const next = simple(`${task("a")}${listening("new")}`, "start -> a -> end");
    await expect(moved.to(next, { old: "new" })).rejects.toThrow(
      expect.objectContaining({ code: "MIGRATION_IMPOSSIBLE", element: "old_s" }),
    );
    await moved.to(next, { old: "new", old_s: "new_s" });
    expect(moved.waits.toSorted()).toEqual(["message new_s", "task a"]);
  });

  it("does the same within a sub-process", async () => {
    const sub = (inside: string) =>
      `<bpmn:subProcess id="sub">${startEvent("ss")}${task("a")}${endEvent("se")}${inside}${flowXml("ss -> a -> se").xml}</bpmn:subProcess>`;
    const moved = await Migrated.start(simple(sub(""), "start -> sub -> end"));
    await moved.to(simple(sub(listening("added")), "start -> sub -> end"));
    expect(moved.waits.toSorted()).toEqual(["message added_s", "task a"]);
    expect(moved.complete("a").state.status).toBe("completed");
  });

  it("arms boundary events for a loop as a whole, not for its instances", async () => {
    const loop = (boundaries: readonly string[]) =>
      task("a", ...boundaries).replace(
        "</bpmn:userTask>",
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>",
      );
    const moved = await Migrated.start(simple(loop([]), "start -> a -> end"));
    await moved.to(simple(loop(["added"]), flows("start -> a -> end", "added")));
    expect(moved.waits.toSorted()).toEqual(["task a", "task a", "timer added"]);
    expect(moved.complete("a").complete("a").state.status).toBe("completed");
  });

  it("keeps what it has called, under the call's new name", async () => {
    const called = `<bpmn:process id="q" isExecutable="true">${startEvent("qs")}${userTask("a")}${endEvent("qe")}${flowXml("qs -> a -> qe").xml}</bpmn:process>`;
    const caller = (id: string) =>
      bpmn(
        [startEvent(), `<bpmn:callActivity id="${id}" calledElement="q"/>`, userTask("after"), endEvent()].join(""),
        `start -> ${id} -> after -> end`,
        { more: called },
      );
    const moved = await Migrated.start(caller("call"));
    await moved.to(caller("renamed"), { call: "renamed", a: "after" });
    expect(moved.waits).toEqual(["task a"]);
    expect(Object.values(moved.state.scopes)).toContainEqual(
      expect.objectContaining({ kind: "calledProcess", process: "q", element: "renamed" }),
    );
    expect(moved.complete("a").waits).toEqual(["task after"]);
  });

  it("waits at a join for the branches of the new version", async () => {
    const forked = (first: string) =>
      bpmn(
        [
          startEvent(),
          gateway("parallel", "f"),
          userTask(first),
          userTask("b"),
          gateway("parallel", "j"),
          endEvent(),
        ].join(""),
        `start -> f; f -> ${first} -> j; f -> b -> j; j -> end`,
      );
    const moved = (await Migrated.start(forked("a"))).complete("b");
    await moved.to(forked("c"), { a: "c" });
    expect(moved.complete("c").state.status).toBe("completed");
  });
});

describe("a limit that the new version puts on work under way", () => {
  const organisation = { id: "o", name: { zh: "局", en: "Bureau" }, level: "county", region: "520102" } as const;
  const explanation = {
    step: "a",
    jurisdiction: "520102",
    layersAsked: [],
    rows: [],
    bounds: [],
    basis: [],
    sentence: { zh: "", en: "" },
  };
  const route: Route = () => ({
    perform: true,
    role: "r",
    organisation,
    limit: null,
    approval: null,
    forbids: [],
    fourEyes: [],
    explanation,
  });
  const limited = (attributes: string, inner = "") => simple(userTask("a", attributes, inner), "start -> a -> end");

  it("begins to run", async () => {
    const moved = await Migrated.start(limited(""), route);
    await moved.to(limited('jieli:limit="L.NEW"'));
    expect(moved.events.filter(({ type }) => type === "limit.started")).toMatchObject([
      { element: "a", limit: "L.NEW", decision: { role: "r" } },
    ]);
  });

  it("runs for each instance of a loop, and not for the loop", async () => {
    const loop =
      "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>";
    const moved = await Migrated.start(limited("", loop), route);
    await moved.to(limited('jieli:limit="L.NEW"', loop));
    expect(moved.events.filter(({ type }) => type === "limit.started")).toHaveLength(2);
  });
});
