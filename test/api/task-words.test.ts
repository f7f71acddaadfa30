import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

let instanceId: string;
let signedOff: TaskDetail;
let check: TaskDetail;
beforeEach(async () => {
  ({ instanceId } = await bench.apply());
  signedOff = await bench.task("liu", instanceId, "Task_SignOff");
  await post("liu", `/api/tasks/${signedOff.id}/complete`, { outcome: "approve", opinion: "同意", rev: signedOff.rev });
  check = await findCheck();
});

/** As the head sees it: nobody who could work on it has opened it. */
async function findCheck(): Promise<TaskDetail> {
  const [row] = await bench.runtime.store.read(
    "SELECT id FROM task WHERE instance_id = ? AND element = 'Task_OwnCheck' AND state = 'open'",
    [instanceId],
  );
  return see("guan", String(row?.["id"]));
}

async function post(account: string, path: string, body: object, status = 200) {
  const answer = await (await bench.as(account)).post(path, body);
  expect(answer.status, answer.text).toBe(status);
  return answer.body;
}

async function see(account: string, id: string): Promise<TaskDetail> {
  const answer = await (await bench.as(account)).get(`/api/tasks/${id}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

describe("why somebody may not work on a task, in words", () => {
  it("says of a suspended case that it is suspended, to whoever could act otherwise", async () => {
    await post("huang", `/api/instances/${instanceId}/suspend`, { cause: "internal", until: null, reason: "机房检修" });
    expect((await see("chen", check.id)).blocked).toEqual({
      zh: "不能办理：案件已挂起",
      en: "Cannot decide: the case is suspended",
    });
    expect((await see("wang", check.id)).blocked?.zh).toBe("须由主管部门审查人办理");
  });

  it("says who has a task in hand, however they came by it", async () => {
    const { rev } = await post("guan", `/api/tasks/${check.id}/assign`, { to: "u-qian", rev: check.rev });
    expect(rev).toBeGreaterThan(check.rev);
    expect((await see("chen", check.id)).blocked).toEqual({ zh: "由 钱进 承办", en: "钱进 has it in hand" });
  });

  it("never says of a task that was closed that whoever had it decided it", async () => {
    const claimed = await post("chen", `/api/tasks/${check.id}/claim`, { rev: check.rev });
    expect(claimed.assignee.name).toBe("陈静");
    await post("wang", `/api/instances/${instanceId}/withdraw`, { reason: "不再需要" });
    const { zh, en } = (await see("chen", check.id)).blocked ?? { zh: "", en: "" };
    expect(zh).toMatch(/^王敏 已于 .* 撤销申请，此任务已结束$/);
    expect(en).toMatch(/^王敏 withdrew the application at .*; this task is over$/);
  });

  it("says to who holds the role that they are kept from it, not that somebody with their role should act", async () => {
    await bench.runtime.store.transaction(async ({ execute }) =>
      execute("UPDATE instance SET started_by = 'u-chen' WHERE id = ?", [instanceId]),
    );
    expect((await see("chen", check.id)).blocked?.zh).toContain("您须回避");
    expect((await see("qian", check.id)).blocked).toBeNull();
  });
});

describe("taking back, where one looks for it: on what one has done", () => {
  it("names what followed, and ends there when somebody has begun with it", async () => {
    const { takingBack } = await see("liu", signedOff.id);
    expect(takingBack).toEqual({ taskId: check.id, rev: check.rev, refused: null });
    expect((await see("chen", signedOff.id)).takingBack).toBeNull();
    await see("chen", check.id);
    expect((await see("liu", signedOff.id)).takingBack?.refused?.zh).toMatch(
      /^不能撤回：“本级合规性审查”已由.*开始办理$/,
    );
  });

  it("offers the same on what followed, and not on the step that came back by it", async () => {
    expect((await see("liu", check.id)).takingBack).toEqual({ taskId: check.id, rev: check.rev, refused: null });
    const { steps } = await post("liu", `/api/tasks/${check.id}/withdraw`, { rev: check.rev });
    const again = steps.find((step: { element: string; state: string }) => step.state === "open");
    expect(again).toMatchObject({ element: "Task_SignOff", assignee: "刘建国" });
    expect((await see("liu", again.taskId)).takingBack).toBeNull();
    expect((await see("liu", signedOff.id)).takingBack).toBeNull();
  });

  it("offers nothing once the case has gone on", async () => {
    const seen = await see("chen", check.id);
    const decision = { outcome: "approve", opinion: "同意", form: { dutyChecked: true, duplicateChecked: true } };
    await post("chen", `/api/tasks/${check.id}/complete`, { ...decision, rev: seen.rev });
    expect((await see("liu", signedOff.id)).takingBack).toBeNull();
    expect((await see("chen", check.id)).takingBack?.refused).toBeNull();
  });
});
