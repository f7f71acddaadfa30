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

describe("what history says of where a case went", () => {
  it("names the steps in both languages, and no codes of the machine", async () => {
    const { steps } = await post("liu", `/api/tasks/${check.id}/withdraw`, { rev: check.rev });
    const again = steps.find((step: { state: string }) => step.state === "open").taskId;
    const { rev } = await see("liu", again);
    await post("liu", `/api/tasks/${again}/complete`, { outcome: "approve", opinion: "同意", rev });
    const next = await findCheck();
    const defects = [{ place: "使用范围", what: "未列名单", basis: "第十一条" }];
    await post("chen", `/api/tasks/${next.id}/return`, {
      to: { element: "Task_Supplement" },
      afterwards: "backToMe",
      defects,
      reason: "材料不齐",
      rev: (await see("chen", next.id)).rev,
      confirmedSiblings: [],
    });
    const answer = await (await bench.as("guan")).get(`/api/instances/${instanceId}`);
    const lines = answer.body.history as { type: string; sentence: { zh: string; en: string } }[];
    expect(lines.filter(({ sentence: { zh, en } }) => /Task_|takenBack/.test(zh + en))).toEqual([]);
    const sentence = (type: string) => lines.findLast((line) => line.type === type)?.sentence;
    expect(sentence("tokens.moved")).toBeUndefined();
    expect(sentence("case.returned")?.en).toContain("to “The applicant supplements everything that was listed, once”");
    expect(sentence("case.returned")?.en).toContain("Told at once: 使用范围: 未列名单");
  });
});

describe("a question to somebody", () => {
  it("is told in the history as what it is; a moment that has passed is to be a later one", async () => {
    const claimed = await post("chen", `/api/tasks/${check.id}/claim`, { rev: check.rev });
    const question = { to: "u-qian", question: "可否", by: "2020-01-01T00:00:00.000Z", rev: claimed.rev };
    const { problems } = await post("chen", `/api/tasks/${check.id}/consult`, question, 422);
    expect(problems[0].message).toEqual({ zh: "此时间已过，请改晚", en: "This moment has passed; choose a later one" });
    await post("chen", `/api/tasks/${check.id}/consult`, { ...question, by: null });
    const answer = await (await bench.as("guan")).get(`/api/instances/${instanceId}`);
    const { sentence } = answer.body.history.find(({ type }: { type: string }) => type === "work.asked");
    expect(sentence.zh).toBe("就“本级合规性审查”征询 钱进 的意见：可否");
  });
});

describe("what is not possible yet, before anybody tries", () => {
  it("tells a candidate to claim the task first", async () => {
    const { operations } = await see("chen", check.id);
    const messages = operations.filter(({ operation }) => ["transfer", "addSigner"].includes(operation));
    expect(messages.map(({ message }) => message?.zh)).toEqual([
      "不能转办：请先认领此任务",
      "不能加签：请先认领此任务",
    ]);
    const refused = (await see("wang", check.id)).operations.find(({ operation }) => operation === "removeSigner");
    expect(refused?.message?.en).toBe(
      "Cannot remove a signer: it is for whoever added the signer, the overseer of the region",
    );
  });

  it("tells the applicant from when they may urge, and overseers nothing of the kind", async () => {
    const urges = async (account: string) =>
      (await (await bench.as(account)).get(`/api/instances/${instanceId}/urges`)).body.refused;
    const [why, from] = await urges("wang");
    expect(why.zh).toBe("办理时限过去 50% 后方可催办");
    expect(from.zh).toMatch(/^最早可于 \d{4}-\d{2}-\d{2} \d{2}:\d{2} 催办$/);
    expect(await urges("huang")).toBeNull();
  });
});

describe("what one side says among itself", () => {
  it("leaves no line in the history that the other side reads", async () => {
    const said = { body: "材料有疑点", audience: "internal" };
    await post("chen", `/api/instances/${instanceId}/comments`, said, 201);
    const types = async (account: string) =>
      (await (await bench.as(account)).get(`/api/instances/${instanceId}`)).body.history.map(
        ({ type }: { type: string }) => type,
      );
    expect(await types("wang")).not.toContain("comment.added");
    expect(await types("qian")).toContain("comment.added");
    await post("chen", `/api/instances/${instanceId}/comments`, { ...said, audience: "all" }, 201);
    expect((await types("wang")).filter((type: string) => type === "comment.added")).toHaveLength(1);
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
