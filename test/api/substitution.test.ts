import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TaskDetail, TaskSummary } from "../../server/api/tasks/tasks.schema.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

let instanceId: string;
beforeEach(async () => {
  await bench.runtime.store.transaction((tx) => tx.execute("DELETE FROM substitution"));
  ({ instanceId } = await bench.apply());
});

/** From an hour ago for so many hours, on the clock of cases. */
function period(hours = 48): { from: string; until: string } {
  const now = Date.parse(bench.runtime.clock.now());
  const at = (offset: number) => new Date(now + offset * 3_600_000).toISOString();
  return { from: at(-1), until: at(hours) };
}

async function arrange(account: string, body: object) {
  return (await bench.as(account)).post("/api/substitutions", { ...period(), reason: "出差", ...body });
}

/** The head of civil affairs is away; the clerk of the same office is named by the head. */
const forLiu = { person: "u-liu", organisation: "nm-civil" };
/** One reviewer for the other. */
const forChen = { person: "u-chen", substitute: "u-qian", organisation: "nm-data" };

async function inbox(account: string, view = "unclaimed"): Promise<TaskSummary | undefined> {
  const page = await (await bench.as(account)).get(`/api/tasks?view=${view}&limit=100`);
  return page.body.items.find((task: TaskSummary) => task.instanceId === instanceId && task.state !== "completed");
}

async function post(account: string, task: { id: string }, path: string, body: object = {}) {
  const person = await bench.as(account);
  const { rev } = (await person.get(`/api/tasks/${task.id}`)).body as TaskDetail;
  return person.post(`/api/tasks/${task.id}/${path}`, { rev, ...body });
}

async function toOwnCheck(): Promise<TaskDetail> {
  const signOff = await bench.task("liu", instanceId, "Task_SignOff");
  expect((await post("liu", signOff, "complete", { outcome: "approve", opinion: "同意" })).status).toBe(200);
  return bench.task("chen", instanceId, "Task_OwnCheck");
}

describe("arranging a substitution", () => {
  it("is for the person or the head, and tells every fault at once", async () => {
    expect((await arrange("zhao", forChen)).status).toBe(404);
    expect((await arrange("chen", forChen)).status).toBe(201);
    const again = await arrange("guan", forChen);
    expect([again.status, again.body.problems.map(({ code }: { code: string }) => code)]).toEqual([
      422,
      ["SUBSTITUTION_OVERLAPS"],
    ]);
    const loop = await arrange("qian", { person: "u-qian", substitute: "u-chen", organisation: "nm-data" });
    expect(loop.body.problems[0]).toMatchObject({ code: "SUBSTITUTION_LOOP" });
    expect(loop.body.problems[0].message.zh).toContain("钱进 → 陈静 → 钱进");
  });

  it("lets a head name one of lower standing, and nobody else", async () => {
    const lower = await arrange("yang", { person: "u-yang", substitute: "u-zheng", organisation: "gz-medical" });
    expect(lower.status).toBe(201);
    await (await bench.as("yang")).post(`/api/substitutions/${lower.body.id}/revoke`, {});
    expect(
      (await arrange("zhang", { person: "u-yang", substitute: "u-zhang", organisation: "gz-medical" })).status,
    ).toBe(404);
  });

  it("tells both, and says who is left without anybody", async () => {
    await arrange("chen", forChen);
    const sick = await arrange("guan", { person: "u-qian", substitute: "u-deng", organisation: "nm-data" });
    expect(sick.body.uncovered).toEqual([{ id: "u-chen", name: "陈静" }]);
    await bench.runtime.notices.sweep();
    const told = await bench.runtime.store.read(
      "SELECT DISTINCT person_id FROM notice_message JOIN announcement ON announcement.id = notice_message.announcement_id WHERE kind = 'substitution.named'",
    );
    expect(told.map((row) => row["person_id"])).toEqual(expect.arrayContaining(["u-qian", "u-deng"]));
  });
});

