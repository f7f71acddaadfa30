import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  decide,
  openSituation,
  openSteps,
  people,
  situations,
  stepsAtHand,
  taskAt,
  type OpenSituation,
  type LiveSituation,
} from "../operations/situations.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const defects = [{ place: "使用目的", what: "与所附依据不一致", basis: "共享条例第十条" }];

async function back(at: OpenSituation, body: object) {
  const task = await at.task();
  const worker = await bench.as(at.account);
  const { targets = [] } = (await worker.get(`/api/tasks/${task.id}/return/targets`)).body;
  const siblings = targets.flatMap((target: { siblings: { task: string }[] }) => target.siblings);
  const confirmedSiblings = siblings.map((sibling: { task: string }) => sibling.task);
  const wish = { to: "previous", defects, reason: "依据不足", rev: task.rev, confirmedSiblings, ...body };
  return worker.post(`/api/tasks/${task.id}/return`, wish);
}

/** What happens to a return in each situation: the steps that are open afterwards, or the code of the refusal. */
const walked: Readonly<Record<LiveSituation, readonly string[] | string>> = {
  single: ["review"],
  parallelBranch: ["review"],
  subProcess: ["review"],
  multiInstance: ["review"],
  pausedClock: ["review"],
  calledProcess: ["review"],
  suspended: "CASE_STATE_REFUSES",
  migrated: ["review"],
};

describe("a return to the step before, to walk the way again", () => {
  it.each(situations)("%s", async (name) => {
    const at = await openSituation(bench, name);
    const answer = await back(at, { afterwards: "walkAgain" });
    const expected = walked[name];
    if (typeof expected === "string") {
      expect([answer.status, answer.body.code]).toEqual([409, expected]);
      return;
    }
    expect(answer.status, answer.text).toBe(200);
    expect(await openSteps(bench, at.instanceId)).toEqual(expected);
    const fallen = await bench.runtime.store.read(
      "SELECT element FROM task WHERE instance_id = ? AND fallen_at IS NOT NULL",
      [at.instanceId],
    );
    expect(fallen.map((row) => row["element"])).toEqual(["review"]);
    const closed = await bench.runtime.store.read(
      "SELECT DISTINCT closed_because FROM task WHERE instance_id = ? AND state = 'cancelled'",
      [at.instanceId],
    );
    expect(closed.map((row) => row["closed_because"])).toEqual(["returned"]);
    await decide(bench, { instanceId: at.instanceId, account: people.reviewer, element: "review", outcome: "approve" });
    expect(await openSteps(bench, at.instanceId)).toEqual(stepsAtHand[name]);
  });
});

describe("a return to the first step, to come straight back", () => {
  it.each(situations.filter((name) => name !== "suspended"))("%s", async (name) => {
    const at = await openSituation(bench, name);
    const answer = await back(at, { to: { element: "sign" }, afterwards: "backToMe" });
    expect(answer.status, answer.text).toBe(200);
    expect(await openSteps(bench, at.instanceId)).toEqual(["sign"]);
    await decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "approve" });
    expect(await openSteps(bench, at.instanceId)).toEqual(stepsAtHand[name]);
    const task = await at.task();
    expect(task.assignee?.id).toBe("u-zhang");
    const history = (await (await bench.as("guan")).get(`/api/instances/${at.instanceId}`)).body.history;
    const back2 = history.find(({ type }: { type: string }) => type === "tokens.cameBack");
    expect(back2.actor.kind).toBe("system");
    expect(history.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(["case.returned", "decision.fallen"]),
    );
  });

  it("walks as drawn where the step refuses", async () => {
    const at = await openSituation(bench, "single");
    await back(at, { to: { element: "sign" }, afterwards: "backToMe" });
    await decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "reject" });
    expect(await openSteps(bench, at.instanceId)).toEqual(["review"]);
  });

  it("survives a suspension and a migration on the way", async () => {
    const at = await openSituation(bench, "migrated");
    await back(at, { to: { element: "sign" }, afterwards: "backToMe" });
    const sign = await taskAt(bench, at.instanceId, "sign");
    expect(sign.state).toBe("open");
  });
});

describe("a return out of a parallel branch", () => {
  it("names the work of others that would end, and goes only when each is confirmed", async () => {
    const at = await openSituation(bench, "parallelBranch");
    const answer = await back(at, { afterwards: "walkAgain", confirmedSiblings: [] });
    expect([answer.status, answer.body.code]).toEqual([409, "SIBLINGS_NOT_CONFIRMED"]);
    expect(answer.body.problems.map(({ message }: { message: { en: string } }) => message.en)).toEqual(["other"]);
    expect(await openSteps(bench, at.instanceId)).toEqual(["other", "work"]);
  });

  it("previews what falls, who acts again and what the clocks do, and changes nothing", async () => {
    const at = await openSituation(bench, "parallelBranch");
    const before = await bench.counts();
    const task = await at.task();
    const preview = await (
      await bench.as(at.account)
    ).post(`/api/tasks/${task.id}/return/preview`, {
      to: { element: "sign" },
      afterwards: "walkAgain",
    });
    expect(preview.status, preview.text).toBe(200);
    const names = (list: { element: string }[]) => list.map(({ element }) => element);
    expect(names(preview.body.fallen)).toEqual(["sign", "review"]);
    expect(names(preview.body.acting)).toEqual(["sign", "review", "work"]);
    expect(names(preview.body.siblings)).toEqual(["other"]);
    expect(preview.body.clocks).toMatchObject([{ limit: "L.REPLY.COND", effect: "stopped", later: "restart" }]);
    expect(preview.body.supplement).toEqual({ uses: true, used: false, permitted: false });
    expect(await bench.counts()).toEqual(before);
  });
});

it("needs a defect, a reason and the right", async () => {
  const at = await openSituation(bench, "single");
  const task = await at.task();
  const wish = { to: "previous", afterwards: "walkAgain", defects, reason: "x", rev: task.rev };
  const post = async (account: string, body: object) =>
    (await bench.as(account)).post(`/api/tasks/${task.id}/return`, { ...wish, ...body });
  expect((await post(at.account, { defects: [] })).status).toBe(422);
  expect((await post(at.account, { reason: " " })).status).toBe(422);
  expect((await post(people.stranger, {})).status).toBe(404);
  expect((await post(people.head, {})).body.code).toBe("OPERATION_NOT_YOURS");
  expect((await post(at.account, { rev: 99 })).body.code).toBe("TASK_CHANGED");
  expect((await post(at.account, { to: { element: "settle" } })).body.code).toBe("RETURN_NOT_FOUND");
});
