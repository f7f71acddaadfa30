import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addMs } from "../../engine/calendar/dates.ts";
import { newId } from "../../server/store/ids.ts";
import { ApiBench } from "../api/support.ts";
import {
  decide,
  openSituation,
  openSteps,
  people,
  startCase,
  taskAt,
  type OpenSituation,
} from "../operations/situations.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const reason = "依据不足";
const defects = [{ place: "使用目的", what: "与依据不一致", basis: "共享条例第十条" }];
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

async function back(at: OpenSituation, body: object = {}) {
  const task = await at.task();
  const worker = await bench.as(at.account);
  const { targets } = (await worker.get(`/api/tasks/${task.id}/return/targets`)).body;
  const confirmedSiblings = targets
    .flatMap((target: { siblings: { task: string }[] }) => target.siblings)
    .map(({ task: id }: { task: string }) => id);
  const wish = { to: "previous", afterwards: "walkAgain", defects, reason, rev: task.rev, confirmedSiblings };
  const answer = await worker.post(`/api/tasks/${task.id}/return`, { ...wish, ...body });
  expect(answer.status, answer.text).toBe(200);
}

const review = (instanceId: string) =>
  decide(bench, { instanceId, account: people.reviewer, element: "review", outcome: "approve" });

async function counted(sql: string, id: string): Promise<number> {
  const [row] = await bench.runtime.store.read(sql, [id]);
  return Number(row?.["n"]);
}

describe("complaints about returns", () => {
  it("1: a return from a step of several leaves somebody with an open task, and the case is not lost", async () => {
    const at = await openSituation(bench, "multiInstance");
    await back(at);
    expect(await openSteps(bench, at.instanceId)).toEqual(["review"]);
    await review(at.instanceId);
    for (let signer = 0; signer < 2; signer += 1)
      await decide(bench, { instanceId: at.instanceId, account: at.account, element: "work", outcome: "approve" });
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
  });

  it("2: back and forth, a step of several has each of its tasks once", async () => {
    const at = await openSituation(bench, "multiInstance");
    for (let round = 0; round < 3; round += 1) {
      await back(at);
      await review(at.instanceId);
      expect(await openSteps(bench, at.instanceId)).toEqual(["work", "work"]);
    }
  });

  it("3: a parallel branch can return the case, and the join is filled afterwards", async () => {
    const at = await openSituation(bench, "parallelBranch");
    await back(at);
    await review(at.instanceId);
    await decide(bench, { instanceId: at.instanceId, account: people.beside, element: "other", outcome: "pass" });
    await decide(bench, { instanceId: at.instanceId, account: at.account, element: "work", outcome: "approve" });
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
  });

  it("4: after a return, the limit's reminder fires again, exactly once", async () => {
    const at = await openSituation(bench, "single");
    await back(at);
    await review(at.instanceId);
    const due = (await at.task()).dueAt ?? "";
    await bench.runtime.moveClock(addMs(due, 3 * dayMs));
    await bench.runtime.settle();
    const lines = await bench.runtime.store.read(
      "SELECT payload FROM journal WHERE instance_id = ? AND type LIKE 'ladder.%'",
      [at.instanceId],
    );
    const rungs = lines
      .map((line) => JSON.parse(String(line["payload"])) as { limit: string; rung: string })
      .filter(({ limit }) => limit === "L.REPLY.COND")
      .map(({ rung }) => rung);
    expect(rungs.length).toBeGreaterThan(0);
    expect(new Set(rungs).size).toBe(rungs.length);
    const breached = "SELECT COUNT(*) AS n FROM journal WHERE instance_id = ? AND type = 'clock.breached'";
    expect(await counted(breached, at.instanceId)).toBeGreaterThan(0);
  });

  it("5: “previous”, the applicant and every earlier step can be named, and the steps between are skipped on the way back", async () => {
    const at = await openSituation(bench, "single");
    const { id } = await at.task();
    const { targets } = (await (await bench.as(at.account)).get(`/api/tasks/${id}/return/targets`)).body;
    expect(targets.map(({ element, kind }: { element: string; kind: string }) => [element, kind])).toEqual([
      ["sign", "applicant"],
      ["review", "previous"],
    ]);
    await back(at, { to: "applicant", afterwards: "backToMe" });
    await decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "approve" });
    expect(await openSteps(bench, at.instanceId)).toEqual(["work"]);
  });
});

