import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TestCase } from "../../test/support/bpmn.ts";
import type { Variables } from "../expressions/json.ts";
import { translate } from "./translate.ts";

const folder = join(import.meta.dirname, "..", "..", "test", "interchange");

async function start(file: string, variables: Variables): Promise<TestCase> {
  const result = await translate(readFileSync(join(folder, file), "utf8"), { roles: new Set(), actors: new Map() });
  if (result.type === "refused") throw new Error(JSON.stringify(result.problems));
  return TestCase.open(result.xml, variables);
}

/** What the other engine would do with the same file and data, as its documentation says. */
describe("a translated file runs as it did", () => {
  it.each([
    [{ approved: true, days: 10 }, ["register"]],
    [{ approved: true, days: 11 }, []],
    [{ approved: false, days: 1 }, []],
  ])("the leave of Camunda 7 with %j goes on to %j", async (variables, jobs) => {
    const running = (await start("camunda7-leave.bpmn", variables)).complete("approve");
    expect(running.waits("job").map(({ topic, element }) => [topic, element])).toEqual(
      jobs.map((element) => ["register-leave", element]),
    );
  });

  it("the loop over reviewers of Activiti goes one by one and ends at the first who rejects", async () => {
    const running = await start("flowable-classic-loop.bpmn", {
      reviewers: ["a", "b", "c"],
      rejectedBy: "",
      price: 2,
      count: 3,
    });
    expect(running.tasks).toEqual(["review"]);
    running.complete("review");
    expect(running.tasks).toEqual(["review"]);
    running.complete("review", null, { rejectedBy: "b" });
    expect(running.tasks).toEqual([]);
    expect(running.waits("job").map(({ topic }) => topic)).toEqual(["script"]);
  });

  it.each([
    [{ amount: 1001, class: "office" }, "head"],
    [{ amount: 5, class: "travel" }, "head"],
    [{ amount: 5, class: "office" }, "clerk"],
  ])("the expense of Flowable with %j goes to %s", async (form, next) => {
    const running = (await start("flowable-expense.bpmn", {})).complete("fill", null, form);
    expect(running.tasks).toEqual([next]);
  });

  it("the trip of Camunda 8 is booked below 5000, and its script sums up", async () => {
    const running = await start("camunda8-travel.bpmn", { amount: 4_999, approved: true, reason: "r", prices: [1, 2] });
    running.complete("approve");
    const [job] = running.waits("job");
    expect(job?.topic).toBe("book-ticket");
    running.running.apply({ type: "completeJob", wait: job?.id ?? "", variables: {} });
    expect(running.waits("job").map(({ topic }) => topic)).toEqual(["python-script"]);
    expect(running.running.variables).toMatchObject({ total: 3, decisionReason: "r" });
  });
});
