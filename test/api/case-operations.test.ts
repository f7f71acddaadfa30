import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  decide,
  openSituation,
  openSteps,
  people,
  situations,
  taskAt,
  type LiveSituation,
} from "../operations/situations.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const [first, second] = people.overseers;
const reason = "依法处理";

/** What `work` and what stands beside it lead to, when two overseers jump to `settle`. */
describe("a jump by two persons", () => {
  it.each(situations)("%s", async (name) => {
    const at = await openSituation(bench, name);
    const jump = (account: string, path: string, body: object) =>
      bench.as(account).then((person) => person.post(`/api/instances/${at.instanceId}/${path}`, body));
    const asked = await jump(first, "jump", { element: "settle", reason });
    expect(asked.status, asked.text).toBe(200);
    const before = await openSteps(bench, at.instanceId);
    expect((await jump(first, "jump/settle", { accepted: true, reason })).body.code).toBe("SECOND_PERSON_NEEDED");
    expect(await openSteps(bench, at.instanceId)).toEqual(before);
    const settled = await jump(second, "jump/settle", { accepted: true, reason });
    expect(settled.status, settled.text).toBe(200);
    if (name === "suspended") await jump(first, "resume", { reason });
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
  });
});

it("offers and takes a jump to another step only, and each jump once", async () => {
  const at = await openSituation(bench, "single");
  const [guan, huang] = await Promise.all([bench.as(first), bench.as(second)]);
  const offered = async () =>
    (await guan.get(`/api/instances/${at.instanceId}/control`)).body.steps.map(
      ({ element }: { element: string }) => element,
    );
  const ask = async (by: typeof guan, element: string) =>
    (await by.post(`/api/instances/${at.instanceId}/jump`, { element, reason })).body.code;
  expect(await offered()).toContain("settle");
  expect(await offered()).not.toContain(at.work);
  expect(await ask(guan, at.work)).toBe("JUMP_STANDS_THERE");
  expect(await ask(guan, "settle")).toBeUndefined();
  expect(await ask(guan, "settle")).toBe("JUMP_ASKED_ALREADY");
  expect(await ask(huang, "settle")).toBe("JUMP_ASKED_ALREADY");
  expect(await offered()).not.toContain("settle");
  expect(await ask(huang, "review")).toBeUndefined();
});

it("tells each act of an overseer on a case in one line, with the reason", async () => {
  const at = await openSituation(bench, "single");
  const guan = await bench.as(first);
  for (const [path, body] of [
    ["suspend", { reason: "待查", cause: "dispute" }],
    ["resume", { reason: "已查清" }],
    ["terminate", { reason: "不再需要" }],
  ] as const) {
    const answer = await guan.post(`/api/instances/${at.instanceId}/${path}`, body);
    expect(answer.status, answer.text).toBe(200);
    const said = answer.body.history.filter((line: { actor: { kind: string; name: string } }) =>
      line.actor.name.startsWith("管"),
    );
    expect(said.at(-1).sentence.zh).toContain(body.reason);
  }
  const { history } = (await guan.get(`/api/instances/${at.instanceId}`)).body;
  const acts = /^(case|process)\.(suspended|suspendedUntil|resumed|terminated|cancelled)$/;
  const told = history.map(({ type }: { type: string }) => type).filter((type: string) => acts.test(type));
  expect(told).toEqual(["case.suspendedUntil", "case.resumed", "case.terminated"]);
});

it("says of a step that returned the case where it was returned to", async () => {
  const at = await openSituation(bench, "single");
  const { id, rev } = await at.task();
  const defects = [{ place: "使用目的", what: "不一致", basis: "第十条" }];
  const body = { to: "applicant", afterwards: "walkAgain", defects, reason, rev };
  const returned = await (await bench.as(at.account)).post(`/api/tasks/${id}/return`, body);
  expect(returned.status, returned.text).toBe(200);
  const { steps } = (await (await bench.as(first)).get(`/api/instances/${at.instanceId}`)).body;
  const step = steps.find(({ taskId }: { taskId: string }) => taskId === id);
  expect([step.state, step.closed]).toEqual(["cancelled", { zh: "已退回至“sign”", en: "Returned to “sign”" }]);
});

