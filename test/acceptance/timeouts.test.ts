import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addMs } from "../../engine/calendar/dates.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { InstanceDetail } from "../../server/api/instances/instances.schema.ts";
import type { TaskDetail, TaskSummary } from "../../server/api/tasks/tasks.schema.ts";
import { newId } from "../../server/store/ids.ts";
import { GrantBench } from "../api/grants-support.ts";
import { ApiBench } from "../api/support.ts";
import { openSituation, situationFacts, taskAt } from "../operations/situations.ts";
import { testedDatabase } from "../mariadb/test-database.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";

let bench: ApiBench;
beforeEach(async () => {
  bench = await ApiBench.open();
});
afterEach(() => bench.close());

const hourMs = 3_600_000;
const detail = async (id: string, account = "guan"): Promise<InstanceDetail> =>
  (await (await bench.as(account)).get(`/api/instances/${id}`)).body;
const typesOf = async (id: string) => (await detail(id)).history.map(({ type }) => type);
const count = (all: readonly string[], one: string) => all.filter((type) => type === one).length;

/** The provider has the application on its table and does not reply. Gives the case and when the reply is due. */
async function ignored(): Promise<{ id: string; due: string }> {
  const grants = new GrantBench(bench);
  const { instanceId: id } = await grants.applied();
  await grants.take(
    id,
    ["liu", "Task_SignOff", "approve"],
    ["chen", "Task_Review", "approve"],
    ["zhou", "Task_PiAssessment", "pass", { assessmentNumber: "PIA-2026-040" }],
  );
  const { clocks } = await detail(id);
  const due = clocks.find(({ limitCode }) => limitCode === "L.REPLY.COND")?.dueAt;
  if (!due) throw new Error("the reply has no due moment");
  return { id, due };
}

describe("complaint 24: an escalation can be configured and is never executed", () => {
  const escalated = (id: string) => bench.task("xu", id, "Task_Escalate");

  it("is a task of the superior authority as the limit runs out, charged to whoever was late, and the case goes on", async () => {
    const { id, due } = await ignored();
    await bench.runtime.moveClock(addMs(due, -hourMs));
    await expect(escalated(id)).rejects.toThrow("no open task");
    await bench.runtime.moveClock(addMs(due, hourMs));
    const task = await escalated(id);
    expect(task.organisation.id).toBe("gy-data");
    const { history, steps, clocks } = await detail(id);
    const charged = history.filter(({ type }) => type === "breach.recorded");
    expect(charged.map(({ actor }) => actor.kind)).toEqual(["system"]);
    expect(charged[0]?.sentence.zh).toContain("有条件共享答复");
    expect(clocks.find(({ limitCode }) => limitCode === "L.REPLY.COND")).toMatchObject({
      state: "breached",
      breachedAt: due,
      organisation: { id: "nm-housing" },
    });
    expect(steps.find(({ element }) => element === "Task_Examine")?.state).toBe("open");
    const grants = new GrantBench(bench);
    await grants.take(id, ["xu", "Task_Escalate", "chased", { chaseNote: "已督促当日答复" }]);
    await grants.take(id, ["zhou", "Task_Examine", "agree", { conditionMet: "yes" }]);
    await expect(escalated(id)).rejects.toThrow("no open task");
  });

  it("happens when the server was down at the moment: at its start, once, with the moment at which it was due", async () => {
    const { id, due } = await ignored();
    await bench.runtime.movable?.moveTo(addMs(due, 70 * hourMs));
    const restarted = await bench.anotherNode();
    try {
      expect((await escalated(id)).element).toBe("Task_Escalate");
      await bench.runtime.settle();
      await restarted.settle();
      const types = await typesOf(id);
      expect([count(types, "breach.recorded"), count(types, "clock.breached")]).toEqual([1, 1]);
      const [breach] = (await detail(id)).history.filter(({ type }) => type === "clock.breached");
      expect(breach?.at).toBe(due);
    } finally {
      await restarted.close();
    }
  });

  it("happens once where two nodes sweep at the same moment", async () => {
    const { id, due } = await ignored();
    const other = await bench.anotherNode();
    try {
      for (const node of [bench.runtime, other]) await node.movable?.moveTo(addMs(due, hourMs));
      // The embedded database belongs to one process: there another node can only come after.
      if (testedDatabase === "sqlite") await bench.runtime.settle();
      await Promise.all([bench.runtime.settle(), other.settle()]);
      const { steps } = await detail(id);
      expect(steps.filter(({ element }) => element === "Task_Escalate")).toHaveLength(1);
      const types = await typesOf(id);
      expect([count(types, "breach.recorded"), count(types, "clock.breached")]).toEqual([1, 1]);
    } finally {
      await other.close();
    }
  });
});

