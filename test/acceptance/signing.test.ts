import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskSummary } from "../../server/api/tasks/tasks.schema.ts";
import { appoint, startPanel, taskIn } from "../api/signing-support.ts";
import { ApiBench } from "../api/support.ts";

/** Complaints of users of other systems about several signers (survey of the field, rows 6, 7, 8 and 12). */
let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of ["ann", "ben", "cem"]) await appoint(bench, name, "gz-medical", "mediator");
});
afterAll(() => bench.close());

const panel = (policy: string, parameters: object) =>
  `jieli:approval="${policy}" jieli:approvalParameters='${JSON.stringify({ signers: [{ role: "mediator" }], ...parameters })}'`;
async function act(account: string, instanceId: string, path: string, body: object) {
  const { id, rev } = await taskIn(bench, account, instanceId);
  return (await bench.as(account)).post(`/api/tasks/${id}/${path}`, { rev, ...body });
}
const vote = (account: string, instanceId: string, outcome: string) =>
  act(account, instanceId, "complete", { outcome, opinion: "理由" });
const statusOf = async (instanceId: string) =>
  (await bench.runtime.store.read("SELECT status FROM instance WHERE id = ?", [instanceId]))[0]?.["status"];

describe("complaint 6: with a share of one half, one refusal ends the case", () => {
  it("goes on until the share can be reached no more, and passes with the others", async () => {
    const id = await startPanel(bench, panel("vote", { passShare: 0.5 }));
    await vote("ann", id, "reject");
    expect(await statusOf(id)).toBe("running");
    await vote("ben", id, "approve");
    await vote("cem", id, "approve");
    const [row] = await bench.runtime.store.read("SELECT round FROM signing_round WHERE instance_id = ?", [id]);
    expect(JSON.parse(String(row?.["round"])).result).toMatchObject({ outcome: "approve", reason: "passed" });
  });
});

describe("complaint 7: after one refuses, the others find it among what they did", () => {
  it("is in the done list of who decided, and of nobody else", async () => {
    const id = await startPanel(bench, panel("any", {}));
    await vote("ann", id, "reject");
    for (const [account, expected] of [
      ["ann", 1],
      ["ben", 0],
      ["cem", 0],
    ] as const) {
      const page = await (await bench.as(account)).get("/api/tasks?view=done&limit=100");
      const done = (page.body.items as TaskSummary[]).filter(({ instanceId }) => instanceId === id);
      expect([account, done.length]).toEqual([account, expected]);
    }
  });
});

describe("complaint 8: signers who were added cannot be taken out, and refusing is impossible meanwhile", () => {
  it("lets who asked take them out, and lets whoever is asked refuse", async () => {
    const id = await startPanel(bench, "");
    const mine = await taskIn(bench, "zhang", id);
    await (await bench.as("zhang")).post(`/api/tasks/${mine.id}/claim`, { rev: mine.rev });
    for (const person of ["u-ann", "u-ben"]) await act("zhang", id, "signers", { person, place: "beside" });
    const added = await taskIn(bench, "ann", id);
    const removed = await (
      await bench.as("zhang")
    ).post(`/api/tasks/${added.id}/remove-signer`, { rev: added.rev, reason: "另行会商" });
    expect(removed.status, removed.text).toBe(200);
    expect((await vote("ben", id, "reject")).status).toBe(200);
    // Whose task it is signs as well; one vote against is enough all the same.
    expect((await vote("zhang", id, "approve")).status).toBe(200);
    const [row] = await bench.runtime.store.read("SELECT round FROM signing_round WHERE instance_id = ?", [id]);
    expect(JSON.parse(String(row?.["round"])).result).toMatchObject({ outcome: "reject" });
    expect(await statusOf(id)).toBe("completed");
  });
});

describe("complaint 12: nobody can be added to a step that runs with several", () => {
  it("asks one more signer in a round that has begun, and waits for them", async () => {
    const id = await startPanel(bench, panel("all", {}));
    await vote("ann", id, "approve");
    const added = await act("ben", id, "signers", { person: "u-zheng", place: "beside" });
    expect(added.status, added.text).toBe(200);
    await vote("ben", id, "approve");
    await vote("cem", id, "approve");
    expect(await statusOf(id)).toBe("running");
    expect((await vote("zheng", id, "approve")).status).toBe(200);
    expect(await statusOf(id)).toBe("completed");
  });
});
