import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationForm } from "../../bin/demo/forms.ts";
import { pdf } from "../support/files.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

type Step = readonly [account: string, element: string, outcome: string, form?: object];

async function take(instanceId: string, [account, element, outcome, form = {}]: Step): Promise<void> {
  const task = await bench.task(account, instanceId, element);
  if (!Array.isArray(task.outcomes)) throw new Error(`${element}: ${JSON.stringify(task)}`);
  const answer = await (
    await bench.as(account)
  ).post(`/api/tasks/${task.id}/complete`, {
    outcome,
    reasonCode: task.outcomes.find(({ code }) => code === outcome)?.needsReasonCode ? "R7" : null,
    opinion: "已按职责核对材料、范围与依据，意见如上，理由充分且已记录在案。",
    citation: null,
    form,
    rev: task.rev,
  });
  if (answer.status !== 200) throw new Error(`${element}: ${answer.text}`);
  await bench.runtime.settle();
}

async function takeAll(instanceId: string, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await take(instanceId, step);
}

async function begin(account: string, process: string, body: object) {
  const answer = await (await bench.as(account)).post(`/api/processes/${process}/cases`, body);
  await bench.runtime.settle();
  return answer;
}

async function apply(account: string, resourceId: string, items: readonly string[], personalInfo = "none") {
  const request = { ...applicationForm, items, necessaryItems: items, mode: "query", personalInfo };
  const body = { resourceId, organisationId: "nm-civil", request };
  const answer = await (await bench.as(account)).post("/api/applications", body);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body as { id: string; instanceId: string; number: string };
}

/** Cases of a process, newest first. */
async function casesOf(process: string) {
  return bench.runtime.store.read("SELECT * FROM instance WHERE process_key = ? ORDER BY started_at DESC, id DESC", [
    process,
  ]);
}

async function one(table: string) {
  const rows = await bench.runtime.store.read(`SELECT * FROM ${table}`);
  return rows.at(-1);
}