describe("complaint 24 on nodes whose clocks differ", () => {
  it("happens once, and is late from the due moment on, whichever node saw it first", async () => {
    const { id, due } = await ignored();
    const fast = await bench.anotherNode();
    try {
      await bench.runtime.movable?.moveTo(addMs(due, -60_000));
      await fast.movable?.moveTo(addMs(due, 5 * 60_000));
      await bench.runtime.settle();
      await fast.settle();
      await bench.runtime.moveClock(addMs(due, hourMs));
      const { steps, clocks } = await detail(id);
      expect(steps.filter(({ element }) => element === "Task_Escalate")).toHaveLength(1);
      expect(clocks.find(({ limitCode }) => limitCode === "L.REPLY.COND")?.breachedAt).toBe(due);
      expect(count(await typesOf(id), "clock.breached")).toBe(1);
    } finally {
      await fast.close();
    }
  });
});

describe("complaint 25: an approval that timed out is stored as granted, or as the person's, and a late click looks like success", () => {
  /** A question to a body that has fifteen working days and consents by its silence (Disclosure Regulations art. 34). */
  async function asked(facts: Variables = {}): Promise<{ id: string; task: TaskDetail }> {
    const key = `silent-${newId().slice(-8).toLowerCase()}`;
    const xml = bpmn(
      `<bpmn:startEvent id="start"/><bpmn:userTask id="consent" name="共同制作机关意见" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve refuse deemedGrant" jieli:limit="L.REF.INFO.COPRODUCE"/>
       <bpmn:userTask id="settle" name="答复" jieli:at="provider" jieli:role="provider-head" jieli:outcomes="approve refuse"/><bpmn:endEvent id="end"/>`,
      "start -> consent -> settle -> end",
      { id: key },
    );
    const { definition } = await publish(bench.runtime, xml);
    const id = newId();
    const created = { id, caseNumber: id.slice(-12), definitionId: definition, processKey: key, startEvent: null };
    const applicant = { organisation: "nm-civil", region: "520102" };
    const provider = { organisation: "gz-medical", region: "520000" };
    const subject = { zh: "医保参保信息", en: "Medical insurance" };
    const wang = { kind: "person", id: "u-wang", name: "王敏", organisation: "nm-civil" } as const;
    const ordinary = {
      ...situationFacts,
      resource: { shareClass: "conditional", hookup: "catalogued", grade: 1, vertical: "none" },
    };
    const start = { ...created, subject, applicant, provider, variables: { ...ordinary, ...facts } };
    await bench.runtime.start(start, wang, null, async () => undefined);
    const open = await taskAt(bench, id, "consent");
    const zhang = await bench.as("zhang");
    const claimed = await zhang.post(`/api/tasks/${open.id}/claim`, { rev: open.rev });
    expect(claimed.status, claimed.text).toBe(200);
    return { id, task: claimed.body };
  }
  const runOut = async ({ task }: { task: TaskDetail }) => bench.runtime.moveClock(addMs(task.dueAt ?? "", hourMs));
  const click = async ({ task }: { task: TaskDetail }) =>
    (await bench.as("zhang")).post(`/api/tasks/${task.id}/complete`, {
      outcome: "approve",
      opinion: "经审核，同意公开。",
      reasonCode: null,
      rev: task.rev,
    });

  it("is deemed by the system, under a name of its own, and neither a decision nor a task done by the person who had it", async () => {
    const at = await asked();
    await runOut(at);
    const { history, steps } = await detail(at.id);
    const step = steps.find(({ element }) => element === "consent");
    expect([step?.state, step?.outcome, step?.assignee]).toEqual(["completed", "deemedGrant", null]);
    expect(history.filter(({ type }) => type === "decision.taken")).toEqual([]);
    const deemed = history.find(({ type }) => type === "deemed.taken");
    expect(deemed?.actor.kind).toBe("system");
    expect(deemed?.sentence.zh).toContain("视为同意");
    const zhang = await bench.as("zhang");
    const done = (await zhang.get("/api/tasks?view=done&limit=100")).body.items as TaskSummary[];
    expect(done.map(({ instanceId }) => instanceId)).not.toContain(at.id);
    const ledger = (await zhang.get("/api/ledger?person=u-zhang&limit=100")).body;
    expect(JSON.stringify(ledger)).not.toContain(at.id);
  });

  it("answers a late click with what happened, and nothing changes by it", async () => {
    const at = await asked();
    await runOut(at);
    const before = await bench.counts();
    const late = await click(at);
    expect([late.status, late.body.code]).toEqual([409, "TASK_CLOSED"]);
    expect(late.body.detail.zh).toMatch(/^系统.*视为同意/);
    expect(late.body.detail.en).toMatch(/^The system.*deemed/i);
    expect(await bench.counts()).toEqual(before);
  });

  it("is one or the other where a person clicks as the limit runs out, and says which", async () => {
    const cases = [];
    for (let index = 0; index < 6; index += 1) cases.push(await asked());
    const last =
      cases
        .map(({ task }) => task.dueAt ?? "")
        .toSorted()
        .at(-1) ?? "";
    await bench.runtime.movable?.moveTo(addMs(last, 1));
    const [, ...clicks] = await Promise.all([bench.runtime.settle(), ...cases.map(click)]);
    for (const [index, { id }] of cases.entries()) {
      const { history, steps } = await detail(id);
      const step = steps.find(({ element }) => element === "consent");
      const types = history.map(({ type }) => type);
      const outcome = [step?.outcome, step?.assignee, count(types, "decision.taken"), count(types, "deemed.taken")];
      const isPersons = clicks[index]?.status === 200;
      expect([clicks[index]?.status, ...outcome]).toEqual(
        isPersons ? [200, "approve", "张伟", 1, 0] : [409, "deemedGrant", null, 0, 1],
      );
    }
  });

  it("is chosen by nobody: the person is not offered what only silence brings, and is refused it", async () => {
    const { task } = await asked();
    expect(task.outcomes.map(({ code }) => code)).toEqual(["approve", "refuse"]);
    const body = { outcome: "deemedGrant", opinion: "视为同意", rev: task.rev };
    const answer = await (await bench.as("zhang")).post(`/api/tasks/${task.id}/complete`, body);
    expect([answer.status, answer.body.problems[0].code]).toEqual([422, "OUTCOME_NOT_ALLOWED"]);
    // A step that lists no outcomes takes any, but not this.
    const free = await openSituation(bench, "single", { work: 'jieli:approval="single"' });
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE task SET outcomes = '' WHERE instance_id = ? AND element = 'work'", [free.instanceId]),
    );
    const open = await free.task();
    const again = await (
      await bench.as(free.account)
    ).post(`/api/tasks/${open.id}/complete`, { ...body, rev: open.rev });
    expect([again.status, again.body.problems?.[0]?.code]).toEqual([422, "OUTCOME_NOT_ALLOWED"]);
  });

  it("never releases personal or graded data by silence: the step stays open, and the late answer is the person's own", async () => {
    const personal = { personalInfo: "sensitive", mode: "verify", emergency: "none", kind: "new", outsourced: false };
    const at = await asked({ request: personal });
    await runOut(at);
    expect(await typesOf(at.id)).not.toContain("deemed.taken");
    const task = await taskAt(bench, at.id, "consent");
    expect(task).toMatchObject({ state: "open", signal: "overdue", outcome: null });
    const answered = await click({ task });
    expect(answered.status, answered.text).toBe(200);
    const { history, steps } = await detail(at.id);
    expect(steps.find(({ element }) => element === "consent")).toMatchObject({ outcome: "approve", assignee: "张伟" });
    const line = history.find(({ type }) => type === "decision.taken");
    expect(line?.actor).toMatchObject({ kind: "person", name: "张伟" });
  });

  it("is no decision at all where the rules only escalate", async () => {
    const grants = new GrantBench(bench);
    const { instanceId } = await grants.applied();
    await grants.take(instanceId, ["liu", "Task_SignOff", "approve"]);
    const task = await bench.task("chen", instanceId, "Task_Review");
    await bench.runtime.moveClock(addMs(task.dueAt ?? "", 30 * 24 * hourMs));
    const { status, steps } = await detail(instanceId);
    expect([status, steps.find(({ element }) => element === "Task_Review")?.state]).toEqual(["running", "open"]);
    expect((await (await bench.as("wang")).get(`/api/grants/${instanceId}`)).status).toBe(404);
  });
});
