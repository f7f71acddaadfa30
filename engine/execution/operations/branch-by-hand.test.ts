import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, testNow, TestCase, userTask } from "../../../test/support/bpmn.ts";
import { feel } from "../evaluator.ts";
import { step } from "../step.ts";
import { compileDefinitions } from "../../model/compile.ts";

const xml = (more = "") =>
  bpmn(
    [
      startEvent(),
      userTask("ask", `jieli:outcomes="yes no" jieli:branches="way_a way_b"`),
      gateway("exclusive", "how"),
      gateway("exclusive", "way"),
      userTask("a"),
      userTask("b"),
      gateway("exclusive", "again"),
      endEvent(),
    ].join(""),
    `start -> ask -> how; how -> way if outcome = "yes"; how -> end default; way -> a if big; way -> b default
     a -> end; b -> again; again -> way if repeat; again -> end default ${more}`,
  );

const complete = (test: TestCase, element: string, outcome: string | null, branch?: string, variables = {}) =>
  test.running.apply({
    type: "completeTask",
    wait: test.wait("task", element).id,
    outcome,
    variables,
    ...(branch !== undefined && { branch }),
  });

describe("a branch that is chosen by hand", () => {
  it.each([
    ["way_a", false, ["a"]],
    ["way_b", true, ["b"]],
    [undefined, true, ["a"]],
    [undefined, false, ["b"]],
  ])("%s is taken where the conditions say big = %s", async (branch, big, tasks) => {
    const test = await TestCase.open(xml(), { big, repeat: false });
    complete(test, "ask", "yes", branch);
    expect(test.tasks).toEqual(tasks);
  });

  it("counts once: the next time the token comes to the gateway its conditions decide", async () => {
    const test = await TestCase.open(xml(), { big: true, repeat: true });
    complete(test, "ask", "yes", "way_b");
    complete(test, "b", null);
    expect(test.tasks).toEqual(["a"]);
    expect(JSON.stringify(test.running.state)).not.toContain("branch");
  });

  it("is forgotten with a decision that leads elsewhere", async () => {
    const test = await TestCase.open(xml(), { big: false, repeat: false });
    complete(test, "ask", "no", "way_a");
    expect(test.running.status).toBe("completed");
  });

  it("is kept through an incident before the gateway", async () => {
    const file = xml().replace('outcome = "yes"', 'outcome = "yes" and known');
    const test = await TestCase.open(file, { big: false, repeat: false });
    complete(test, "ask", "yes", "way_a");
    const [stuck] = Object.values(test.running.state.tokens);
    expect(stuck).toMatchObject({ at: "incident", branch: "way_a" });
    test.running.apply({ type: "setVariables", scope: null, variables: { known: true } });
    test.running.apply({ type: "retryIncident", token: stuck?.id ?? "" });
    expect(test.tasks).toEqual(["a"]);
  });

  it("is refused where the task does not offer it, and nothing changes", async () => {
    const test = await TestCase.open(xml(), { big: false, repeat: false });
    expect(() => complete(test, "ask", "yes", "how_end")).toThrow(
      expect.objectContaining({ code: "BRANCH_NOT_OFFERED" }),
    );
    expect(test.tasks).toEqual(["ask"]);
  });

  it("goes with a case to another version by the name that its flow has there, or keeps the case where it is", async () => {
    const file = xml().replace('outcome = "yes"', 'outcome = "yes" and known');
    const test = await TestCase.open(file, { big: false, repeat: false });
    complete(test, "ask", "yes", "way_a");
    const renamed = file.replaceAll("way_a", "way_first");
    const [model] = (await compileDefinitions(renamed)).processes;
    if (!model) throw new Error("the version does not compile");
    const context = { now: testNow, route: null, calledProcess: () => null, evaluator: feel };
    const migrate = (flows: Readonly<Record<string, string>>) =>
      step(model, test.running.state, { type: "migrate", reason: "换版", plan: { elements: {}, flows } }, context);
    expect(() => migrate({})).toThrow(expect.objectContaining({ code: "MIGRATION_IMPOSSIBLE" }));
    expect(Object.values(migrate({ way_a: "way_first" }).state.tokens)).toMatchObject([{ branch: "way_first" }]);
  });
});
