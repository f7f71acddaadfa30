import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { json } from "../../server/store/rows.ts";
import type { SigningRound } from "../../engine/approval/round.ts";
import { appoint, startPanel, taskIn } from "./signing-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of ["ann", "ben", "cem"]) await appoint(bench, name, "gz-medical", "mediator");
});
afterAll(() => bench.close());

let id: string;
beforeEach(async () => {
  await bench.runtime.store.transaction((tx) => tx.execute("DELETE FROM substitution"));
  id = await startPanel(bench, `jieli:approval="all" jieli:approvalParameters='{"signers":[{"role":"mediator"}]}'`);
});

const approve = { outcome: "approve", opinion: "同意" };

/** Somebody's part of the round, whoever reads it. */
async function partOf(account: string): Promise<{ id: string; rev: number }> {
  const { id: task, rev } = await taskIn(bench, account, id);
  return { id: task, rev };
}

async function send(account: string, task: { id: string; rev: number }, path: string, body: object = {}) {
  const answer = await (await bench.as(account)).post(`/api/tasks/${task.id}/${path}`, { rev: task.rev, ...body });
  return [answer.status, answer.status === 200 ? null : answer.body.code];
}

async function askedNow(): Promise<readonly (string | null)[]> {
  const [row] = await bench.runtime.store.read("SELECT round FROM signing_round WHERE instance_id = ?", [id]);
  return row ? json<SigningRound>(row, "round").signers.map(({ person }) => person?.id ?? null) : [];
}

async function standIn(person: string, substitute: string): Promise<void> {
  const now = Date.parse(bench.runtime.clock.now());
  const [from, until] = [now - 3_600_000, now + 86_400_000].map((at) => new Date(at).toISOString());
  const body = { person: `u-${person}`, substitute: `u-${substitute}`, organisation: "gz-medical", from, until };
  const answer = await (await bench.as(person)).post("/api/substitutions", { ...body, reason: "出差" });
  expect(answer.status, answer.text).toBe(201);
}

describe("no hand signs twice in a round", () => {
  it("keeps a part that was released from whoever has a part of their own, signed or not", async () => {
    const bens = await partOf("ben");
    expect(await send("ann", await partOf("ann"), "complete", approve)).toEqual([200, null]);
    expect(await send("ben", bens, "release")).toEqual([200, null]);
    const released = { ...bens, rev: bens.rev + 1 };
    expect(await askedNow()).toEqual(["u-ann", null, "u-cem"]);
    for (const account of ["ann", "cem"]) {
      expect(await send(account, released, "claim")).toEqual([403, "OPERATION_NOT_YOURS"]);
      expect(await send(account, released, "complete", approve)).toEqual([403, "OPERATION_NOT_YOURS"]);
    }
    // Whoever released it has no other part and may take it up again, by name.
    expect(await send("ben", released, "claim")).toEqual([200, null]);
    expect(await askedNow()).toEqual(["u-ann", "u-ben", "u-cem"]);
  });

  it("lets a substitute sign for one of several who are away, not for two", async () => {
    for (const away of ["ann", "ben"]) await standIn(away, "zheng");
    const [anns, bens] = [await partOf("ann"), await partOf("ben")];
    expect(await send("zheng", anns, "complete", approve)).toEqual([200, null]);
    expect(await send("zheng", bens, "complete", approve)).toEqual([403, "OPERATION_NOT_YOURS"]);
    expect(await send("ben", bens, "complete", approve)).toEqual([200, null]);
  });

  it("lets nobody sign again whose substitute has signed for them", async () => {
    await standIn("ann", "zheng");
    const bens = await partOf("ben");
    expect(await send("zheng", await partOf("ann"), "complete", approve)).toEqual([200, null]);
    expect(await send("ben", bens, "release")).toEqual([200, null]);
    expect(await send("ann", { ...bens, rev: bens.rev + 1 }, "claim")).toEqual([403, "OPERATION_NOT_YOURS"]);
  });

  it("is handed to nobody whose turn comes later", async () => {
    const inTurn = `jieli:approval="inTurn" jieli:approvalParameters='{"signers":[{"role":"mediator"}]}'`;
    id = await startPanel(bench, inTurn);
    const first = await partOf("ann");
    for (const body of [
      { to: "u-cem", reason: "分工" },
      { to: "u-ben", reason: "分工" },
    ])
      expect(await send("ann", first, "transfer", body)).toEqual([422, "RECIPIENT_BARRED"]);
    expect(await send("ann", first, "release")).toEqual([200, null]);
    expect(await send("cem", { ...first, rev: first.rev + 1 }, "claim")).toEqual([403, "OPERATION_NOT_YOURS"]);
  });
});
