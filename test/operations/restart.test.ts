import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appoint, taskIn } from "../api/signing-support.ts";
import { ApiBench } from "../api/support.ts";
import { claimed, done, reason } from "./row.ts";
import {
  decide,
  migrate,
  openSituation,
  openSteps,
  people,
  situations,
  taskAt,
  type LiveSituation,
  type OpenSituation,
} from "./situations.ts";

let bench: ApiBench;
const signers = ["ann", "ben"] as const;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of signers) await appoint(bench, name, "gz-medical", "mediator");
});
afterAll(() => bench.close());

/** The server process ends and another one goes on. */
async function restart(): Promise<void> {
  bench = await bench.restarted();
}

async function returnToSign(at: OpenSituation): Promise<void> {
  const { id, rev } = await taskAt(bench, at.instanceId, at.work);
  const worker = await bench.as(people.worker);
  const { targets } = (await worker.get(`/api/tasks/${id}/return/targets`)).body;
  const siblings = targets.flatMap((target: { siblings: { task: string }[] }) => target.siblings);
  await done(bench, people.worker, `/api/tasks/${id}/return`, {
    to: { element: "sign" },
    afterwards: "backToMe",
    defects: [{ place: "使用目的", what: "不一致", basis: "第十条" }],
    reason,
    rev,
    confirmedSiblings: siblings.map(({ task }: { task: string }) => task),
  });
}
const correct = async (at: OpenSituation) =>
  decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "approve" });

/** Situations from which a case can come straight back. */
const returning = situations.filter((name) => name !== "suspended");

/** What lies open when the case has come back. */
const back: Partial<Record<LiveSituation, readonly string[]>> = {
  parallelBranch: ["other", "work"],
  multiInstance: ["work", "work"],
  pausedClock: ["other", "work"],
  migrated: ["examine"],
};

describe("the way back of a return", () => {
  it.each(returning)("outlives the server: %s", async (name) => {
    const at = await openSituation(bench, name);
    await returnToSign(at);
    await restart();
    await correct(at);
    expect(await openSteps(bench, at.instanceId)).toEqual(back[name] ?? ["work"]);
    expect((await taskAt(bench, at.instanceId, at.work)).assignee?.id).toBe("u-zhang");
  });

  it("outlives a new version of the process and then the server: it leads to the step under its new name", async () => {
    const at = await openSituation(bench, "single");
    await returnToSign(at);
    await migrate(bench, at);
    await restart();
    await correct(at);
    expect(await openSteps(bench, at.instanceId)).toEqual(["examine"]);
    expect((await taskAt(bench, at.instanceId, "examine")).assignee?.id).toBe("u-zhang");
  });

  it("outlives a suspension in which the server ends", async () => {
    const at = await openSituation(bench, "single");
    await returnToSign(at);
    await done(bench, "guan", `/api/instances/${at.instanceId}/suspend`, { reason, cause: "dispute" });
    await restart();
    await done(bench, "guan", `/api/instances/${at.instanceId}/resume`, { reason });
    await correct(at);
    expect(await openSteps(bench, at.instanceId)).toEqual(["work"]);
  });
});

describe("what else was begun before the server ended", () => {
  it.each(situations.filter((name) => name !== "suspended"))("a decision can be taken back: %s", async (name) => {
    const at = await openSituation(bench, name);
    await restart();
    const { id, rev } = await taskAt(bench, at.instanceId, at.work);
    await done(bench, people.reviewer, `/api/tasks/${id}/withdraw`, { rev });
    expect(await openSteps(bench, at.instanceId)).toEqual(["review"]);
    expect((await taskAt(bench, at.instanceId, "review")).assignee?.id).toBe("u-chen");
  });

  it("somebody had begun: that is known as well, and nothing is taken back", async () => {
    const at = await openSituation(bench, "single", {}, claimed);
    await restart();
    const { id, rev } = await taskAt(bench, at.instanceId, at.work);
    const answer = await (await bench.as(people.reviewer)).post(`/api/tasks/${id}/withdraw`, { rev });
    expect([answer.status, answer.body.code]).toEqual([409, "TAKE_BACK_BEGUN"]);
  });

  it("a round keeps its votes", async () => {
    const panel = `jieli:approval="all" jieli:approvalParameters='{"signers":[{"role":"mediator"}]}'`;
    const at = await openSituation(bench, "single", { work: panel });
    for (const name of signers) {
      await restart();
      const { id, rev } = await taskIn(bench, name, at.instanceId);
      await done(bench, name, `/api/tasks/${id}/complete`, { rev, outcome: "approve", opinion: "同意" });
    }
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
  });

  it("a jump that was asked for is confirmed, also under the new name of its step", async () => {
    const at = await openSituation(bench, "single");
    const [first, second] = people.overseers;
    await returnToSign(at);
    await done(bench, first, `/api/instances/${at.instanceId}/jump`, { element: "work", reason });
    await migrate(bench, at);
    await restart();
    await done(bench, second, `/api/instances/${at.instanceId}/jump/settle`, { accepted: true, reason });
    expect(await openSteps(bench, at.instanceId)).toEqual(["examine"]);
  });
});
