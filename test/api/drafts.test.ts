import request from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationForm } from "../../bin/demo/forms.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

async function put(account: string, key: string, content: object, more: { writer?: string; seenRev?: number } = {}) {
  const person = await bench.as(account);
  return request(bench.server)
    .put(`/api/drafts/${key}`)
    .set({ cookie: person.cookie, "x-csrf-token": person.csrf })
    .send({ content, writer: "tab-1", seenRev: 0, ...more });
}
const draft = async (account: string, key: string) =>
  (await (await bench.as(account)).get(`/api/drafts/${key}`)).body.draft;

describe("a draft", () => {
  it("is found again by its author alone, wherever they sign in", async () => {
    await put("wang", "application.res-medical", { request: { purpose: "救助核对" } });
    expect(await draft("wang", "application.res-medical")).toMatchObject({
      content: { request: { purpose: "救助核对" } },
      rev: 1,
    });
    expect(await draft("liu", "application.res-medical")).toBeNull();
  });

  it("is won by the last writer, who is told what it replaced", async () => {
    const first = await put("wang", "start.ds-09.change", { form: { a: "1" } });
    const own = await put("wang", "start.ds-09.change", { form: { a: "2" } }, { seenRev: first.body.rev });
    expect(own.body).toMatchObject({ rev: 2, overwrote: null });
    const other = await put(
      "wang",
      "start.ds-09.change",
      { form: { a: "3" } },
      { writer: "tab-2", seenRev: first.body.rev },
    );
    expect(other.body).toMatchObject({ rev: 3, overwrote: { content: { form: { a: "2" } } } });
    expect(await draft("wang", "start.ds-09.change")).toMatchObject({ content: { form: { a: "3" } } });
  });

  it("says nothing of replacing where both typed the same", async () => {
    await put("wang", "start.ds-09.release", { form: {} });
    expect((await put("wang", "start.ds-09.release", { form: {} }, { writer: "tab-2" })).body.overwrote).toBeNull();
  });

  it.each(["task.nothing", "comment.nothing"])("of %s is refused like a missing object", async (key) => {
    expect((await put("wang", key, {})).status).toBe(404);
  });

  it.each(["other.x", "task.", "task.a%2Fb"])("has no place at %s", async (key) => {
    expect([404, 422]).toContain((await put("wang", key, {})).status);
  });

  it("holds no more than a form does", async () => {
    expect((await put("wang", "start.ds-09.change", { a: "x".repeat(200_001) })).body.code).toBe("DRAFT_TOO_LONG");
  });
});

describe("what was sent leaves no draft", () => {
  it("of an application, nor of a decision; until then both are in the list", async () => {
    const clerk = await bench.as("wang");
    await put("wang", "application.res-medical", { request: {} });
    const started = await clerk.post("/api/applications", {
      resourceId: "res-medical",
      organisationId: "nm-civil",
      request: applicationForm,
    });
    expect(started.status, started.text).toBe(201);
    expect(await draft("wang", "application.res-medical")).toBeNull();

    const task = await bench.task("liu", started.body.instanceId, "Task_SignOff");
    expect((await put("lin", `task.${task.id}`, { opinion: "x" })).status).toBe(404);
    await put("liu", `task.${task.id}`, { opinion: "同意，请" });
    const head = await bench.as("liu");
    const listed = (await head.get("/api/drafts")).body.items;
    expect(listed).toMatchObject([{ key: `task.${task.id}`, kind: "task", isOpen: true, taskId: task.id }]);
    const decided = await head.post(`/api/tasks/${task.id}/complete`, {
      outcome: task.outcomes[0]?.code,
      opinion: "同意",
      form: {},
      rev: task.rev,
    });
    expect(decided.status, decided.text).toBe(200);
    expect((await head.get("/api/drafts")).body.items).toEqual([]);
    expect((await put("liu", `task.${task.id}`, { opinion: "late" })).body.code).toBe("TASK_CLOSED");
  });

  it("of a task is kept for whoever may do it, and for nobody who only sees the case", async () => {
    const { instanceId } = await bench.apply();
    const task = await bench.task("liu", instanceId, "Task_SignOff");
    const refused = await put("guan", `task.${task.id}`, { opinion: "x" });
    expect([refused.status, refused.body.code]).toEqual([403, "OPERATION_NOT_YOURS"]);
    expect(await draft("guan", `task.${task.id}`)).toBeNull();
  });
});