describe("complaints about suspension and pauses", () => {
  it("13: a duration goes on with what was left, and fires at once in no case", async () => {
    const key = `rest-${newId().slice(-8).toLowerCase()}`;
    const xml = bpmn(
      `<bpmn:startEvent id="start"/><bpmn:intermediateCatchEvent id="rest"><bpmn:timerEventDefinition id="t"><bpmn:timeDuration>PT10H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent><bpmn:endEvent id="end"/>`,
      "start -> rest -> end",
      { id: key },
    );
    const { definition } = await publish(bench.runtime, xml);
    const id = await startCase(bench, definition, key);
    const guan = await bench.as("guan");
    const from = bench.runtime.clock.now();
    await bench.runtime.moveClock(addMs(from, 4 * hourMs));
    await guan.post(`/api/instances/${id}/suspend`, { reason, cause: "suspended" });
    await bench.runtime.moveClock(addMs(from, 100 * hourMs));
    await guan.post(`/api/instances/${id}/resume`, { reason });
    await bench.runtime.settle();
    const status = async () => (await guan.get(`/api/instances/${id}`)).body.status;
    expect(await status()).toBe("running");
    await bench.runtime.moveClock(addMs(from, 105 * hourMs));
    expect(await status()).toBe("running");
    // The clock of the bench runs on while the requests are under way, by less than this minute.
    await bench.runtime.moveClock(addMs(from, 106 * hourMs + 60_000));
    expect(await status()).toBe("completed");
  });

  it("13: a suspension with an end goes on by itself, as the system", async () => {
    const at = await openSituation(bench, "single");
    const guan = await bench.as("guan");
    const until = addMs(bench.runtime.clock.now(), 2 * dayMs);
    await guan.post(`/api/instances/${at.instanceId}/suspend`, { reason, cause: "dispute", until });
    await bench.runtime.moveClock(addMs(until, hourMs));
    const { status, history } = (await guan.get(`/api/instances/${at.instanceId}`)).body;
    expect(status).toBe("running");
    const line = history.find(({ type }: { type: string }) => type === "process.resumed");
    expect(line.actor.kind).toBe("system");
  });

  it("14: a suspended case that changes its version keeps its clocks at rest and raises no incident", async () => {
    const at = await openSituation(bench, "migrated");
    const guan = await bench.as("guan");
    await guan.post(`/api/instances/${at.instanceId}/suspend`, { reason, cause: "suspended" });
    const [row] = await bench.runtime.store.read("SELECT process_key, definition_id FROM instance WHERE id = ?", [
      at.instanceId,
    ]);
    const [old] = await bench.runtime.store.read("SELECT xml FROM definition WHERE id = ?", [at.definitionId]);
    const next = await publish(bench.runtime, String(old?.["xml"]).replace(`name="settle"`, `name="决定"`));
    const moved = await (
      await bench.as("lin")
    ).post("/api/migrations", { from: String(row?.["definition_id"]), to: next.definition, reason, apply: true });
    expect(moved.body.cases).toMatchObject([{ migrated: true }]);
    await bench.runtime.moveClock(addMs(bench.runtime.clock.now(), 60 * dayMs));
    const detail = (await guan.get(`/api/instances/${at.instanceId}`)).body;
    const limit = detail.clocks.find(({ limitCode }: { limitCode: string }) => limitCode === "L.REPLY.COND");
    expect([detail.status, limit.state, detail.openIncidents]).toEqual(["suspended", "paused", []]);
  });

  it("15: the way back of a return is taken along when the case changes its version, or the migration says why not", async () => {
    const at = await openSituation(bench, "single");
    await back(at, { to: "applicant", afterwards: "backToMe" });
    const [old] = await bench.runtime.store.read("SELECT xml FROM definition WHERE id = ?", [at.definitionId]);
    const next = await publish(bench.runtime, String(old?.["xml"]).replaceAll(/(?<=["_])work(?=["_])/g, "examine"));
    const plan = {
      elements: { work: "examine" },
      flows: { review_work: "review_examine", work_settle: "examine_settle" },
    };
    const moved = await (
      await bench.as("lin")
    ).post("/api/migrations", { from: at.definitionId, to: next.definition, reason, apply: true, plan });
    expect(moved.body.cases, moved.text).toMatchObject([{ migrated: true }]);
    await decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "approve" });
    expect(await openSteps(bench, at.instanceId)).toEqual(["examine"]);
  });

  it("16, 18: the reply limit rests while the applicant supplements, and the due moment moves by the rule", async () => {
    const at = await openSituation(bench, "parallelBranch", { sign: `jieli:pauses="supplement"` });
    const before = (await at.task()).dueAt ?? "";
    await back(at, { to: "applicant", afterwards: "backToMe" });
    await bench.runtime.moveClock(addMs(bench.runtime.clock.now(), 7 * dayMs));
    await decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "approve" });
    const task = await at.task();
    expect(task.dueAt !== null && task.dueAt > before).toBe(true);
    const limit = task.clocks.find(({ limitCode }) => limitCode === "L.REPLY.COND");
    expect([limit?.state, limit?.round]).toEqual(["running", 2]);
  });

  it("19: the days of a correction are charged to nobody who waits for it", async () => {
    const at = await openSituation(bench, "single");
    await back(at, { to: "applicant", afterwards: "backToMe" });
    await bench.runtime.moveClock(addMs(bench.runtime.clock.now(), 30 * dayMs));
    await decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "approve" });
    const task = await taskAt(bench, at.instanceId, "work");
    const limit = task.clocks.find(({ limitCode }) => limitCode === "L.REPLY.COND");
    expect([limit?.state, limit?.breachedAt]).toEqual(["running", null]);
  });
});