/** The step before is taken back while nobody has begun with what follows. */
const takenBack: Readonly<Record<LiveSituation, string>> = {
  single: "review",
  parallelBranch: "review",
  subProcess: "review",
  multiInstance: "review",
  pausedClock: "review",
  calledProcess: "review",
  suspended: "CASE_STATE_REFUSES",
  migrated: "review",
};

describe("taking back", () => {
  it.each(situations)("%s", async (name) => {
    const at = await openSituation(bench, name);
    const { id, rev } = await at.task();
    const reviewer = await bench.as(people.reviewer);
    const answer = await reviewer.post(`/api/tasks/${id}/withdraw`, { rev });
    expect(answer.status === 200 ? (await openSteps(bench, at.instanceId)).join() : answer.body.code).toBe(
      takenBack[name],
    );
    if (answer.status !== 200) return;
    expect((await taskAt(bench, at.instanceId, "review")).assignee?.id).toBe("u-chen");
    const ledger = await bench.runtime.store.read("SELECT element FROM decision_record WHERE instance_id = ?", [
      at.instanceId,
    ]);
    expect(ledger.map((row) => row["element"])).toContain("review");
    await decide(bench, { instanceId: at.instanceId, account: people.reviewer, element: "review", outcome: "approve" });
    expect(await openSteps(bench, at.instanceId)).toContain(at.work);
  });

  it.each([
    ["claimed", "work"],
    ["the branch beside it claimed", "other"],
  ])("is refused once somebody has begun: %s", async (_how, element) => {
    const at = await openSituation(bench, "parallelBranch");
    const begun = await taskAt(bench, at.instanceId, element);
    const account = element === "work" ? people.worker : people.beside;
    await (await bench.as(account)).post(`/api/tasks/${begun.id}/claim`, { rev: begun.rev });
    const { id, rev } = await at.task();
    const answer = await (await bench.as(people.reviewer)).post(`/api/tasks/${id}/withdraw`, { rev });
    expect([answer.status, answer.body.code]).toEqual([409, "TAKE_BACK_BEGUN"]);
  });

  it("goes on with what the earlier step had used of its limit", async () => {
    const at = await openSituation(bench, "single");
    const clock = async () =>
      (await at.task().catch(() => taskAt(bench, at.instanceId, "review"))).clocks.find(
        ({ limitCode }) => limitCode === "L.REVIEW",
      );
    const due = (await taskClocks(at.instanceId))["L.REVIEW"]?.dueAt;
    const { id, rev } = await at.task();
    await (await bench.as(people.reviewer)).post(`/api/tasks/${id}/withdraw`, { rev });
    expect((await clock())?.dueAt).toBe(due);
  });
});

async function taskClocks(instanceId: string) {
  const rows = await bench.runtime.store.read("SELECT ledger FROM clock WHERE instance_id = ?", [instanceId]);
  const ledgers = rows.map((row) => JSON.parse(String(row["ledger"])) as { limitCode: string; dueAt: string | null });
  return Object.fromEntries(ledgers.map((ledger) => [ledger.limitCode, ledger]));
}

it("does not let an applicant withdraw what has been decided", async () => {
  const at = await openSituation(bench, "parallelBranch");
  for (const [account, element, outcome] of [
    [people.worker, "work", "approve"],
    [people.beside, "other", "pass"],
  ] as const)
    await decide(bench, { instanceId: at.instanceId, account, element, outcome });
  const withdraw = async () =>
    (await bench.as(people.applicant)).post(`/api/instances/${at.instanceId}/withdraw`, { reason });
  await decide(bench, { instanceId: at.instanceId, account: people.head, element: "settle", outcome: "approve" });
  expect((await withdraw()).status).toBe(409);
});

