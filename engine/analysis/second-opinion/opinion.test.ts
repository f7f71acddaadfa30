import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, timerBoundary, userTask } from "../../../test/support/bpmn.ts";
import { compileDefinitions } from "../../model/compile.ts";
import { countsOf, secondOpinion } from "./opinion.ts";
import { ourCore } from "./our-core.ts";
import type { Executor, Subject, TraceStep } from "./scenario.ts";
import { generateScenarios } from "./scenarios.ts";

const bounds = { situations: 1_000, scenarios: 50, pause: async () => undefined };

async function subjectOf(nodes: readonly string[], flows: string): Promise<Subject> {
  const { processes, problems } = await compileDefinitions(bpmn(nodes.join(""), flows));
  const [model] = processes;
  if (!model) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return { model, called: new Map() };
}

/** Our own core with one thing done wrong, as another engine might. */
function wrong(change: (step: TraceStep) => TraceStep): Executor {
  return { name: "wrong", run: async (subject, scenario) => (await ourCore.run(subject, scenario)).map(change) };
}
const forgets = (element: string) =>
  wrong((step) => ({ ...step, completed: step.completed.filter((id) => id !== element) }));

const choice = [
  startEvent(),
  gateway("exclusive", "x"),
  userTask("a"),
  userTask("b", 'jieli:outcomes="yes no"'),
  timerBoundary("late", "a", "P1D"),
  gateway("exclusive", "y"),
  endEvent(),
  endEvent("no"),
];
const choiceFlows =
  'start -> x; x -> a if amount > 3; x -> b default; a -> end; late -> b; b -> y; y -> end default; y -> no if outcome = "no"';

describe("scenarios", () => {
  it("pass every flow and let every event happen", async () => {
    const subject = await subjectOf(choice, choiceFlows);
    const { scenarios, uncovered, stoppedEarly } = await generateScenarios(subject, bounds);
    expect({ uncovered, stoppedEarly }).toEqual({ uncovered: [], stoppedEarly: false });
    const traces = await Promise.all(scenarios.map(async (scenario) => ourCore.run(subject, scenario)));
    const taken = new Set(traces.flat().flatMap((step) => step.taken));
    expect([...taken].sort()).toEqual([...subject.model.flows.keys()].sort());
    expect(traces.map((trace) => trace.at(-1)?.status)).toEqual(traces.map(() => "ended"));
  });

  it("are the same each time", async () => {
    const subject = await subjectOf(choice, choiceFlows);
    expect(await generateScenarios(subject, bounds)).toEqual(await generateScenarios(subject, bounds));
  });

  it("name what no case can come to", async () => {
    const flows = choiceFlows.replace('outcome = "no"', 'outcome = "perhaps"');
    const { uncovered } = await generateScenarios(await subjectOf(choice, flows), bounds);
    expect(uncovered).toEqual(["y_no"]);
  });

  it("say when there were too many situations to look at", async () => {
    const few = { ...bounds, situations: 2 };
    const { uncovered, stoppedEarly } = await generateScenarios(await subjectOf(choice, choiceFlows), few);
    expect(stoppedEarly).toBe(true);
    expect(uncovered).toContain("y_no");
  });
});

describe("a second opinion", () => {
  it("agrees where both do the same", async () => {
    const opinion = await secondOpinion(await subjectOf(choice, choiceFlows), ourCore, bounds);
    const { scenarios, agree } = countsOf(opinion);
    expect(scenarios).toBeGreaterThan(1);
    expect(agree).toBe(scenarios);
    expect(opinion.uncompared).toEqual([]);
  });

  it("shows both sides of a difference, from the first one on", async () => {
    const { scenarios } = await secondOpinion(await subjectOf(choice, choiceFlows), forgets("a"), bounds);
    const suspicious = scenarios.filter((one) => one.verdict === "suspicious");
    expect(suspicious.length).toBeGreaterThan(0);
    expect(suspicious[0]).toMatchObject({
      steps: [{ en: "start at start" }, { zh: "a 完成", en: "a done" }],
      at: 1,
      ours: [{ completed: ["a", "end"] }],
      theirs: [{ completed: ["end"] }],
    });
  });

  const withComplex = [
    startEvent(),
    userTask("first"),
    gateway("parallel", "f"),
    userTask("a"),
    userTask("b"),
    '<bpmn:complexGateway id="g"><bpmn:activationCondition>activationCount = 2</bpmn:activationCondition></bpmn:complexGateway>',
    userTask("last"),
    endEvent(),
  ];
  const complexFlows = "start -> first -> f -> a -> g -> last -> end; f -> b -> g";

  it.each([
    ["a difference in the very step of a known limit is explained by it", "g", "knownLimit"],
    ["one before it is not", "first", "suspicious"],
    ["one after it is not", "last", "suspicious"],
  ])("%s", async (_what, element, verdict) => {
    const { scenarios } = await secondOpinion(await subjectOf(withComplex, complexFlows), forgets(element), bounds);
    expect(scenarios.map((one) => one.verdict)).toContain(verdict);
    expect(new Set(scenarios.map((one) => one.verdict)).size).toBe(1);
  });

  it("tells the flows that lie only behind a difference", async () => {
    const { uncompared } = await secondOpinion(await subjectOf(withComplex, complexFlows), forgets("first"), bounds);
    expect(uncompared).toContain("g_last");
    expect(uncompared).not.toContain("start_first");
  });

  it("has none where the other engine breaks down", async () => {
    const broken: Executor = { name: "broken", run: async () => Promise.reject(new Error("out of memory")) };
    const opinion = await secondOpinion(await subjectOf(choice, choiceFlows), broken, bounds);
    expect(countsOf(opinion)).toMatchObject({ agree: 0, suspicious: 0, noOpinion: opinion.scenarios.length });
    expect(opinion.scenarios[0]).toMatchObject({ reason: "out of memory" });
  });
});
