import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskSummary } from "../../server/api/tasks/tasks.schema.ts";
import type { Actor } from "../../server/runtime/actor.ts";
import { publish, system } from "../runtime/timed-process.ts";
import { newId } from "../../server/store/ids.ts";
import { bpmn } from "../support/bpmn.ts";
import { appoint, startPanel, taskIn } from "./signing-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of ["ann", "ben", "cem"]) await appoint(bench, name, "gz-medical", "mediator");
});
afterAll(() => bench.close());

const signers = `[{"role":"mediator"}]`;
const all = `jieli:approval="all" jieli:approvalParameters='{"signers":${signers}}'`;
const vote = `jieli:approval="vote" jieli:approvalParameters='{"passShare":0.5,"abstain":true,"signers":${signers}}'`;

const start = (attributes: string, startedBy = system as Actor) => startPanel(bench, attributes, startedBy);
const taskOf = (account: string, instanceId: string) => taskIn(bench, account, instanceId);
async function act(account: string, instanceId: string, path: string, body: object) {
  const { id, rev } = await taskOf(account, instanceId);
  return (await bench.as(account)).post(`/api/tasks/${id}/${path}`, { rev, ...body });
}
const decide = (account: string, instanceId: string, outcome: string) =>
  act(account, instanceId, "complete", { outcome, opinion: "理由" });
const rowsOf = async (instanceId: string) =>
  (
    await bench.runtime.store.read(
      "SELECT assignee_name, state, outcome, closed_because FROM task WHERE instance_id = ? ORDER BY signer, assignee_name",
      [instanceId],
    )
  ).map((row) => [row["assignee_name"], row["state"], row["outcome"] ?? row["closed_because"]].join(" "));
const statusOf = async (instanceId: string) =>
  (await bench.runtime.store.read("SELECT status FROM instance WHERE id = ?", [instanceId]))[0]?.["status"];
const sentencesOf = async (account: string, instanceId: string) =>
  (
    (await (await bench.as(account)).get(`/api/instances/${instanceId}`)).body.history as { sentence: { en: string } }[]
  ).map(({ sentence }) => sentence.en);

describe("a step that several sign", () => {
  it("asks each of them, and goes on when all have signed", async () => {
    const id = await start(all);
    expect((await decide("ann", id, "approve")).status).toBe(200);
    const { signing } = await taskOf("ben", id);
    expect([signing?.policy, signing?.tally.for, signing?.signers.map(({ state }) => state)]).toEqual([
      "all",
      1,
      ["signed", "active", "active"],
    ]);
    await decide("ben", id, "approve");
    expect(await statusOf(id)).toBe("running");
    await decide("cem", id, "approve");
    expect(await statusOf(id)).toBe("completed");
    expect((await sentencesOf("zhang", id)).some((line) => line.includes("3 for, 0 against"))).toBe(true);
  });

  it("ends at the first refusal, and closes the others' work as not needed", async () => {
    const id = await start(all);
    await decide("ben", id, "reject");
    expect(await statusOf(id)).toBe("completed");
    expect(await rowsOf(id)).toEqual(["ann cancelled notNeeded", "ben completed reject", "cem cancelled notNeeded"]);
    const done = (await (await bench.as("cem")).get("/api/tasks?view=done&limit=100")).body.items as TaskSummary[];
    expect(done.filter(({ instanceId }) => instanceId === id)).toEqual([]);
    const records = await bench.runtime.store.read("SELECT person_id FROM decision_record WHERE instance_id = ?", [id]);
    expect(records.map((row) => row["person_id"])).toEqual(["u-ben"]);
  });

  it("lets a signer abstain where the vote allows it, and tells who comes too late who was quicker", async () => {
    const id = await start(vote);
    const late = await taskOf("cem", id);
    expect(late.outcomes.map(({ code }) => code)).toContain("abstain");
    await decide("ann", id, "abstain");
    await decide("ben", id, "approve");
    expect(await statusOf(id)).toBe("running");
    await decide("cem", id, "approve");
    expect(await statusOf(id)).toBe("completed");
    const again = await (
      await bench.as("cem")
    ).post(`/api/tasks/${late.id}/complete`, { outcome: "approve", opinion: "", rev: late.rev });
    expect([again.status, again.body.code]).toEqual([409, "TASK_CLOSED"]);
  });
});