it("begins an ended case anew, once, as a case of its own, linked both ways", async () => {
  const at = await openSituation(bench, "single");
  const guan = await bench.as(first);
  await guan.post(`/api/instances/${at.instanceId}/terminate`, { reason });
  const restart = () =>
    guan.post(`/api/instances/${at.instanceId}/restart`, { reason: "政府裁定", basis: "governmentDecision" });
  const answer = await restart();
  expect(answer.status, answer.text).toBe(200);
  expect((await restart()).body).toEqual(answer.body);
  const { instanceId } = answer.body;
  expect(await openSteps(bench, instanceId)).toEqual(["sign"]);
  const old = (await guan.get(`/api/instances/${at.instanceId}/control`)).body;
  const anew = (await guan.get(`/api/instances/${instanceId}/control`)).body;
  expect(old.restartedAs).toMatchObject([{ instanceId, kind: "governmentDecision" }]);
  expect(anew.restartOf).toMatchObject([{ instanceId: at.instanceId }]);
  const [row] = await bench.runtime.store.read("SELECT started_by FROM instance WHERE id = ?", [instanceId]);
  expect(row?.["started_by"]).toBe("u-wang");
  const said = (await guan.get(`/api/instances/${instanceId}`)).body.history.map(({ type }: { type: string }) => type);
  expect(said).toContain("case.restartOf");
});

it("asks for a second supplement only by a head's permit, and counts it", async () => {
  const at = await openSituation(bench, "single", { sign: `jieli:pauses="supplement"` });
  const defects = [{ place: "使用目的", what: "不一致", basis: "第十条" }];
  const back = async () => {
    const { id, rev } = await at.task();
    const body = { to: "applicant", afterwards: "backToMe", defects, reason, rev };
    return (await bench.as(at.account)).post(`/api/tasks/${id}/return`, body);
  };
  expect((await back()).status).toBe(200);
  await decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "approve" });
  expect((await back()).body.code).toBe("SUPPLEMENT_USED_UP");
  const { id, rev } = await at.task();
  const permit = (account: string) =>
    bench.as(account).then((person) => person.post(`/api/tasks/${id}/return/permit`, { rev, reason: "新法规施行" }));
  expect((await permit(at.account)).status).toBe(403);
  expect((await permit(people.head)).status).toBe(200);
  expect((await back()).status).toBe(200);
  const lines = await bench.runtime.store.read(
    "SELECT type FROM journal WHERE instance_id = ? AND type LIKE 'supplement.%' ORDER BY seq",
    [at.instanceId],
  );
  expect(lines.map((line) => line["type"])).toEqual(["supplement.permitted", "supplement.violation"]);
});

it("carries over, as the system, a step whose fields did not change, and asks the other one again", async () => {
  const at = await openSituation(bench, "single", {
    review: `jieli:reviews="request.purpose"`,
    work: `jieli:reviews="request.items"`,
  });
  await decide(bench, { instanceId: at.instanceId, account: at.account, element: "work", outcome: "approve" });
  const settle = await taskAt(bench, at.instanceId, "settle");
  const body = { afterwards: "walkAgain", defects: [{ place: "数据项", what: "超出必要", basis: "R4" }], reason };
  const head = await bench.as(people.head);
  await head.post(`/api/tasks/${settle.id}/return`, { ...body, to: "applicant", rev: settle.rev });
  const sign = await taskAt(bench, at.instanceId, "sign");
  const corrected = await (
    await bench.as(people.signer)
  ).post(`/api/tasks/${sign.id}/corrections`, {
    rev: sign.rev,
    request: { items: ["a"] },
  });
  expect(corrected.status, corrected.text).toBe(200);
  expect(corrected.body.changes).toMatchObject([
    { path: "request.items", label: { en: "Data items" }, before: ["a", "b"], after: ["a"] },
  ]);
  await decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "approve" });
  expect(await openSteps(bench, at.instanceId)).toEqual(["work"]);
  const [carried] = await bench.runtime.store.read(
    "SELECT * FROM task WHERE instance_id = ? AND carried_from IS NOT NULL",
    [at.instanceId],
  );
  expect([carried?.["element"], carried?.["state"], carried?.["assignee_id"]]).toEqual(["review", "completed", null]);
  const history = (await (await bench.as(first)).get(`/api/instances/${at.instanceId}`)).body.history;
  const line = history.find(({ type }: { type: string }) => type === "decision.carriedOver");
  expect([line.actor.kind, line.sentence.en]).toEqual(["system", expect.stringContaining("carried over")]);
});
