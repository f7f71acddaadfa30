import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../server/store/ids.ts";
import { appoint, taskIn } from "../api/signing-support.ts";
import { ApiBench } from "../api/support.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { asked, colleague, signerAdded, workOfColleague } from "./row.ts";
import { openSituation, openSteps, people, startCase, taskAt } from "./situations.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of ["ann", "ben"]) await appoint(bench, name, "gz-medical", "mediator");
});
afterAll(() => bench.close());

const panel = `jieli:approval="all" jieli:approvalParameters='{"signers":[{"role":"mediator"}]}'`;
const version = (key: string, name: string, more: string) =>
  bpmn(
    `<bpmn:startEvent id="start"/><bpmn:userTask id="work" name="${name}" jieli:at="provider" jieli:role="provider-clerk" ${more}/><bpmn:endEvent id="end"/>`,
    "start -> work -> end",
    { id: key },
  );

/** A case of a first version, and how it changes to a second one. */
async function between(first: string, second: string) {
  const key = `changing-${newId().slice(-8).toLowerCase()}`;
  const { definition: from } = await publish(bench.runtime, version(key, "审核", first));
  const id = await startCase(bench, from, key);
  const migrate = async () => {
    const { definition: to } = await publish(bench.runtime, version(key, "复核", second));
    const body = { from, to, reason: "换版", apply: true, plan: null };
    return (await (await bench.as("lin")).post("/api/migrations", body)).body.cases[0];
  };
  return { id, migrate };
}
async function complete(account: string, id: string, outcome: string) {
  const { id: task, rev } = await taskIn(bench, account, id);
  return (await bench.as(account)).post(`/api/tasks/${task}/complete`, { rev, outcome, opinion: "理由" });
}

describe("an open task in a new version of its process", () => {
  it("asks what the new version asks: its name, its outcomes and its limit", async () => {
    const { id, migrate } = await between(
      `jieli:outcomes="approve reject" jieli:limit="L.REVIEW"`,
      `jieli:outcomes="agree reject" jieli:limit="L.REPLY.COND"`,
    );
    expect(await migrate()).toMatchObject({ migrated: true });
    const task = await taskAt(bench, id, "work");
    expect([task.name.zh, task.outcomes.map(({ code }) => code)]).toEqual(["复核", ["agree", "reject"]]);
    const limit = task.clocks.find(({ limitCode }) => limitCode === "L.REPLY.COND");
    expect([limit?.state, task.dueAt]).toEqual(["running", limit?.dueAt]);
    expect((await complete(people.worker, id, "approve")).status).toBe(422);
    expect((await complete(people.worker, id, "agree")).status).toBe(200);
  });

  it("may be kept from doing what the new version forbids", async () => {
    const { id, migrate } = await between(
      `jieli:outcomes="approve"`,
      `jieli:outcomes="approve" jieli:forbids="transfer"`,
    );
    await migrate();
    const { id: task, rev } = await taskAt(bench, id, "work");
    const transfer = { rev, to: colleague.id, reason: "轮岗" };
    const worker = await bench.as(people.worker);
    await worker.post(`/api/tasks/${task}/claim`, { rev });
    const answer = await worker.post(`/api/tasks/${task}/transfer`, { ...transfer, rev: rev + 1 });
    expect([answer.status, answer.body.code]).toEqual([409, "OPERATION_FORBIDDEN_HERE"]);
  });

  it("may do again what only the old version forbade", async () => {
    const { id, migrate } = await between(
      `jieli:outcomes="approve" jieli:forbids="transfer addSigner"`,
      `jieli:outcomes="approve" jieli:forbids="addSigner"`,
    );
    const { id: task, rev } = await taskAt(bench, id, "work");
    const worker = await bench.as(people.worker);
    await worker.post(`/api/tasks/${task}/claim`, { rev });
    const transfer = async () =>
      worker.post(`/api/tasks/${task}/transfer`, { rev: rev + 1, to: colleague.id, reason: "轮岗" });
    expect((await transfer()).body.code).toBe("OPERATION_FORBIDDEN_HERE");
    await migrate();
    const { operations } = await taskAt(bench, id, "work");
    const added = operations.find(({ operation }) => operation === "addSigner");
    expect(added?.allowed).toBe(false);
    const answer = await transfer();
    expect(answer.status, answer.text).toBe(200);
  });

  it("may not do what the route forbids, whatever the new version says", async () => {
    // The route tables of DS-08 forbid to add a signer and to delegate in this district.
    const mediation = (own: string) =>
      bpmn(
        `<bpmn:startEvent id="start"/><bpmn:userTask id="sign" jieli:step="countersign" jieli:at="mediator" jieli:role="mediator" jieli:outcomes="approve reject" ${own}/><bpmn:endEvent id="end"/>`,
        "start -> sign -> end",
        { id: "ds-08" },
      );
    const { definition: from } = await publish(bench.runtime, mediation('jieli:forbids="transfer"'));
    const id = await startCase(bench, from, "ds-08", {
      provider: { organisation: "nm-housing", region: "520102", level: "county" },
    });
    const forbidden = async () => {
      const rows = await bench.runtime.store.read("SELECT forbidden FROM task WHERE instance_id = ? ORDER BY id", [id]);
      return rows.map((row) => String(row["forbidden"]).split(" "));
    };
    expect((await forbidden())[0]).toEqual(["transfer", "delegate", "addSigner"]);
    const { definition: to } = await publish(bench.runtime, mediation(""));
    const body = { from, to, reason: "换版", apply: true, plan: null };
    expect((await (await bench.as("lin")).post("/api/migrations", body)).body.cases).toMatchObject([
      { migrated: true },
    ]);
    for (const names of await forbidden()) expect(names.toSorted()).toEqual(["addSigner", "delegate"]);
  });

  it("is not taken along while there are votes for an outcome that the new version does not know, and says which", async () => {
    const { id, migrate } = await between(
      `jieli:outcomes="approve reject" ${panel}`,
      `jieli:outcomes="agree reject" ${panel}`,
    );
    expect((await complete("ann", id, "approve")).status).toBe(200);
    expect(await migrate()).toMatchObject({
      migrated: false,
      problems: [{ code: "MIGRATION_VOTES", element: "work" }],
    });
    expect((await complete("ben", id, "approve")).status).toBe(200);
    expect(await openSteps(bench, id)).toEqual([]);
  });

  it("goes on with a round that nobody has signed, with the new outcomes", async () => {
    const { id, migrate } = await between(
      `jieli:outcomes="approve reject" ${panel}`,
      `jieli:outcomes="agree reject" ${panel}`,
    );
    expect(await migrate()).toMatchObject({ migrated: true });
    for (const name of ["ann", "ben"]) expect((await complete(name, id, "agree")).status).toBe(200);
    expect(await openSteps(bench, id)).toEqual([]);
  });
});

