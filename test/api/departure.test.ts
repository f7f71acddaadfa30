import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import request from "supertest";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

async function post(account: string, id: string, path: string, body: object = {}): Promise<TaskDetail> {
  const person = await bench.as(account);
  const { rev } = (await person.get(`/api/tasks/${id}`)).body as TaskDetail;
  const answer = await person.post(`/api/tasks/${id}/${path}`, { rev, ...body });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

async function atOwnCheck(): Promise<{ instanceId: string; taskId: string }> {
  const { instanceId } = await bench.apply();
  const signOff = await bench.task("liu", instanceId, "Task_SignOff");
  await post("liu", signOff.id, "complete", { outcome: "approve", opinion: "同意" });
  return { instanceId, taskId: (await bench.task("chen", instanceId, "Task_OwnCheck")).id };
}

async function taskRow(id: string) {
  const [row] = await bench.runtime.store.read("SELECT * FROM task WHERE id = ?", [id]);
  return row ?? {};
}

/** Makes somebody a colleague who may leave, with the same posts as another. */
async function newcomer(id: string, like: string): Promise<void> {
  await bench.runtime.store.transaction(async (tx) => {
    const [person] = await tx.query("SELECT * FROM person WHERE id = ?", [like]);
    await tx.insert("person", { ...(person as Record<string, string>), id, account: id.slice(2), name: `新人 ${id}` });
    for (const held of await tx.query("SELECT * FROM post WHERE person_id = ?", [like]))
      await tx.insert("post", {
        ...(held as Record<string, string>),
        id: `${id}:${String(held["id"])}`,
        person_id: id,
      });
  });
}

describe("somebody who leaves", () => {
  it("is signed off by the head or the administrator, and by nobody else, and not by themselves", async () => {
    for (const account of ["chen", "xu", "guan"]) {
      const person = await bench.as(account);
      const leaving = account === "guan" ? "u-guan" : "u-chen";
      expect((await person.get(`/api/people/${leaving}/open-work`)).status, account).toBe(404);
      expect((await person.post(`/api/people/${leaving}/leave`, { successor: null, reason: "x" })).status).toBe(404);
    }
    expect((await (await bench.as("admin")).get("/api/people/u-guan/open-work")).status).toBe(200);
  });

  it("hands everything over, task by task, keeps nothing and no longer signs in", async () => {
    await newcomer("u-leaver", "u-chen");
    const own = await atOwnCheck();
    await post("leaver", own.taskId, "claim");
    const delegated = await atOwnCheck();
    await post("leaver", delegated.taskId, "claim");
    const { work } = await post("leaver", delegated.taskId, "delegate", { to: "u-deng", question: "?" });
    const consulted = await atOwnCheck();
    await post("chen", consulted.taskId, "claim");
    const consult = (await post("chen", consulted.taskId, "consult", { to: "u-leaver", question: "?" })).work[0];
    const excluded = await atOwnCheck();
    await post("leaver", excluded.taskId, "claim");
    await bench.runtime.store.transaction(async (tx) => {
      await tx.execute("UPDATE task SET four_eyes = 'earlier' WHERE id = ?", [excluded.taskId]);
      await tx.execute(
        "UPDATE task SET step = 'earlier', assignee_id = 'u-qian' WHERE instance_id = ? AND state = 'completed'",
        [excluded.instanceId],
      );
    });

    expect(
      (await (await bench.as("leaver")).post(`/api/instances/${own.instanceId}/watch`, { watching: true })).status,
    ).toBeLessThan(300);
    const head = await bench.as("guan");
    const before = (await head.get("/api/people/u-leaver/open-work")).body;
    expect([before.tasks.length, before.asked]).toEqual([4, 1]);
    const answer = await head.post("/api/people/u-leaver/leave", { successor: "u-qian", reason: "调离" });
    expect(answer.status, answer.text).toBe(200);
    const went = Object.fromEntries(
      answer.body.items.map((item: { taskId: string; to: { id: string } | null }) => [
        item.taskId,
        item.to?.id ?? null,
      ]),
    );
    expect(went).toEqual({
      [own.taskId]: "u-qian",
      [delegated.taskId]: "u-qian",
      [String(consult?.id)]: "u-qian",
      [excluded.taskId]: null,
    });
    expect(await taskRow(delegated.taskId)).toMatchObject({ state: "waiting", assignee_id: "u-qian" });
    expect(await taskRow(String(work[0]?.id))).toMatchObject({ owner_id: "u-qian", state: "open" });
    expect(await taskRow(excluded.taskId)).toMatchObject({ assignee_id: null, state: "open" });
    const watchers = await bench.runtime.store.read("SELECT person_id FROM watcher WHERE instance_id = ?", [
      own.instanceId,
    ]);
    expect(watchers.map((row) => row["person_id"])).toContain("u-qian");
    expect(watchers.map((row) => row["person_id"])).not.toContain("u-leaver");
    const signIn = await request(bench.server).post("/api/session").send({ account: "leaver", password: demoPassword });
    expect(signIn.status).toBe(422);
    expect((await (await bench.as("leaver")).get("/api/session")).status).toBe(401);
    const { history } = (await head.get(`/api/instances/${own.instanceId}`)).body;
    expect(JSON.stringify(history)).toContain("离职移交");
    expect(await bench.runtime.watch()).toEqual([]);
    await post("qian", own.taskId, "complete", { outcome: "approve", opinion: "同意" });
  });

  it("needs a successor of the same organisation, or none", async () => {
    const head = await bench.as("guan");
    const foreign = await head.post("/api/people/u-chen/leave", { successor: "u-zhao", reason: "调离" });
    expect([foreign.status, foreign.body.code]).toEqual([422, "SUCCESSOR_ELSEWHERE"]);
    const [chen] = await bench.runtime.store.read("SELECT left_at FROM person WHERE id = 'u-chen'");
    expect(chen?.["left_at"]).toBeNull();
  });
});

describe("the watch", () => {
  it("gives back what somebody has who can no longer act, and tells where nobody is left", async () => {
    await newcomer("u-moved", "u-chen");
    const { taskId, instanceId } = await atOwnCheck();
    await post("moved", taskId, "claim");
    await bench.runtime.store.transaction((tx) => tx.execute("DELETE FROM post WHERE person_id = 'u-moved'"));
    expect(await bench.runtime.watch()).toEqual([]);
    expect(await taskRow(taskId)).toMatchObject({ assignee_id: null, state: "open" });
    const { history } = (await (await bench.as("guan")).get(`/api/instances/${instanceId}`)).body;
    expect(history.at(-1)).toMatchObject({ type: "task.freed", actor: { kind: "system" } });

    await post("chen", taskId, "claim");
    const posts = await bench.runtime.store.read(
      "SELECT * FROM post WHERE organisation_id = 'nm-data' AND role = 'authority-reviewer'",
    );
    await bench.runtime.store.transaction((tx) =>
      tx.execute("DELETE FROM post WHERE organisation_id = 'nm-data' AND role = 'authority-reviewer'"),
    );
    const findings = await bench.runtime.watch();
    expect(findings.filter((finding) => finding.instanceId === instanceId)).toMatchObject([
      { problem: "NOBODY_CAN_ACT" },
    ]);
    await bench.runtime.notices.sweep();
    const told = await bench.runtime.store.read(
      "SELECT person_id FROM notice_message JOIN announcement ON announcement.id = notice_message.announcement_id WHERE kind = 'task.stranded' AND task_id = ?",
      [taskId],
    );
    expect(told.map((row) => row["person_id"])).toEqual(["u-guan"]);
    await bench.runtime.store.transaction((tx) => tx.insertAll("post", posts as Record<string, string>[]));
  });
});
