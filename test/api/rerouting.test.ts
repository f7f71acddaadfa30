import { afterAll, beforeAll, expect, it } from "vitest";
import { forms } from "../../bin/demo/forms.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const first: readonly (readonly [string, string, string])[] = [
  ["liu", "Task_SignOff", "approve"],
  ["chen", "Task_OwnCheck", "approve"],
  ["zhao", "Task_Relay", "forward"],
];
const round: readonly (readonly [string, string, string])[] = [
  ["sun", "Task_Dispatch", "approve"],
  ["zhang", "Task_PiAssessment", "pass"],
  ["wu", "Task_SecurityReview", "pass"],
  ["zhang", "Task_Examine", "agree"],
];

async function decide(account: string, instanceId: string, element: string, outcome: string) {
  const task = await bench.task(account, instanceId, element);
  const decision = {
    outcome,
    reasonCode: outcome === "notOurs" ? "R8" : null,
    citation: "《政务数据共享条例》第十九条",
    opinion: "本部门不是数源部门，数据由省人力资源和社会保障厅采集并维护，请主管部门重新确定。",
    form: forms[element] ?? {},
    rev: task.rev,
  };
  const answer = await (await bench.as(account)).post(`/api/tasks/${task.id}/complete`, decision);
  await bench.runtime.settle();
  return { task, answer };
}

it("a case is sent on after “not the holder” twice, and a third time is neither offered nor taken", async () => {
  const { instanceId } = await bench.apply();
  for (const [account, element, outcome] of first) await decide(account, instanceId, element, outcome);
  const offered: boolean[] = [];
  for (const attempt of [1, 2, 3]) {
    for (const [account, element, outcome] of round)
      expect((await decide(account, instanceId, element, outcome)).answer.status, `${attempt} ${element}`).toBe(200);
    const { task, answer } = await decide("yang", instanceId, "Task_Decide", "notOurs");
    offered.push(task.outcomes.some(({ code }) => code === "notOurs"));
    if (attempt < 3) expect(answer.status, answer.text).toBe(200);
    else expect(answer.body.problems.map(({ code }: { code: string }) => code)).toEqual(["REROUTES_USED_UP"]);
  }
  expect(offered).toEqual([true, true, false]);
});