/** Work that was asked of others, and drafts, in a case that changes its version. */
describe("work under a step in a migrated case", () => {
  it.each(["delegate", "consult", "co-handle"] as const)("%s stays with whom it was asked of", async (how) => {
    const at = await openSituation(bench, "migrated", {}, asked(how));
    const work = await workOfColleague(bench, at);
    expect([work.element, work.state]).toEqual(["examine", "open"]);
  });

  it("a signer who was added stays one, and the step waits for them", async () => {
    const at = await openSituation(bench, "migrated", {}, signerAdded);
    const body = { outcome: "approve", opinion: "同意" };
    for (const account of [people.worker, colleague.account]) {
      expect(await openSteps(bench, at.instanceId)).toContain("examine");
      const { id, rev } = await taskIn(bench, account, at.instanceId);
      const answer = await (await bench.as(account)).post(`/api/tasks/${id}/complete`, { ...body, rev });
      expect(answer.status, answer.text).toBe(200);
    }
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
  });

  it("a draft is found again at its task", async () => {
    const typed = { content: { opinion: "拟同意" }, writer: "tab-1", seenRev: 0 };
    const at = await openSituation(bench, "migrated", {}, async (_bench, before) => {
      const { id } = await before.task();
      await (await bench.as(people.worker)).put(`/api/drafts/task.${id}`, typed);
    });
    const { id } = await at.task();
    const kept = (await (await bench.as(people.worker)).get(`/api/drafts/task.${id}`)).body.draft;
    expect(kept.content).toEqual(typed.content);
  });
});

describe("a supplement that was asked for before the case changed its version", () => {
  it.each(["outcome", "return"] as const)(
    "by %s is used up, and is told by the step under its new name",
    async (how) => {
      const drawn = (key: string, check: string) =>
        bpmn(
          `<bpmn:startEvent id="start"/><bpmn:userTask id="${check}" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve supplement"/>
         <bpmn:exclusiveGateway id="how"/><bpmn:userTask id="supply" jieli:at="applicant" jieli:role="applicant-clerk" jieli:outcomes="resubmit" jieli:pauses="supplement"/><bpmn:endEvent id="end"/>`,
          `start -> ${check} -> how; how -> supply if outcome = "supplement"; how -> end default; supply -> ${check}`,
          { id: key },
        );
      const key = `supplied-${newId().slice(-8).toLowerCase()}`;
      const { definition: from } = await publish(bench.runtime, drawn(key, "check"));
      const id = await startCase(bench, from, key);
      const worker = await bench.as(people.worker);
      const defects = [{ place: "使用目的", what: "不一致", basis: "第十条" }];
      const ask = async (element: string) => {
        const { id: task, rev } = await taskAt(bench, id, element);
        return how === "outcome"
          ? worker.post(`/api/tasks/${task}/complete`, { outcome: "supplement", opinion: "请补正", defects, rev })
          : worker.post(`/api/tasks/${task}/return`, {
              to: "applicant",
              afterwards: "backToMe",
              defects,
              reason: "请补正",
              rev,
            });
      };
      const first = await ask("check");
      expect(first.status, first.text).toBe(200);
      const { definition: to } = await publish(bench.runtime, drawn(key, "verify"));
      const flows = { start_check: "start_verify", check_how: "verify_how", supply_check: "supply_verify" };
      const body = { from, to, reason: "换版", apply: true, plan: { elements: { check: "verify" }, flows } };
      const migrated = await (await bench.as("lin")).post("/api/migrations", body);
      expect(migrated.body.cases, migrated.text).toMatchObject([{ migrated: true }]);
      expect((await complete("wang", id, "resubmit")).status).toBe(200);
      expect(await openSteps(bench, id)).toEqual(["verify"]);
      expect((await ask("verify")).status).not.toBe(200);
      expect((await taskAt(bench, id, "verify")).outcomes.map(({ code }) => code)).toEqual(["approve"]);
      const rows = await bench.runtime.store.read(
        "SELECT element, ordinal FROM supplement_request WHERE instance_id = ?",
        [id],
      );
      expect(rows).toMatchObject([{ element: "verify", ordinal: 1 }]);
    },
  );
});