describe("signers who are added", () => {
  it("sign before the one who asked, whose clock and task wait", async () => {
    const id = await start("");
    const mine = await taskOf("zhang", id);
    await (await bench.as("zhang")).post(`/api/tasks/${mine.id}/claim`, { rev: mine.rev });
    const added = await act("zhang", id, "signers", { person: "u-ann", place: "before", counts: true });
    expect([added.status, added.body.state]).toEqual([200, "waiting"]);
    const tooEarly = await (
      await bench.as("zhang")
    ).post(`/api/tasks/${mine.id}/complete`, { outcome: "approve", opinion: "", rev: added.body.rev });
    expect([tooEarly.status, tooEarly.body.code]).toEqual([409, "TASK_STATE_REFUSES"]);
    await decide("ann", id, "approve");
    expect((await decide("zhang", id, "approve")).status).toBe(200);
    expect(await statusOf(id)).toBe("completed");
    expect((await sentencesOf("zhang", id)).some((line) => line.includes("added ann as a signer before them"))).toBe(
      true,
    );
  });

  it("are taken out by whoever added them, with a reason, before they have signed", async () => {
    const id = await start("");
    const mine = await taskOf("zhang", id);
    await (await bench.as("zhang")).post(`/api/tasks/${mine.id}/claim`, { rev: mine.rev });
    await act("zhang", id, "signers", { person: "u-ann", place: "before" });
    const work = await taskOf("ann", id);
    const byAnn = await act("ann", id, "remove-signer", { reason: "不想签" });
    expect([byAnn.status, byAnn.body.code]).toEqual([403, "OPERATION_NOT_YOURS"]);
    const without = await (await bench.as("zhang")).post(`/api/tasks/${work.id}/remove-signer`, { rev: work.rev });
    expect([without.status, without.body.code]).toEqual([422, "REASON_MISSING"]);
    const removed = await (
      await bench.as("zhang")
    ).post(`/api/tasks/${work.id}/remove-signer`, { rev: work.rev, reason: "另行会商" });
    expect(removed.status).toBe(200);
    expect((await decide("zhang", id, "approve")).status).toBe(200);
    expect(await rowsOf(id)).toEqual(["张伟 completed approve", "ann cancelled removed"]);
  });

  it("are people of the case, and nobody twice", async () => {
    const id = await start("");
    const mine = await taskOf("zhang", id);
    await (await bench.as("zhang")).post(`/api/tasks/${mine.id}/claim`, { rev: mine.rev });
    const stranger = await act("zhang", id, "signers", { person: "u-luo", place: "beside" });
    expect(stranger.status).toBe(422);
    const oneself = await act("zhang", id, "signers", { person: "u-zhang", place: "beside" });
    expect(oneself.status).toBe(422);
  });

  it("are not added where the process forbids it", async () => {
    const id = await start(`jieli:forbids="addSigner transfer"`);
    const mine = await taskOf("zhang", id);
    await (await bench.as("zhang")).post(`/api/tasks/${mine.id}/claim`, { rev: mine.rev });
    const refused = await act("zhang", id, "signers", { person: "u-ann", place: "beside" });
    expect([refused.status, refused.body.code]).toEqual([409, "OPERATION_FORBIDDEN_HERE"]);
  });
});

describe("an absent signer", () => {
  it("is left out by the head, with a reason, and the rest is enough", async () => {
    const id = await start(all);
    await decide("ann", id, "approve");
    await decide("ben", id, "approve");
    const work = await taskOf("cem", id);
    const excused = await (
      await bench.as("yang")
    ).post(`/api/tasks/${work.id}/excuse`, { rev: work.rev, reason: "出国" });
    expect(excused.status).toBe(200);
    expect(await statusOf(id)).toBe("completed");
    expect(await rowsOf(id)).toContain("cem cancelled absent");
  });
});

describe("a task that nobody may do", () => {
  it("goes to the next superior when whoever holds the role applied, and the history says so", async () => {
    const zhang = { kind: "person", id: "u-zhang", name: "张伟", organisation: "gz-medical" } as const;
    await bench.runtime.store.transaction((tx) =>
      tx.execute(
        "UPDATE post SET role = 'provider-x' WHERE person_id <> 'u-zhang' AND organisation_id = 'gz-medical' AND role = 'provider-clerk'",
      ),
    );
    const id = await start("", zhang);
    const task = await taskOf("yang", id);
    expect([task.role, task.organisation.id]).toEqual(["provider-head", "gz-medical"]);
    expect((await sentencesOf("yang", id)).some((line) => line.includes("the next superior acts"))).toBe(true);
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE post SET role = 'provider-clerk' WHERE role = 'provider-x'"),
    );
  });

  it("is an incident when nobody holds the role, and goes on once somebody is appointed", async () => {
    const id = await start(`jieli:approval="all" jieli:approvalParameters='{"signers":[{"role":"gov-decider"}]}'`);
    expect(await rowsOf(id)).toEqual([]);
    const [incident] = await bench.runtime.store.read("SELECT * FROM incident WHERE instance_id = ?", [id]);
    expect(String(incident?.["message"])).toContain("gov-decider");
    await appoint(bench, "dora", "gz-medical", "gov-decider");
    const retried = await (
      await bench.as("huang")
    ).post(`/api/instances/${id}/operations`, { type: "retryIncident", token: incident?.["token"] });
    expect(retried.status).toBe(200);
    expect((await decide("dora", id, "approve")).status).toBe(200);
    expect(await statusOf(id)).toBe("completed");
  });
});