describe("work of somebody who is away", () => {
  it("complaint 26: is seen by both and marked, pending work too; whoever acts first closes it, under both names", async () => {
    const task = await toOwnCheck();
    await post("chen", task, "claim");
    expect(await inbox("qian", "mine")).toBeUndefined();
    await arrange("chen", forChen);
    expect(await inbox("qian", "mine")).toMatchObject({ onBehalfOf: { name: "陈静" }, assignee: { id: "u-chen" } });
    expect(await inbox("chen", "mine")).toMatchObject({ onBehalfOf: null });
    expect((await post("qian", task, "complete", { outcome: "approve", opinion: "同意" })).status).toBe(200);
    const late = await post("chen", task, "complete", { outcome: "approve", opinion: "同意" });
    expect([late.status, late.body.detail.zh]).toEqual([409, expect.stringContaining("钱进")]);
    const { history } = (await (await bench.as("chen")).get(`/api/instances/${instanceId}`)).body;
    const line = history.findLast(({ type }: { type: string }) => type === "decision.taken");
    expect(line.actor).toMatchObject({ kind: "substitute", name: "钱进（代陈静）" });
    const [record] = await bench.runtime.store.read("SELECT person_id, basis FROM decision_record WHERE task_id = ?", [
      task.id,
    ]);
    expect([record?.["person_id"], JSON.parse(String(record?.["basis"])).onBehalfOf]).toEqual([
      "u-qian",
      { id: "u-chen", name: "陈静" },
    ]);
  });

  it("stays with whoever is away when the substitute claims it", async () => {
    const task = await toOwnCheck();
    await arrange("guan", { ...forChen, substitute: "u-deng" });
    expect(await inbox("deng")).toMatchObject({ onBehalfOf: { id: "u-chen" } });
    expect((await post("deng", task, "claim")).body).toMatchObject({ assignee: { id: "u-chen" } });
    expect((await post("deng", task, "complete", { outcome: "approve", opinion: "同意" })).status).toBe(200);
  });

  it("ends by itself, and at once when it is revoked", async () => {
    const task = await toOwnCheck();
    const { body } = await arrange("guan", { ...forChen, substitute: "u-deng" });
    expect(await inbox("deng")).toBeDefined();
    expect((await (await bench.as("guan")).post(`/api/substitutions/${body.id}/revoke`, {})).status).toBe(200);
    expect(await inbox("deng")).toBeUndefined();
    expect((await post("deng", task, "complete", { outcome: "approve", opinion: "" })).status).toBe(403);
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE substitution SET revoked_at = NULL, ends_at = ?", [bench.runtime.clock.now()]),
    );
    expect(await inbox("deng")).toBeUndefined();
  });

  it.each([
    ["another process", { processes: ["ds-01"] }],
    ["other roles", { roles: ["authority-head"], person: "u-guan" }],
    ["lower grades of data", { highestGrade: 1 }],
  ])("is not covered beyond its scope: %s", async (_what, scope) => {
    const task = await toOwnCheck();
    expect((await arrange("guan", { ...forChen, substitute: "u-deng", ...scope })).status).toBe(201);
    expect(await inbox("deng")).toBeUndefined();
    expect((await post("deng", task, "complete", { outcome: "approve", opinion: "" })).status).toBe(403);
  });

  it("names the roles of its scope for people to read", async () => {
    const scope = { roles: ["authority-reviewer"] };
    expect((await arrange("guan", { ...forChen, substitute: "u-deng", ...scope })).status).toBe(201);
    const { items } = (await (await bench.as("guan")).get("/api/substitutions")).body;
    const [role] = items.flatMap((item: { roles: object[] | null }) => item.roles ?? []);
    expect(role).toEqual({
      code: "authority-reviewer",
      name: { zh: "主管部门审查人", en: "Reviewer of the data-sharing authority" },
    });
  });

  it("does not pass on: a substitute's substitute gets nothing", async () => {
    await toOwnCheck();
    await arrange("guan", { ...forChen, substitute: "u-deng" });
    await bench.runtime.store.transaction((tx) =>
      tx.insert("substitution", {
        id: "chain",
        person_id: "u-deng",
        person_name: "邓明",
        substitute_id: "u-guan",
        substitute_name: "管宁",
        organisation_id: "nm-data",
        starts_at: period().from,
        ends_at: period().until,
        reason: "x",
        created_by_id: "u-deng",
        created_by_name: "邓明",
        created_at: period().from,
      }),
    );
    expect(await inbox("guan")).toBeUndefined();
  });
});

describe("who may not decide stays so under either name", () => {
  it("pneumatic#381: the author does not sign off their own application as the head's substitute", async () => {
    expect((await arrange("liu", { ...forLiu, substitute: "u-wang" })).status).toBe(201);
    const task = await bench.task("liu", instanceId, "Task_SignOff");
    expect(await inbox("wang")).toBeUndefined();
    const answer = await post("wang", task, "complete", { outcome: "approve", opinion: "同意" });
    expect([answer.status, answer.body.code]).toEqual([403, "OPERATION_NOT_YOURS"]);
    expect((await post("wang", task, "claim")).status).toBe(403);
  });

  it("kie#2059: an excluded person does not come back through the role, an assignment or a transfer", async () => {
    const task = await toOwnCheck();
    await bench.runtime.store.transaction(async (tx) => {
      await tx.execute("UPDATE task SET four_eyes = 'earlier' WHERE id = ?", [task.id]);
      await tx.execute(
        "UPDATE task SET step = 'earlier', assignee_id = 'u-qian' WHERE instance_id = ? AND state = 'completed'",
        [instanceId],
      );
    });
    const decide = { outcome: "approve", opinion: "同意" };
    expect((await post("qian", task, "complete", decide)).status).toBe(403);
    expect((await post("qian", task, "claim")).status).toBe(403);
    expect((await post("guan", task, "assign", { to: "u-qian" })).body.problems[0].code).toBe("EXCLUDED");
    expect((await post("guan", task, "transfer", { to: "u-qian", reason: "x" })).body.problems[0].code).toBe(
      "EXCLUDED",
    );
    await arrange("chen", forChen);
    expect((await post("qian", task, "complete", decide)).status).toBe(403);
    await post("chen", task, "claim");
    expect((await post("chen", task, "delegate", { to: "u-qian", question: "?" })).body.problems[0].code).toBe(
      "EXCLUDED",
    );
    expect((await post("chen", task, "complete", decide)).status).toBe(200);
  });
});
