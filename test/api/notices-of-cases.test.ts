import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forms } from "../../bin/demo/forms.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

/** Kinds that each person was told of in this case, in their order. */
async function toldIn(instanceId: string): Promise<Record<string, string[]>> {
  await bench.runtime.notices.sweep();
  const rows = await bench.runtime.store.read(
    `SELECT notice_message.person_id, announcement.kind FROM notice_message
     JOIN announcement ON announcement.id = notice_message.announcement_id
     WHERE announcement.instance_id = ? ORDER BY notice_message.id`,
    [instanceId],
  );
  const told: Record<string, string[]> = {};
  for (const row of rows) (told[String(row["person_id"])] ??= []).push(String(row["kind"]));
  return told;
}

async function take(instanceId: string, steps: readonly (readonly [string, string, string, object?])[]): Promise<void> {
  for (const [account, element, outcome, more] of steps) {
    const task = await bench.task(account, instanceId, element);
    const body = { outcome, form: forms[element] ?? {}, rev: task.rev, opinion: "同意。", ...more };
    const answer = await (await bench.as(account)).post(`/api/tasks/${task.id}/complete`, body);
    expect([element, answer.status, answer.body.problems]).toEqual([element, 200, undefined]);
    await bench.runtime.settle();
  }
}

describe("what people are told of a case", () => {
  it("goes to whoever may work on it, and to the applicant about what concerns them", async () => {
    const { instanceId } = await bench.apply();
    expect(await toldIn(instanceId)).toEqual({ "u-liu": ["task.arrived"] });
    await take(instanceId, [
      ["liu", "Task_SignOff", "approve"],
      ["chen", "Task_OwnCheck", "supplement"],
    ]);
    expect(await toldIn(instanceId)).toMatchObject({
      "u-liu": ["task.arrived"],
      "u-chen": ["task.arrived"],
      "u-wang": ["case.supplement"],
    });
    await take(instanceId, [
      ["wang", "Task_Supplement", "resubmit", { form: { supplementText: "已补" } }],
      ["chen", "Task_OwnCheck", "approve"],
      ["zhao", "Task_Relay", "forward"],
      ["sun", "Task_Dispatch", "approve"],
      ["zhang", "Task_PiAssessment", "pass"],
      ["wu", "Task_SecurityReview", "pass"],
      ["zhang", "Task_Examine", "askExtension", { form: { ...forms["Task_Examine"] } }],
      ["yang", "Task_ApproveExtension", "approve", { form: { extensionDays: 5, extensionReason: "接口改造" } }],
      ["zhang", "Task_Examine", "agree"],
      ["yang", "Task_Decide", "approve"],
      ["ma", "Task_Deliver", "delivered"],
      ["wang", "Task_Accept", "accept"],
    ]);
    expect((await toldIn(instanceId))["u-wang"]).toEqual([
      "case.supplement",
      "limit.extended",
      "case.decided",
      "case.delivered",
      "case.ended",
    ]);
  });

  it("tells of a breach whoever is late and the applicant, and by the ladder the heads", async () => {
    const { instanceId } = await bench.apply();
    await take(instanceId, [["liu", "Task_SignOff", "approve"]]);
    await bench.runtime.moveClock(new Date(Date.parse(bench.runtime.clock.now()) + 21 * 86_400_000).toISOString());
    const told = await toldIn(instanceId);
    expect(told["u-chen"]).toEqual(expect.arrayContaining(["task.arrived", "limit.supervised", "limit.breached"]));
    expect(new Set(told["u-wang"])).toEqual(new Set(["limit.breached"]));
    const ladder = await bench.runtime.store.read("SELECT id FROM notice WHERE instance_id = ?", [instanceId]);
    expect(ladder.length).toBeGreaterThan(0);
  });
});