describe("somebody who has approved already", () => {
  const twice = (rule: string) =>
    bpmn(
      `<bpmn:startEvent id="start"/>
       <bpmn:userTask id="first" name="初审" jieli:at="provider" jieli:role="provider-head" jieli:outcomes="approve reject"/>
       <bpmn:userTask id="between" name="复核" jieli:at="provider" jieli:role="security-reviewer" jieli:outcomes="approve reject"/>
       <bpmn:userTask id="last" name="终审" jieli:at="provider" jieli:role="provider-head" jieli:outcomes="approve reject" jieli:skipRepeated="${rule}"/><bpmn:endEvent id="end"/>`,
      "start -> first -> between -> last -> end",
      { id: `twice-${rule}-${newId().slice(-8)}` },
    );
  async function run(rule: string) {
    const id = await startTwice(twice(rule));
    await decide("yang", id, "approve");
    await decide("wu", id, "approve");
    return id;
  }
  async function startTwice(xml: string) {
    const { definition, key } = await publish(bench.runtime, xml);
    const id = newId();
    const applicant = { organisation: "nm-civil", region: "520102", level: "county" };
    const provider = { organisation: "gz-medical", region: "520000", level: "province" };
    const created = { id, caseNumber: id.slice(-12), definitionId: definition, processKey: key, startEvent: null };
    const resource = { shareClass: "conditional", hookup: "catalogued", grade: 1, vertical: "none" };
    const variables = { applicant, provider, resource, request: { purpose: "x" } };
    await bench.runtime.start(
      { ...created, subject: { zh: "", en: "" }, applicant, provider, variables },
      system,
      null,
      async () => undefined,
    );
    return id;
  }

  it.each([
    ["never", "running"],
    ["adjacent", "running"],
    ["any", "completed"],
  ])("rule %s: the case is %s", async (rule, status) => {
    const id = await run(rule);
    expect(await statusOf(id)).toBe(status);
  });

  it("is asked all the same when a return puts the case before the step", async () => {
    const attributes = (role: string) => `jieli:at="provider" jieli:role="${role}" jieli:outcomes="approve reject"`;
    const xml = bpmn(
      `<bpmn:startEvent id="start"/>
       <bpmn:userTask id="first" name="初审" ${attributes("provider-head")}/>
       <bpmn:userTask id="last" name="终审" ${attributes("provider-head")} jieli:skipRepeated="any"/>
       <bpmn:userTask id="check" name="核对" ${attributes("security-reviewer")}/><bpmn:endEvent id="end"/>`,
      "start -> first -> last -> check -> end",
      { id: `returned-${newId().slice(-8)}` },
    );
    const id = await startTwice(xml);
    await decide("yang", id, "approve");
    const check = await taskOf("wu", id);
    expect(check.element).toBe("check");
    const returned = await (
      await bench.as("wu")
    ).post(`/api/tasks/${check.id}/return`, {
      rev: check.rev,
      to: { element: "last" },
      afterwards: "walkAgain",
      defects: [{ place: "终审", what: "未说明理由", basis: "N28" }],
      reason: "请重新办理",
    });
    expect(returned.status, returned.text).toBe(200);
    expect((await taskOf("yang", id)).element).toBe("last");
  });

  it("is carried over by the system, which names the decision and signs for nobody", async () => {
    const id = await run("any");
    const [last] = await bench.runtime.store.read(
      "SELECT assignee_id, state, outcome FROM task WHERE instance_id = ? AND element = 'last'",
      [id],
    );
    expect(last).toEqual({ assignee_id: null, state: "completed", outcome: "approve" });
    const records = await bench.runtime.store.read("SELECT id FROM decision_record WHERE instance_id = ?", [id]);
    expect(records).toHaveLength(2);
    const { body } = await (await bench.as("yang")).get(`/api/instances/${id}`);
    const line = (body.history as { type: string; actor: { kind: string }; sentence: { en: string } }[]).find(
      ({ type }) => type === "task.carriedOver",
    );
    expect([line?.actor.kind, line?.sentence.en.includes("no new decision")]).toEqual(["system", true]);
  });
});
