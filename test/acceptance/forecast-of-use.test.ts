import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { variablesAt } from "../../engine/execution/variables.ts";
import type { CaseForecast } from "../../server/api/forecasts/forecasts.schema.ts";
import { GrantBench } from "../api/grants-support.ts";
import { ApiBench } from "../api/support.ts";
import { system } from "../runtime/timed-process.ts";

/**
 * Complaint 9 of users of other systems, for the use phase of a grant (DS-09): it waits for months at an event-based gateway, what
 * comes then is told by the register, and it goes round. The other processes are in `forecast.test.ts`.
 */
let bench: ApiBench;
let grants: GrantBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  grants = new GrantBench(bench);
});
afterAll(() => bench.close());

/** The case that supervises the use of a grant that is in force until this day. */
async function supervisionUntil(day: string): Promise<string> {
  const { supervision } = await grants.grant(await grants.inForce(day));
  if (!supervision) throw new Error("nobody supervises the use");
  return supervision.id;
}

async function foretold(instanceId: string): Promise<CaseForecast> {
  const answer = await (await bench.as("guan")).get(`/api/instances/${instanceId}/forecast`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

/** The clock of cases goes on while the test runs: moments agree to the minute. */
const minuteOf = (instant: string) => instant.slice(0, 16);

interface OpenedStep {
  readonly element: string;
  readonly at: string;
}

/** Every step that the case ever opened, in order. */
async function openedSteps(instanceId: string): Promise<readonly OpenedStep[]> {
  const rows = await bench.runtime.store.read(
    "SELECT element, at FROM journal WHERE instance_id = ? AND type = 'task.created' ORDER BY seq",
    [instanceId],
  );
  return rows.map((row) => ({ element: String(row["element"]), at: minuteOf(String(row["at"])) }));
}

async function openTask(instanceId: string) {
  const [row] = await bench.runtime.store.read(
    "SELECT element, wait_id, outcomes FROM task WHERE instance_id = ? AND state IN ('open', 'waiting') ORDER BY created_at, id",
    [instanceId],
  );
  return row && { element: String(row["element"]), wait: String(row["wait_id"]), outcomes: String(row["outcomes"]) };
}

async function complete(instanceId: string, wait: string, outcome: string): Promise<void> {
  await bench.runtime.dispatch({
    instanceId,
    actor: system,
    commandId: null,
    decide: async ({ state }) => {
      const { forms = {} } = variablesAt(state, wait);
      const written = { ...(forms as object), [state.waits[wait]?.element ?? ""]: {} };
      return { type: "completeTask", wait, outcome, variables: { forms: written } };
    },
  });
  await bench.runtime.settle();
}

/** Lets time pass until the next timer of the case. */
async function letTimePass(instanceId: string): Promise<void> {
  const [timer] = await bench.runtime.store.read("SELECT MIN(due_at) AS due FROM timer WHERE instance_id = ?", [
    instanceId,
  ]);
  await bench.runtime.moveClock(String(timer?.["due"]));
}

/**
 * Each step is done at once with its first outcome, or the one given here, and otherwise nothing happens but time: until `isOver`.
 * Gives what was foretold at each point, with the steps that were open and had been opened by then.
 */
async function live(instanceId: string, outcomes: Record<string, string>, isOver: (step: string) => boolean) {
  const points: { readonly told: CaseForecast; readonly done: number }[] = [];
  for (let moves = 0; moves < 30; moves += 1) {
    const task = await openTask(instanceId);
    points.push({ told: await foretold(instanceId), done: (await openedSteps(instanceId)).length - (task ? 1 : 0) });
    if (!task) {
      await letTimePass(instanceId);
      continue;
    }
    await complete(instanceId, task.wait, outcomes[task.element] ?? task.outcomes.split(" ")[0] ?? "");
    if (isOver(task.element)) return points;
  }
  throw new Error("it goes on and on");
}

const told = ({ steps }: CaseForecast) =>
  steps.map(({ element, opens }) => ({ element, at: minuteOf(opens.earliest) }));

describe("complaint 9: what is foretold of a grant in use", () => {
  it("is at every point what then comes by its register, up to the new term that nobody can know yet", async () => {
    const id = await supervisionUntil("2027-05-31");
    const points = await live(id, {}, (step) => step === "Task_RenewDecide");
    const happened = await openedSteps(id);
    expect(happened.map(({ element }) => element)).toEqual([
      "Task_Report",
      "Task_Unused",
      "Task_Report",
      "Task_Renew",
      "Task_RenewReview",
      "Task_RenewDecide",
    ]);
    for (const point of points) {
      const ahead = told(point.told);
      const [open] = point.told.steps;
      // A step that is open was opened before the forecast.
      const rest = happened.slice(point.done);
      expect(ahead.slice(open?.isOpen ? 1 : 0)).toEqual(rest.slice(open?.isOpen ? 1 : 0));
      expect(ahead[0]?.element).toBe(rest[0]?.element);
      expect(point.told.end).toMatchObject({ how: "depends", name: { zh: "登记续期" } });
    }
  });

  it("says unless what event the steps come, and on which job's result they depend", async () => {
    const { steps } = await foretold(await supervisionUntil("2027-11-01"));
    const on = (element: string) =>
      steps.find((step) => step.element === element)?.dependsOn.map((each) => `${each.on} ${each.name.zh}`);
    // A change that the provider announces may end the service.
    expect(on("Task_Report")).toEqual(expect.arrayContaining(["unless 提前停止", "unless 提供方提出变更"]));
    expect(on("Task_Unused")).toContain("job 核查90日调用情况");
    expect(on("Task_Report")).not.toContain("job 核查90日调用情况");
    expect(steps.filter(({ repeats }) => repeats)).toEqual([]);
  });

  it("is its end where the user gives the access up instead of renewing it", async () => {
    const id = await supervisionUntil("2027-10-01");
    await live(id, { Task_Renew: "stop" }, (step) => step === "Task_Renew");
    const before = (await openedSteps(id)).length - 1;
    const { steps, end } = await foretold(id);
    expect([steps.map(({ element }) => element), end.how]).toEqual([["Task_Disposal", "Task_DisposalCheck"], "ended"]);
    await live(id, {}, (step) => step === "Task_DisposalCheck");
    expect((await openedSteps(id)).slice(before).map(({ element }) => element)).toEqual([
      "Task_Disposal",
      "Task_DisposalCheck",
    ]);
    expect(await foretold(id)).toMatchObject({ steps: [], end: { how: "ended" } });
  });
});