describe("processes hand over", () => {
  it("a refusal opens a dispute with the clocks at rest, and its result goes on at delivery, then under supervision of use", async () => {
    const { instanceId, number } = await apply("wang", "res-publichousing", ["address"]);
    await takeAll(instanceId, [
      ["liu", "Task_SignOff", "approve"],
      ["chen", "Task_Review", "approve"],
      ["zhou", "Task_Examine", "agree", { conditionMet: "yes" }],
      ["hu", "Task_Decide", "refuse"],
      ["wang", "Task_RefusalNotice", "dispute"],
    ]);
    const [dispute] = await casesOf("ds-08");
    expect(dispute).toMatchObject({ applicant_org: "nm-civil", provider_org: "nm-housing", status: "running" });
    const resting = await bench.runtime.store.read("SELECT state FROM clock WHERE instance_id = ? AND limit_code = ?", [
      instanceId,
      "L.E2E",
    ]);
    expect(resting.map(({ state }) => state)).toEqual(["paused"]);

    const disputeId = String(dispute?.["id"]);
    await takeAll(disputeId, [
      ["hu", "Task_Propose", "propose", { offer: "提供脱敏后的承租状态" }],
      ["liu", "Task_Consider", "acceptShare"],
    ]);
    await takeAll(instanceId, [
      ["ma", "Task_Deliver", "delivered", { deliveryMode: "query" }],
      ["wang", "Task_Accept", "accept", { itemsReceived: ["address"], sampleChecked: true }],
    ]);
    expect(await one("access_grant")).toMatchObject({ instance_id: instanceId, case_number: number, state: "active" });
    // The text with which the dispute was settled binds the case that goes on.
    expect(await one("delivery")).toMatchObject({ conditions: "提供脱敏后的承租状态" });
    const [supervision] = await casesOf("ds-09");
    expect(supervision).toMatchObject({ status: "running", applicant_org: "nm-civil", provider_org: "nm-housing" });
    const journal = await bench.runtime.store.read("SELECT type FROM journal WHERE instance_id = ?", [instanceId]);
    expect(journal.map(({ type }) => type)).toContain("dispute.decided");

    const told = { start: "breach", organisationId: "nm-data", form: { breachFacts: "调用日志显示用于授权外事项" } };
    const number9 = String(supervision?.["case_number"]);
    expect((await begin("chen", "ds-09", { ...told, caseNumber: number9 })).status).toBe(201);
    expect(await one("access_grant")).toMatchObject({ state: "suspended" });
    const id9 = String(supervision?.["id"]);
    await takeAll(id9, [
      ["wang", "Task_Hearing", "stated", { statement: "系测试调用，已停止" }],
      ["chen", "Task_Ruling", "terminate", { rulingNote: "超范围使用属实" }],
    ]);
    expect(await one("access_grant")).toMatchObject({ state: "revoked" });
    const certificateFile = [await (await bench.as("wang")).upload("处置证明.pdf", pdf)];
    await takeAll(id9, [
      ["wang", "Task_Disposal", "disposed", { certificate: "CZ-2026-001", certificateFile, disposalNote: "已清除" }],
      ["chen", "Task_DisposalCheck", "accept"],
    ]);
    expect((await casesOf("ds-09"))[0]).toMatchObject({ status: "completed" });
  });

  it("a demand for uncatalogued data waits for its entry and goes on with the holder that was found", async () => {
    const { instanceId } = await apply("wang", "res-uncatalogued", ["status"]);
    await take(instanceId, ["liu", "Task_SignOff", "approve"]);
    const [demand] = await casesOf("ds-06");
    const id6 = String(demand?.["id"]);
    const entry = {
      entryName: "公租房轮候信息",
      entryItems: "轮候状态",
      shareClass: "conditional",
      grade: 2,
      mode: "query",
      frequency: "daily",
    };
    await takeAll(id6, [
      ["chen", "Task_Identify", "several", { identifyNote: "两个部门均有采集" }],
      ["guan", "Task_NameSource", "named", { holder: "nm-housing", namedBecause: "职责所在" }],
      ["zhou", "Task_Compile", "compiled", entry],
      ["hu", "Task_Secrecy", "pass", { secret: "no" }],
      ["hu", "Task_CatalogSign", "approve"],
      ["chen", "Task_Audit", "approve"],
    ]);
    expect(await one("catalogue_entry")).toMatchObject({ name: "公租房轮候信息", holder_org: "nm-housing" });
    await takeAll(instanceId, [
      ["chen", "Task_Review", "approve"],
      ["zhou", "Task_Examine", "agree", { conditionMet: "yes" }],
    ]);
  });

  it("an emergency is begun by its officer alone, and ends with paperwork and destruction", async () => {
    const body = {
      start: "emergency",
      organisationId: "nm-emergency-bureau",
      resourceId: "res-publichousing",
      form: { emergency: "II", orderNumber: "筑应急〔2026〕12号", to: "2099-12-20", purpose: "安置受灾群众" },
    };
    expect((await begin("wang", "ds-05", body)).status).toBe(404);
    expect((await begin("qin", "ds-05", { ...body, form: {} })).status).toBe(422);
    expect((await begin("qin", "ds-05", { ...body, form: { ...body.form, to: "下月" } })).body.problems).toMatchObject([
      { place: "form.to" },
    ]);
    const begun = await begin("qin", "ds-05", body);
    expect([begun.status, begun.body.caseNumber]).toEqual([201, expect.stringMatching(/^DS05-520102-/)]);
    await takeAll(begun.body.instanceId, [
      ["deng", "Task_Confirm", "confirm", { orderChecked: true }],
      ["lei", "Task_Release", "release"],
      ["hu", "Task_Mask", "masked", { secret: "no" }],
      ["ma", "Task_Deliver", "delivered", { deliveryMode: "query" }],
      ["qin", "Task_EndEvent", "ended", { endNote: "响应终止" }],
      ["qin", "Task_PostHoc", "filed", { posthocNote: "申请表及指令" }],
      ["qin", "Task_Destroy", "destroyed", { destroyNote: "已清除", certificate: "XH-1" }],
    ]);
    expect((await casesOf("ds-05"))[0]).toMatchObject({ status: "completed" });
    expect((await casesOf("ds-01"))[0]).toMatchObject({ status: "running", applicant_org: "nm-emergency-bureau" });
  });

  it("a correction flags the record at once and goes to every user", async () => {
    const begun = await begin("wang", "ds-07", {
      start: "correction",
      organisationId: "nm-civil",
      resourceId: "res-housing",
      form: { recordRef: "A-114", evidence: "承租人已退租", filedAt: "authority" },
    });
    expect(begun.status).toBe(201);
    expect(await one("record_flag")).toMatchObject({ record_ref: "A-114", state: "disputed" });
    await takeAll(begun.body.instanceId, [
      ["chen", "Task_Forward", "forwarded"],
      ["bai", "Task_Verify", "corrected", { verifyNote: "已核对，退租属实" }],
      ["wang", "Task_Ack", "done", { applied: true }],
      ["wang", "Task_Confirm", "accept"],
    ]);
    expect(await one("record_flag")).toMatchObject({ state: "corrected" });
    expect((await casesOf("ds-07"))[0]).toMatchObject({ status: "completed" });
  });

  it("unconditional data, another city and a return-flow each go their own way", async () => {
    const penalty = await apply("wang", "res-penalty", ["result"]);
    expect((await casesOf("ds-02"))[0]).toMatchObject({ id: penalty.instanceId });
    await takeAll(penalty.instanceId, [
      ["liu", "Task_SignOff", "approve"],
      ["chen", "Task_AuthorityGrant", "grant", { classChecked: true }],
      ["ma", "Task_Deliver", "delivered", { deliveryMode: "query" }],
    ]);
    const elsewhere = await apply("wang", "res-kl-lowincome", ["name"], "pi");
    expect((await casesOf("ds-04"))[0]).toMatchObject({ id: elsewhere.instanceId, provider_org: "kl-civil" });
    await takeAll(elsewhere.instanceId, [
      ["liu", "Task_SignOff", "approve"],
      ["chen", "Task_Review", "approve"],
      ["pan", "Task_Dispatch", "dispatched"],
    ]);
    const flow = await begin("wang", "ds-03r", {
      start: "request",
      organisationId: "nm-civil",
      resourceId: "res-medical",
      form: { duty: "社会救助", purpose: "回流本区参保信息" },
    });
    expect(flow.status).toBe(201);
    await takeAll(flow.body.instanceId, [
      ["sun", "Task_Check", "approve"],
      ["zhang", "Task_Prepare", "prepared"],
      ["yang", "Task_Decide", "refuseReturn"],
      ["wang", "Task_RefusalNotice", "acknowledge"],
    ]);
    expect((await casesOf("ds-03r"))[0]).toMatchObject({ status: "completed" });
  });
});

describe("what the caller may begin", () => {
  it("is listed with forms and departments, by role", async () => {
    const listed = async (account: string) =>
      (await (await bench.as(account)).get("/api/starts")).body.items.map(
        (item: { process: { key: string }; key: string }) => `${item.process.key} ${item.key}`,
      );
    expect(await listed("qin")).toContain("ds-05 emergency");
    expect(await listed("wang")).not.toContain("ds-05 emergency");
    expect(await listed("lin")).toEqual([]);
  });
});
