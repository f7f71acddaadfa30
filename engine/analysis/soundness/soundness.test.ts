import { describe, expect, it } from "vitest";
import { bpmn, endEvent, flowXml, gateway, startEvent, timerBoundary, userTask } from "../../../test/support/bpmn.ts";
import { compileDefinitions } from "../../model/compile.ts";
import { checkSoundness } from "./soundness.ts";

async function check(nodes: string, flows: string, situations = 4_000) {
  const { processes } = await compileDefinitions(bpmn(nodes, flows, { root: '<bpmn:error id="er" errorCode="E"/>' }));
  const [model] = processes;
  if (!model) throw new Error("the model does not compile");
  return checkSoundness(model, new Map(), { situations, pause: async () => undefined });
}
const found = (report: Awaited<ReturnType<typeof check>>) =>
  report.findings.map(({ code, element, trace }) => ({
    code,
    element,
    trace: trace.map((step) => `${step.element} ${step.what}`).join(", "),
  }));
const outcomes = (id: string, names: string) => userTask(id, `jieli:outcomes="${names}"`);

describe("soundness", () => {
  it("finds the join that waits for a branch that an exclusive choice did not take, by the shortest way", async () => {
    const nodes = [
      startEvent(),
      userTask("a"),
      gateway("exclusive", "x"),
      userTask("b"),
      userTask("c"),
      gateway("parallel", "j"),
      endEvent(),
    ].join("");
    expect(
      found(await check(nodes, "start -> a -> x; x -> b if n > 1; x -> c default; b -> j; c -> j; j -> end")),
    ).toEqual([{ code: "SOUNDNESS_DEADLOCK", element: "j", trace: "start start, a completed, b completed" }]);
  });

  it("follows the outcomes of tasks: a join that only one of them can block is found with that outcome", async () => {
    const nodes = [
      startEvent(),
      outcomes("a", "yes no"),
      gateway("inclusive", "split"),
      userTask("b"),
      userTask("c"),
      gateway("parallel", "j"),
      endEvent(),
    ].join("");
    const flows = `start -> a -> split; split -> b; split -> c if outcome = "yes"; b -> j; c -> j; j -> end`;
    expect(found(await check(nodes, flows))).toEqual([
      { code: "SOUNDNESS_DEADLOCK", element: "j", trace: "start start, a no, b completed" },
    ]);
  });

  it("is content with what a sound process does, also with loops, timers and event sub-processes", async () => {
    const sub = `<bpmn:subProcess id="sub">${startEvent("s2")}${outcomes("b", "again done")}${gateway("exclusive", "x")}${endEvent("e2")}${flowXml(`s2 -> b -> x; x -> b if outcome = "again"; x -> e2 if outcome = "done"`).xml}</bpmn:subProcess>`;
    const handler = `<bpmn:subProcess id="h" triggeredByEvent="true"><bpmn:startEvent id="hs" isInterrupting="false"><bpmn:timerEventDefinition id="hd"><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:startEvent>${userTask("ht")}${endEvent("he")}${flowXml("hs -> ht -> he").xml}</bpmn:subProcess>`;
    const nodes = [
      startEvent(),
      gateway("parallel", "f"),
      sub,
      userTask("c"),
      timerBoundary("late", "c", "P1D", false),
      userTask("chase"),
      gateway("inclusive", "j"),
      endEvent(),
      endEvent("e3"),
      handler,
    ].join("");
    const report = await check(nodes, "start -> f -> sub -> j; f -> c -> j; j -> end; late -> chase -> e3");
    expect(report).toMatchObject({ findings: [], stoppedEarly: false });
    expect(report.situations).toBeGreaterThan(10);
  });

  it.each([
    ["timeDate", "request.until"],
    ["timeDuration", "request.patience"],
    ["timeCycle", "request.rhythm"],
  ])("takes a %s whose data are unknown for one that fires some day", async (time, expression) => {
    const timer = `<bpmn:boundaryEvent id="late" attachedToRef="a"><bpmn:timerEventDefinition id="t"><bpmn:${time}>${expression}</bpmn:${time}></bpmn:timerEventDefinition></bpmn:boundaryEvent>`;
    const nodes = [startEvent(), userTask("a"), timer, userTask("b"), endEvent()].join("");
    expect(found(await check(nodes, "start -> a -> end; late -> b -> end"))).toEqual([]);
  });

  it("takes a reminder that leads through a link for one that leads straight there", async () => {
    const link = (kind: string) =>
      `<bpmn:intermediate${kind}Event id="link${kind}"><bpmn:linkEventDefinition id="l${kind}" name="late"/></bpmn:intermediate${kind}Event>`;
    const nodes = [
      startEvent(),
      outcomes("a", "again done"),
      timerBoundary("late", "a", "P1D", false),
      gateway("exclusive", "x"),
      userTask("chase"),
      endEvent(),
      endEvent("chased"),
    ].join("");
    const rest = `start -> a -> x; x -> a if outcome = "again"; x -> end default; chase -> chased`;
    const straight = await check(nodes, `${rest}; late -> chase`);
    const linked = await check(
      `${nodes}${link("Throw")}${link("Catch")}`,
      `${rest}; late -> linkThrow; linkCatch -> chase`,
    );
    expect(found(linked)).toEqual([]);
    expect(linked.situations).toBe(straight.situations);
  });

  it("finds branches that were never joined", async () => {
    const nodes = [
      startEvent(),
      gateway("parallel", "f"),
      userTask("a"),
      userTask("b"),
      gateway("exclusive", "m"),
      userTask("c"),
      endEvent(),
    ].join("");
    expect(found(await check(nodes, "start -> f -> a -> m; f -> b -> m; m -> c -> end"))).toEqual([
      { code: "SOUNDNESS_NOT_SYNCHRONISED", element: "c", trace: "start start, a completed, b completed" },
    ]);
  });

  it("finds a step that no outcome leads to", async () => {
    const nodes = [
      startEvent(),
      outcomes("a", "yes no"),
      gateway("exclusive", "x"),
      userTask("b"),
      userTask("c"),
      endEvent(),
    ].join("");
    const flows = `start -> a -> x; x -> b if outcome = "perhaps"; x -> c default; b -> end; c -> end`;
    expect(found(await check(nodes, flows)).map(({ code, element }) => `${code} ${element}`)).toEqual([
      "SOUNDNESS_DEAD_STEP b",
    ]);
  });

  it("does not call a step dead that a called process which is not at hand may lead to", async () => {
    const nodes = [
      startEvent(),
      '<bpmn:callActivity id="call" calledElement="elsewhere"/>',
      '<bpmn:boundaryEvent id="failed" attachedToRef="call"><bpmn:errorEventDefinition errorRef="er"/></bpmn:boundaryEvent>',
      userTask("mend"),
      endEvent(),
    ].join("");
    expect(found(await check(nodes, "start -> call -> end; failed -> mend"))).toEqual([]);
  });

  it("finds the point from which no end can be reached", async () => {
    const nodes = [
      startEvent(),
      outcomes("a", "in out"),
      gateway("exclusive", "x"),
      userTask("b"),
      userTask("c"),
      endEvent(),
    ].join("");
    const flows = `start -> a -> x; x -> b if outcome = "in"; x -> end if outcome = "out"; b -> c; c -> b`;
    expect(found(await check(nodes, flows))).toEqual([
      { code: "SOUNDNESS_NO_END", element: "b", trace: "start start, a in" },
    ]);
  });

  it("tells an error that nothing catches and a loop that waits for nothing", async () => {
    const thrown = `<bpmn:endEvent id="e2"><bpmn:errorEventDefinition id="ed" errorRef="er"/></bpmn:endEvent>`;
    expect(found(await check([startEvent(), userTask("a"), thrown].join(""), "start -> a -> e2"))).toMatchObject([
      { code: "SOUNDNESS_ERROR_UNCAUGHT", element: "e2" },
    ]);
    const loop = await check(
      [startEvent(), gateway("exclusive", "x"), gateway("exclusive", "y"), endEvent()].join(""),
      "start -> x -> y; y -> x default; y -> end if false",
    );
    expect(found(loop).map(({ code }) => code)).toContain("SOUNDNESS_ENDLESS_LOOP");
  });

  it("says when its bound came first", async () => {
    const many = Array.from({ length: 8 }, (_, index) => `t${index}`);
    const nodes = [
      startEvent(),
      gateway("parallel", "f"),
      gateway("parallel", "j"),
      endEvent(),
      ...many.map((id) => userTask(id)),
    ].join("");
    const report = await check(nodes, `start -> f; j -> end; ${many.map((id) => `f -> ${id} -> j`).join("; ")}`, 50);
    expect(report).toMatchObject({ stoppedEarly: true, situations: 50, findings: [] });
  });
});
