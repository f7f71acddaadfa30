import { describe, expect, it } from "vitest";
import { bpmn, endEvent, startEvent, testNow, timerBoundary, userTask } from "../../../test/support/bpmn.ts";
import { compileDefinitions } from "../../model/compile.ts";
import type { Command } from "../commands.ts";
import { feel } from "../evaluator.ts";
import type { InstanceState } from "../state.ts";
import { step } from "../step.ts";

const context = { now: testNow, route: null, calledProcess: () => null, evaluator: feel };

/** A task with boundary timers that do not interrupt it; the first lasts a day, the second two. */
async function remindedBy(...timers: readonly string[]) {
  const nodes = timers.map((id, index) => `${timerBoundary(id, "a", `P${index + 1}D`, false)}${endEvent(`${id}_e`)}`);
  const flows = timers.map((id) => `${id} -> ${id}_e`);
  const { processes } = await compileDefinitions(
    bpmn(
      [startEvent(), userTask("a"), userTask("b"), endEvent(), ...nodes].join(""),
      ["start -> a -> b -> end", ...flows].join("\n"),
    ),
  );
  if (!processes[0]) throw new Error("the file does not compile");
  return processes[0];
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
