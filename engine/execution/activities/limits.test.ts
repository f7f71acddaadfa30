import { describe, expect, it } from "vitest";
import { bpmn, endEvent, startEvent, TestCase, timerBoundary, userTask } from "../../../test/support/bpmn.ts";
import type { Route, RouteQuery } from "../../routing/types.ts";

/** A route that performs every step, and the questions that it was asked. */
function asked(perform = true): { route: Route; queries: RouteQuery[] } {
  const queries: RouteQuery[] = [];
  const organisation = { id: "o", name: { zh: "局", en: "Bureau" }, level: "county", region: "520102" } as const;
  const sentence = { zh: "", en: "" };
  const explained = { jurisdiction: "520102", layersAsked: [], rows: [], bounds: [], basis: [], sentence };
  return {
    queries,
    route: (query) => {
      queries.push(query);
      return {
        perform,
        role: "r",
        organisation,
        limit: null,
        approval: null,
        forbids: [],
        fourEyes: [],
        explanation: { ...explained, step: query.step },
      };
    },
  };
}

const clocks = ["limit.started", "limit.stopped", "clocks.paused", "clocks.resumed"] as const;

describe("the clock of an activity's limit", () => {
  const file = (attributes: string, inner = "") =>
    bpmn(
      [
        startEvent(),
        userTask("a", attributes, inner),
        timerBoundary("late", "a", "P1D"),
        userTask("b"),
        endEvent(),
        endEvent("over"),
      ].join(""),
      "start -> a -> b -> end; late -> over",
    );

  it("starts when the activity begins and stops with its outcome", async () => {
    const test = await TestCase.open(file('jieli:limit="L.REPLY" jieli:outcomes="yes,no"'), {}, asked());
    test.complete("a", "yes");
    expect(test.events.filter(({ type }) => (clocks as readonly string[]).includes(type))).toMatchObject([
      { type: "limit.started", element: "a", limit: "L.REPLY", decision: { role: "r" } },
      { type: "limit.stopped", element: "a", limit: "L.REPLY", how: "completed", outcome: "yes" },
    ]);
  });

  it("stops when the activity is cancelled", async () => {
    const test = await TestCase.open(file('jieli:limit="L.REPLY"'), {}, asked());
    test.running.advance("P1D");
    expect(test.events.find(({ type }) => type === "limit.stopped")).toMatchObject({ how: "cancelled", outcome: null });
  });

  it("does not run where the case has no rules", async () => {
    const test = await TestCase.open(file('jieli:limit="L.REPLY"'));
    expect(test.complete("a").trace(...clocks)).toEqual([]);
  });

  it("does not run for a step that is skipped", async () => {
    const test = await TestCase.open(file('jieli:limit="L.REPLY"'), {}, asked(false));
    expect(test.tasks).toEqual(["b"]);
    expect(test.trace(...clocks)).toEqual([]);
  });

  it("runs for each instance of a loop", async () => {
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
    const test = await TestCase.open(file('jieli:limit="L.REPLY"', loop), {}, asked());
    test.complete("a").complete("a");
    expect(test.trace(...clocks)).toEqual(["limit.started a", "limit.stopped a", "limit.started a", "limit.stopped a"]);
  });

  it.each([
    ["is completed", (test: TestCase) => test.complete("a")],
    ["is cancelled", (test: TestCase) => test.running.advance("P1D")],
  ])("of others pause while an activity waits for the applicant, until it %s", async (_how, end) => {
    const test = await TestCase.open(file('jieli:pauses="supplement"'));
    expect(test.events.find(({ type }) => type === "clocks.paused")).toMatchObject({
      element: "a",
      reason: "supplement",
    });
    end(test);
    expect(test.trace(...clocks)).toEqual(["clocks.paused a", "clocks.resumed a"]);
    expect(test.events.find(({ type }) => type === "clocks.resumed")).toMatchObject({ reason: "supplement" });
  });
});

describe("the route is asked about", () => {
  it.each([
    ["an organisation", 'jieli:at="provider"', { at: "provider", role: null, limit: null }],
    ["a role", 'jieli:role="reviewer"', { at: null, role: "reviewer", limit: null }],
    ["a limit", 'jieli:limit="L.REPLY"', { at: null, role: null, limit: "L.REPLY" }],
  ])("an activity that names %s", async (_what, attributes, query) => {
    const { route, queries } = asked();
    await TestCase.open(
      bpmn([startEvent(), userTask("a", attributes), endEvent()].join(""), "start -> a -> end"),
      {},
      { route },
    );
    expect(queries).toEqual([{ element: "a", step: "a", ...query }]);
  });

  it("no activity that names nothing of the kind", async () => {
    const { route, queries } = asked();
    const test = await TestCase.open(
      bpmn([startEvent(), userTask("a"), endEvent()].join(""), "start -> a -> end"),
      {},
      { route },
    );
    expect(queries).toEqual([]);
    expect(test.events.find(({ type }) => type === "task.created")).toMatchObject({ decision: null });
  });

  it("the whole case, where the process has a limit", async () => {
    const { route, queries } = asked();
    const test = await TestCase.open(
      bpmn([startEvent(), userTask("a"), endEvent()].join(""), "start -> a -> end", {
        attributes: 'jieli:limit="L.E2E"',
      }),
      { kind: "x" },
      { route },
    );
    expect(queries).toEqual([{ element: "p", step: "p", at: "applicantAuthority", role: null, limit: "L.E2E" }]);
    expect(test.events[0]).toMatchObject({
      type: "process.started",
      process: "p",
      variables: { kind: "x" },
      decision: { role: "r" },
    });
  });
});
