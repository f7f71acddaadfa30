import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiBench } from "./support.ts";
import { GrantBench, type Step } from "./grants-support.ts";

let bench: ApiBench;
let grants: GrantBench;

beforeAll(async () => {
  bench = await ApiBench.open();
  grants = new GrantBench(bench);
});
afterAll(() => bench.close());

const untilReview: readonly Step[] = [
  ["liu", "Task_SignOff", "approve"],
  ["chen", "Task_Review", "approve"],
];

/** What the answer finds missing, and how it ended. */
async function tried(id: string, step: Step): Promise<readonly [number, readonly string[]]> {
  const { status, body } = await grants.answer(id, step);
  const problems = (status === 200 ? [] : body.problems) as readonly { place: string }[];
  return [status, problems.map(({ place }) => place)];
}

describe("a form whose fields depend on the outcome", () => {
  it("asks for the number of an assessment that was passed, and for none of one that failed", async () => {
    const { instanceId } = await grants.applied();
    await grants.take(instanceId, ...untilReview);
    expect(await tried(instanceId, ["zhou", "Task_PiAssessment", "pass"])).toEqual([422, ["form.assessmentNumber"]]);
    expect(await tried(instanceId, ["zhou", "Task_PiAssessment", "fail"])).toEqual([200, []]);
  });

  it("asks whether the condition is met of whoever judges it, and not of whoever asks for more time", async () => {
    const { instanceId } = await grants.applied();
    await grants.take(instanceId, ...untilReview, [
      "zhou",
      "Task_PiAssessment",
      "pass",
      { assessmentNumber: "PIA-2026-041" },
    ]);
    expect(await tried(instanceId, ["zhou", "Task_Examine", "agree"])).toEqual([422, ["form.conditionMet"]]);
    expect(await tried(instanceId, ["zhou", "Task_Examine", "askExtension"])).toEqual([200, []]);
    expect(await tried(instanceId, ["hu", "Task_ApproveExtension", "approve"])).toEqual([
      422,
      ["form.extensionDays", "form.extensionReason"],
    ]);
    expect(await tried(instanceId, ["hu", "Task_ApproveExtension", "reject"])).toEqual([200, []]);
  });

  it("lets an applicant withdraw without supplementing anything", async () => {
    const { instanceId } = await grants.applied();
    await grants.take(instanceId, ["liu", "Task_SignOff", "approve"]);
    const review = await bench.task("chen", instanceId, "Task_Review");
    const returned = await (
      await bench.as("chen")
    ).post(`/api/tasks/${review.id}/complete`, {
      outcome: "supplement",
      reasonCode: null,
      opinion: "请补充职责依据。",
      citation: null,
      form: {},
      defects: [{ place: "purpose", what: "用途不明", basis: "条例" }],
      rev: review.rev,
    });
    expect(returned.status).toBe(200);
    await bench.runtime.settle();
    expect(await tried(instanceId, ["wang", "Task_Supplement", "resubmit"])).toEqual([422, ["form.supplementText"]]);
    expect(await tried(instanceId, ["wang", "Task_Supplement", "withdraw"])).toEqual([200, []]);
  });
});
