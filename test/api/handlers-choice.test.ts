import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forms } from "../../bin/demo/forms.ts";
import { openSteps, taskAt } from "../operations/situations.ts";
import { complete, nanmingCivil, startBetween } from "./dispute-case.ts";
import { ApiBench } from "./support.ts";

/** What the handlers of shipped processes choose by hand, within what the process bounds. */
let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

async function decideChoosing(account: string, id: string, element: string, body: object) {
  const { id: task, rev } = await taskAt(bench, id, element);
  const answer = await (await bench.as(account)).post(`/api/tasks/${task}/complete`, { opinion: "已核", rev, ...body });
  return { status: answer.status, codes: answer.body.problems?.map(({ code }: { code: string }) => code) };
}

describe("a demand for uncatalogued data (DS-06)", () => {
  const authority = { organisation: "nm-data", region: "520102", level: "county" };
  const uncatalogued = { id: "res-penalty", shareClass: "uncatalogued", hookup: "uncatalogued", grade: 1 };
  const start = () =>
    startBetween(bench, "ds-06", "Start_Demand", [nanmingCivil, authority], {
      resource: { ...uncatalogued, name: "处罚信息", vertical: "none" },
    });
  const one = { outcome: "one", form: { holder: "nm-housing", identifyNote: "三定规定" } };

  it("whose holder is one goes to it by the rule", async () => {
    const id = await start();
    expect(await decideChoosing("chen", id, "Task_Identify", one)).toMatchObject({ status: 200 });
    await bench.runtime.settle();
    expect(await openSteps(bench, id)).toEqual(["Task_Compile"]);
  });

  it("goes to the head for the source department where the handler chooses so with a reason, to the head that they name", async () => {
    const id = await start();
    const branch = "Flow_Gateway_Holders_Task_NameSource";
    const without = await decideChoosing("chen", id, "Task_Identify", { ...one, choice: { branch } });
    expect(without).toMatchObject({ status: 422, codes: ["CHOICE_REASON_MISSING"] });
    const reason = "数源职责有争议，报负责人指定";
    const colleague = { branch, people: { Task_NameSource: ["u-qian"] }, reason };
    expect(await decideChoosing("chen", id, "Task_Identify", { ...one, choice: colleague })).toMatchObject({
      status: 422,
    });
    const choice = { branch, people: { Task_NameSource: ["u-guan"] }, reason };
    expect(await decideChoosing("chen", id, "Task_Identify", { ...one, choice })).toMatchObject({ status: 200 });
    expect(await openSteps(bench, id)).toEqual(["Task_NameSource"]);
    expect((await taskAt(bench, id, "Task_NameSource")).assignee?.id).toBe("u-guan");
  });

  it("cannot be sent where nobody holds the data although it has a holder: that branch is not the handler's to choose", async () => {
    const id = await start();
    const choice = { branch: "Flow_Gateway_Holders_Task_Propose", reason: "不予处理" };
    expect(await decideChoosing("chen", id, "Task_Identify", { ...one, choice })).toMatchObject({ status: 422 });
    expect(await openSteps(bench, id)).toEqual(["Task_Identify"]);
  });
});

describe("a provider with several heads (DS-03)", () => {
  it("has the application decided by the head to whom the examiner puts it forward, and by nobody else", async () => {
    const { instanceId: id } = await bench.apply();
    for (const [account, element, outcome] of [
      ["liu", "Task_SignOff", "approve"],
      ["chen", "Task_OwnCheck", "approve"],
      ["zhao", "Task_Relay", "forward"],
      ["sun", "Task_Dispatch", "approve"],
      ["zhang", "Task_PiAssessment", "pass"],
      ["wu", "Task_SecurityReview", "pass"],
    ] as const)
      await complete(bench, account, id, outcome, forms[element] ?? {});
    const examined = { outcome: "agree", form: forms["Task_Examine"] ?? {} };
    const choice = { people: { Task_Decide: ["u-feng"] }, reason: "分管副局长冯岩" };
    expect(await decideChoosing("zhang", id, "Task_Examine", { ...examined, choice })).toMatchObject({ status: 200 });
    expect((await taskAt(bench, id, "Task_Decide")).assignee?.name).toBe("冯岩");
  });
});
