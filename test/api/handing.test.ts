import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TaskDetail, WorkItem } from "../../server/api/tasks/tasks.schema.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

let instanceId: string;
let taskId: string;
beforeEach(async () => {
  ({ instanceId } = await bench.apply());
  const signOff = await bench.task("liu", instanceId, "Task_SignOff");
  await act("liu", signOff.id, "complete", { outcome: "approve", opinion: "同意", rev: signOff.rev });
  taskId = (await bench.task("chen", instanceId, "Task_OwnCheck")).id;
});

async function see(account: string, id = taskId): Promise<TaskDetail> {
  const answer = await (await bench.as(account)).get(`/api/tasks/${id}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

async function act(account: string, id: string, path: string, body: object) {
  return (await bench.as(account)).post(`/api/tasks/${id}/${path}`, body);
}

/** Acts on the revision that is current, and must succeed. */
async function done(account: string, path: string, body: object = {}, id = taskId): Promise<TaskDetail> {
  const answer = await act(account, id, path, { rev: (await see(account, id)).rev, ...body });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

/** Acts on the revision that is current, and is refused: status and code, with the code of the first problem. */
async function refused(account: string, path: string, body: object = {}, id = taskId): Promise<unknown[]> {
  const seen = await (await bench.as(account)).get(`/api/tasks/${id}`);
  const answer = await act(account, id, path, { rev: seen.body.rev ?? 1, ...body });
  return [answer.status, answer.body.code, answer.body.problems?.[0]?.code];
}

async function asked(path: string, to: string): Promise<WorkItem> {
  const { work } = await done("chen", path, { to, question: "请核实用途" });
  const item = work.at(-1);
  if (!item) throw new Error("nothing was asked");
  return item;
}

const approve = { outcome: "approve", opinion: "同意" };

async function history(): Promise<string> {
  return JSON.stringify((await (await bench.as("guan")).get(`/api/instances/${instanceId}`)).body.history);
}

describe("transfer (转办)", () => {
  it("keeps the limit, counts, shows the chain of custody, and takes the task from whoever had it", async () => {
    const before = await done("chen", "claim");
    const after = await done("chen", "transfer", { to: "u-qian", reason: "出差" });
    expect(after).toMatchObject({ assignee: { id: "u-qian" }, transfers: 1, dueAt: before.dueAt });
    expect(after.custody.map(({ type, to, reason }) => [type, to?.name, reason])).toEqual([
      ["claimed", "陈静", null],
      ["transferred", "钱进", "出差"],
    ]);
    expect(await refused("chen", "complete", approve)).toEqual([409, "TASK_CLAIMED", undefined]);
    await done("qian", "complete", approve);
    expect(await history()).toContain("时限不重新计算");
  });

  it.each([
    ["oneself", "u-chen", "TO_ONESELF"],
    ["somebody of another organisation", "u-zhao", "ELSEWHERE"],
    ["a program's account", "u-worker", "ELSEWHERE"],
    ["nobody known", "u-nobody", undefined],
  ])("goes not to %s", async (_who, to, code) => {
    await done("chen", "claim");
    expect(await refused("chen", "transfer", { to, reason: "x" })).toEqual([
      422,
      code === undefined ? "PERSON_UNKNOWN" : "RECIPIENT_BARRED",
      code,
    ]);
  });

  it("goes not to the author of the application, nor to one of lower standing", async () => {
    const { instanceId: mine } = await bench.apply();
    const signOff = (await bench.task("liu", mine, "Task_SignOff")).id;
    await done("liu", "claim", {}, signOff);
    expect(await refused("liu", "transfer", { to: "u-wang", reason: "忙" }, signOff)).toEqual([
      422,
      "RECIPIENT_BARRED",
      "LOWER_STANDING",
    ]);
  });

  it("needs a reason and somebody who has it in hand, or the head", async () => {
    expect(await refused("chen", "transfer", { to: "u-qian", reason: "x" })).toEqual([
      403,
      "OPERATION_NOT_YOURS",
      undefined,
    ]);
    expect((await refused("guan", "transfer", { to: "u-qian", reason: " " }))[1]).toBe("REASON_MISSING");
    expect((await done("guan", "transfer", { to: "u-qian", reason: "分工" })).assignee?.id).toBe("u-qian");
    expect((await refused("qian", "transfer", { to: "u-qian", reason: "x" }))[2]).toBe("TO_ONESELF");
  });

  it("works on a suspended case, where nothing may be decided", async () => {
    await done("chen", "claim");
    const suspend = { type: "suspend", reason: "争议" };
    await (await bench.as("guan")).post(`/api/instances/${instanceId}/operations`, suspend);
    expect(await refused("chen", "complete", approve)).toEqual([409, "CASE_STATE_REFUSES", undefined]);
    expect(await refused("chen", "consult", { to: "u-qian", question: "?" })).toEqual([
      409,
      "CASE_STATE_REFUSES",
      undefined,
    ]);
    expect((await done("chen", "transfer", { to: "u-qian", reason: "轮岗" })).assignee?.id).toBe("u-qian");
    await (
      await bench.as("guan")
    ).post(`/api/instances/${instanceId}/operations`, { type: "resume", reason: "争议已决" });
    await done("qian", "complete", approve);
  });
});

describe("assignment by the head", () => {
  it("gives the task to a holder of its role and to nobody else", async () => {
    expect((await done("guan", "assign", { to: "u-qian" })).assignee?.id).toBe("u-qian");
    expect(await refused("guan", "assign", { to: "u-deng" })).toEqual([422, "RECIPIENT_BARRED", "NOT_IN_ROLE"]);
    expect(await refused("chen", "assign", { to: "u-chen" })).toEqual([409, "TASK_CLAIMED", undefined]);
  });
});

describe("delegation (委派)", () => {
  it("waits for the delegate's opinion and comes back to its owner, who signs", async () => {
    const before = await done("chen", "claim");
    const item = await asked("delegate", "u-qian");
    const waiting = await see("chen");
    expect([waiting.state, waiting.dueAt]).toEqual(["waiting", before.dueAt]);
    expect(await refused("chen", "complete", approve)).toEqual([409, "TASK_STATE_REFUSES", undefined]);
    expect(await refused("qian", "complete", approve, item.id)).toEqual([409, "WORK_KIND_REFUSES", undefined]);
    const page = (await (await bench.as("chen")).get("/api/tasks?view=waiting")).body;
    expect(page.items.map(({ id }: TaskDetail) => id)).toContain(taskId);
    const ledgerBefore = await decisions();
    await done("qian", "answer", { opinion: "材料属实" }, item.id);
    expect(await decisions()).toBe(ledgerBefore);
    const back = await see("chen");
    expect([back.state, back.work[0]?.answer]).toEqual(["open", "材料属实"]);
    await done("chen", "complete", approve);
    expect(await history()).toContain("不是决定");
  });

  it("is recalled by its owner alone", async () => {
    await done("chen", "claim");
    const item = await asked("delegate", "u-qian");
    expect((await refused("qian", "recall"))[0]).toBe(409);
    expect((await done("chen", "recall")).state).toBe("open");
    expect(await refused("qian", "answer", { opinion: "迟了" }, item.id)).toEqual([409, "TASK_CLOSED", undefined]);
  });

  it("gives the delegate no later moment than the step has, and nobody two pieces of work", async () => {
    const { dueAt } = await done("chen", "claim");
    const late = new Date(Date.parse(String(dueAt)) + 1000).toISOString();
    const ask = { to: "u-qian", question: "?" };
    expect((await refused("chen", "delegate", { ...ask, by: late }))[1]).toBe("ASK_BY_OUTSIDE_LIMIT");
    await done("chen", "consult", ask);
    expect(await refused("chen", "delegate", ask)).toEqual([422, "RECIPIENT_BARRED", "HAS_PART"]);
  });
});

describe("consultation (征询)", () => {
  it("leaves the decision where it is, and what is not answered is no longer needed", async () => {
    await done("chen", "claim");
    const item = await asked("consult", "u-wang");
    await done("chen", "complete", approve);
    expect(await refused("wang", "answer", { opinion: "迟了" }, item.id)).toEqual([409, "TASK_CLOSED", undefined]);
    const [row] = await bench.runtime.store.read("SELECT state, closed_because FROM task WHERE id = ?", [item.id]);
    expect(row).toMatchObject({ state: "cancelled", closed_because: "notNeeded" });
  });

  it("asks the author too, who answers and decides nothing, but no organisation outside the case", async () => {
    await done("chen", "claim");
    const item = await asked("consult", "u-wang");
    await done("wang", "answer", { opinion: "用途见附件" }, item.id);
    expect((await see("chen")).work[0]?.answer).toBe("用途见附件");
    expect((await refused("chen", "consult", { to: "u-hu", question: "?" }))[2]).toBe("NOT_IN_CASE");
    expect((await refused("chen", "co-handle", { to: "u-wang", question: "?" }))[2]).toBe("EXCLUDED");
  });

  it("is withdrawn by whoever asked", async () => {
    await done("chen", "claim");
    const item = await asked("consult", "u-wang");
    expect((await refused("wang", "dismiss", {}, item.id))[0]).toBe(403);
    await done("chen", "dismiss", {}, item.id);
    expect((await see("chen")).work[0]?.state).toBe("cancelled");
  });
});

describe("co-handling (协办)", () => {
  it("holds the decision until each has answered or was dismissed with a reason", async () => {
    await done("chen", "claim");
    const first = await asked("co-handle", "u-qian");
    const second = await asked("co-handle", "u-deng");
    expect((await refused("chen", "complete", approve))[1]).toBe("COHANDLING_OPEN");
    await done("qian", "answer", { opinion: "已核" }, first.id);
    expect((await refused("chen", "complete", approve))[1]).toBe("COHANDLING_OPEN");
    expect((await refused("chen", "dismiss", {}, second.id))[1]).toBe("REASON_MISSING");
    await done("chen", "dismiss", { reason: "已无必要" }, second.id);
    await done("chen", "complete", approve);
  });
});

describe("what a task says of itself", () => {
  it("tells each reader what they may do, and why not the rest", async () => {
    const told = async (account: string) =>
      (await see(account)).operations.filter(({ allowed }) => allowed).map(({ operation }) => operation);
    expect(await told("chen")).toEqual(expect.arrayContaining(["decide", "claim", "consult", "coHandle"]));
    expect(await told("chen")).not.toContain("transfer");
    expect(await told("guan")).toEqual(expect.arrayContaining(["assign", "transfer"]));
    expect(await told("guan")).not.toContain("decide");
    const decide = (await see("guan")).operations.find(({ operation }) => operation === "decide");
    expect(decide).toMatchObject({ allowed: false, code: "OPERATION_NOT_YOURS" });
  });

  it("offers people who can be given it, and says why not the others", async () => {
    await done("chen", "claim");
    const people = async (query: string) => (await (await bench.as("chen")).get(`/api/people?${query}`)).body.items;
    const found = await people(`organisation=nm-data&task=${taskId}&operation=transfer`);
    const barred = Object.fromEntries(
      found.map((person: { id: string; barred: unknown }) => [person.id, person.barred !== null]),
    );
    expect(barred).toMatchObject({ "u-chen": true, "u-qian": false });
    expect((await (await bench.as("chen")).get("/api/people?organisation=gz-market")).status).toBe(404);
  });
});

describe("a step that is moved, migrated or cancelled", () => {
  it("closes what was asked under it", async () => {
    await done("chen", "claim");
    const item = await asked("delegate", "u-qian");
    await (await bench.as("guan")).post(`/api/instances/${instanceId}/operations`, { type: "cancel", reason: "撤销" });
    const [row] = await bench.runtime.store.read("SELECT state FROM task WHERE id = ?", [item.id]);
    expect(row).toMatchObject({ state: "cancelled" });
    expect((await bench.runtime.watch()).filter((finding) => finding.instanceId === instanceId)).toEqual([]);
  });
});

async function decisions(): Promise<number> {
  const [row] = await bench.runtime.store.read("SELECT COUNT(*) AS n FROM decision_record");
  return Number(row?.["n"]);
}
