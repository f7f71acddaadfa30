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
} from "../../test/support/bpmn.ts";
import { journalFaults } from "../../test/support/journal.ts";
import { planReturn } from "../analysis/operations/return-plan.ts";
import type { Resumption } from "../execution/commands.ts";
import { feel } from "../execution/evaluator.ts";
import { processScopeOf } from "../execution/process-scope.ts";
import type { InstanceState } from "../execution/state.ts";
import type { Variables } from "../expressions/json.ts";
import { compileDefinitions } from "../model/compile.ts";
import type { ProcessModel } from "../model/process-model.ts";
import { stillPossible, wayBackOf, type CaseModelsAt, type WayBack } from "./way-back.ts";

const bounds = { situations: 500, pause: async () => undefined };

/** A case that is sent back and led straight back, by the same plan that the server makes. */
class Returned {
  readonly test: TestCase;
  readonly #models: ReadonlyMap<string, ProcessModel>;

  private constructor(test: TestCase, models: ReadonlyMap<string, ProcessModel>) {
    this.test = test;
    this.#models = models;
  }

  static async open(xml: string, variables: Variables = {}): Promise<Returned> {
    const { processes } = await compileDefinitions(xml);
    const models = new Map(processes.map((process) => [process.id, process]));
    return new Returned(await TestCase.open(xml, variables), models);
  }

  get state(): InstanceState {
    return this.test.running.state;
  }

  get #at(): CaseModelsAt {
    const { scopes, process } = this.state;
    const called: CaseModelsAt["called"] = (version) => this.#models.get(version.process) ?? null;
    const at: CaseModelsAt["at"] = (scope) => {
      const owner = scope === null ? process : processScopeOf({ get: (id) => scopes[id] }, scope)?.process;
      return this.#models.get(owner ?? "") ?? null;
    };
    return { at, called };
  }

  /** Takes the case back to a step of its own process. */
  async to(element: string): Promise<WayBack> {
    const { state } = this;
    const model = this.#at.at(null);
    if (!model) throw new Error("the case has no process");
    const plan = await planReturn(model, this.#models, state, element, bounds);
    if (plan.problems.length > 0) throw new Error(plan.problems.map(({ message }) => message.en).join("\n"));
    const way = wayBackOf({ models: this.#at, state, evaluator: feel }, plan.cancel);
    this.test.running.apply({ type: "moveTokens", cancel: plan.cancel, start: plan.start, reason: "returned" });
    return way;
  }

  /** Completes the step and comes straight back; the state and the whole journal then tell the same. */
  back(element: string, way: WayBack, variables: Variables = {}): void {
    const places = way.possible ? (JSON.parse(JSON.stringify(way.start)) as readonly Resumption[]) : [];
    const start = stillPossible(this.#at, this.state, places);
    if (!start) throw new Error("the way back is gone");
    const wait = this.test.wait("task", element).id;
    this.test.running.apply({ type: "comeBack", wait, outcome: null, variables, start });
    const faults = this.faults();
    if (faults.length > 0) throw new Error(faults.join("\n"));
  }

  faults(): readonly string[] {
    return journalFaults(this.state, this.test.events);
  }

  scopes(kind: string) {
    return Object.values(this.state.scopes).filter((scope) => scope.kind === kind);
  }
}

const loop = (inner: string, sequential = true) =>
  `<bpmn:multiInstanceLoopCharacteristics isSequential="${sequential}" jieli:collection="list" jieli:elementVariable="one" ${inner}/>`;
const mapping = `<bpmn:extensionElements><jieli:in source="request" target="request"/><jieli:in source="kept" target="own"/><jieli:out source="found" target="found"/></bpmn:extensionElements>`;
const calls = (inner = "") =>
  bpmn(
    `${startEvent()}${userTask("sign")}<bpmn:callActivity id="call" calledElement="q">${mapping}${inner}</bpmn:callActivity>${timerBoundary("late", "call", "P1D")}${userTask("settle")}${endEvent()}${endEvent("lost")}`,
    "start -> sign -> call -> settle -> end; late -> lost",
    {
      more: `<bpmn:process id="q" isExecutable="true">${startEvent("s")}${userTask("x")}${userTask("y")}${endEvent("e")}${flowXml("s -> x -> y -> e").xml}</bpmn:process>`,
    },
  );

describe("straight back into a called process", () => {
  it("goes on at the step that was left, with what it wrote, and with what its caller corrected meanwhile", async () => {
    const returned = await Returned.open(calls(), { request: "old", kept: 1 });
    returned.test.complete("sign").complete("x", null, { own: 2, found: "doubt" });
    const [call] = returned.scopes("calledProcess");
    const way = await returned.to("sign");
    expect([returned.test.tasks, returned.scopes("calledProcess")]).toEqual([["sign"], []]);
    returned.back("sign", way, { request: "new", kept: 5 });
    expect(returned.test.tasks).toEqual(["y"]);
    const [again] = returned.scopes("calledProcess");
    expect(again).toMatchObject({ id: call?.id, variables: { request: "new", own: 2, found: "doubt" } });
    expect(returned.test.waits("timer").map(({ element }) => element)).toEqual(["late"]);
    expect(returned.test.complete("y").tasks).toEqual(["settle"]);
    expect(returned.test.running.variables["found"]).toBe("doubt");
  });

  it("is the second of several one by one: the first stands, and its result is not lost", async () => {
    const outputs = `jieli:outputCollection="all" jieli:outputElement="found"`;
    const returned = await Returned.open(calls(loop(outputs)), { request: "r", kept: 0, list: ["a", "b", "c"] });
    returned.test.complete("sign").complete("x", null, { found: 1 }).complete("y").complete("x", null, { found: 2 });
    const way = await returned.to("sign");
    returned.back("sign", way);
    expect(returned.scopes("multiInstance")[0]?.multiInstance).toMatchObject({ total: 3, started: 2, completed: 1 });
    expect(returned.scopes("instance")[0]?.variables).toMatchObject({ loopCounter: 2, one: "b" });
    returned.test.complete("y").complete("x", null, { found: 3 });
    expect(returned.test.complete("y").tasks).toEqual(["settle"]);
    expect(returned.faults()).toEqual([]);
  });

  it("walks again where the process now calls another, or where the call is open already", async () => {
    const returned = await Returned.open(calls(), { request: "r", kept: 0 });
    returned.test.complete("sign").complete("x");
    const before = returned.state;
    const way = await returned.to("sign");
    if (!way.possible) throw new Error("there is a way back");
    const at = (other: string): CaseModelsAt => ({
      at: () => modelsOf.get(other) ?? null,
      called: () => modelsOf.get("q") ?? null,
    });
    const { processes } = await compileDefinitions(calls());
    const { processes: others } = await compileDefinitions(calls().replace('calledElement="q"', 'calledElement="r"'));
    const modelsOf = new Map(
      [...processes, ...others.map((model) => ({ ...model, id: `other-${model.id}` }))].map((model) => [
        model.id,
        model,
      ]),
    );
    expect(stillPossible(at("p"), returned.state, way.start)).not.toBeNull();
    expect(stillPossible(at("other-p"), returned.state, way.start)).toBeNull();
    expect(stillPossible(at("p"), before, way.start)).toBeNull();
  });
});

describe("straight back into runs of a sub-process", () => {
  const inner = `${startEvent("s")}${userTask("x")}${userTask("y")}${endEvent("e")}${flowXml("s -> x -> y -> e").xml}`;
  const runs = (content = inner, sequential = false) =>
    bpmn(
      `${startEvent()}${userTask("sign")}<bpmn:subProcess id="sub">${content}${loop("", sequential)}</bpmn:subProcess>${userTask("settle")}${endEvent()}`,
      "start -> sign -> sub -> settle -> end",
    );

  it("takes up each run where it stood; one that had ended is not begun again", async () => {
    const returned = await Returned.open(runs(), { list: ["a", "b", "c"] });
    returned.test.complete("sign").complete("x", null, {}, 1).complete("y").complete("x", null, {}, 1);
    expect(returned.test.tasks).toEqual(["x", "y"]);
    const before = returned.scopes("instance").map(({ id, variables }) => [id, variables]);
    returned.back("sign", await returned.to("sign"));
    expect(returned.test.tasks).toEqual(["x", "y"]);
    expect(returned.scopes("instance").map(({ id, variables }) => [id, variables])).toEqual(before);
    expect(returned.test.complete("y").complete("x").complete("y").tasks).toEqual(["settle"]);
    expect(returned.faults()).toEqual([]);
  });

  it("is refused with the reason where several do a step of one run, whose votes could not be told from another's", async () => {
    const several = `${startEvent("s")}${userTask("x", "", loop(""))}${endEvent("e")}${flowXml("s -> x -> e").xml}`;
    const returned = await Returned.open(runs(several), { list: ["a", "b"] });
    returned.test.complete("sign");
    const way = await returned.to("sign");
    expect(way.possible ? null : [way.because.zh, way.because.en]).toEqual([
      expect.stringContaining("重新逐步办理"),
      expect.stringContaining("one of several runs"),
    ]);
  });

  it("is refused for an ad-hoc sub-process", async () => {
    const xml = bpmn(
      `${startEvent()}${userTask("sign")}<bpmn:adHocSubProcess id="sub">${userTask("x")}</bpmn:adHocSubProcess>${endEvent()}`,
      "start -> sign -> sub -> end",
    );
    const returned = await Returned.open(xml);
    returned.test.complete("sign");
    expect((await returned.to("sign")).possible).toBe(false);
  });
});

it("stands again at the join to which it had come, and fills it", async () => {
  const xml = bpmn(
    `${startEvent()}${userTask("sign")}${gateway("parallel", "f")}${userTask("a")}${userTask("b")}${gateway("parallel", "j")}${userTask("settle")}${endEvent()}`,
    "start -> sign -> f; f -> a -> j; f -> b -> j; j -> settle -> end",
  );
  const returned = await Returned.open(xml);
  returned.test.complete("sign").complete("b");
  returned.back("sign", await returned.to("sign"));
  expect(returned.test.tasks).toEqual(["a"]);
  expect(returned.test.complete("a").tasks).toEqual(["settle"]);
});
