import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import { ApiBench } from "./support.ts";
import { GrantBench } from "./grants-support.ts";

let bench: ApiBench;
let grants: GrantBench;

beforeAll(async () => {
  bench = await ApiBench.open();
  grants = new GrantBench(bench);
});
afterAll(() => bench.close());

/** What was filled in before a task, by the form that it was filled into. */
function filledIn({ filled }: TaskDetail): Readonly<Record<string, unknown>> {
  return Object.fromEntries(filled.map(({ form, values }) => [String(form["id"]), values]));
}

async function supervisionOf(id: string): Promise<string> {
  const { supervision } = await grants.grant(id);
  if (!supervision) throw new Error("nobody supervises the grant");
  return supervision.id;
}

describe("what somebody begins a case with by hand", () => {
  it("is read by those who then act, and by nobody who may not see the case", async () => {
    const claim = "承租人身份号码为低保核验所必需，请求共享。";
    const begun = await (
      await bench.as("liu")
    ).post("/api/processes/ds-08/cases", {
      start: "dispute",
      organisationId: "nm-civil",
      otherOrganisationId: "nm-housing",
      form: { ground: "refusal", claim },
    });
    expect(begun.status).toBe(201);
    await bench.runtime.settle();
    const task = await bench.task("hu", begun.body.instanceId, "Task_Propose");
    expect(filledIn(task)["start-dispute"]).toMatchObject({ ground: "refusal", claim });
    const shown = await (await bench.as("hu")).get(`/api/instances/${begun.body.instanceId}`);
    expect(shown.body.filled.map(({ name }: { name: object }) => name)).toEqual([
      { zh: "提出争议", en: "Opening a dispute" },
    ]);
    expect((await (await bench.as("long")).get(`/api/instances/${begun.body.instanceId}`)).status).toBe(404);
  });
});

describe("what the supervision of a grant is told", () => {
  it("is read by those who act on a renewal, stands in the history under who asked, and closes the way to ask again", async () => {
    const id = await grants.inForce("2027-05-31");
    const supervision = await supervisionOf(id);
    expect((await grants.grant(id)).actions).toContain("renew");
    expect((await grants.grant(id)).pending).toEqual([]);
    await grants.act("wang", id, "renewal", { to: "2027-12-31", reason: "事项仍在办理" });
    const task = await bench.task("chen", supervision, "Task_RenewReview");
    expect(filledIn(task)["renew"]).toEqual({ renewTo: "2027-12-31", renewNote: "事项仍在办理" });
    const line = (await grants.history(supervision)).find(({ type }) => type === "case.told");
    expect(line).toEqual({
      type: "case.told",
      actor: "person",
      by: "王敏",
      zh: "提出“续期或停用”：至 2027-12-31；事项仍在办理",
      en: "handed in “Renewal”: until 2027-12-31; 事项仍在办理",
    });
    const { related } = (await (await bench.as("chen")).get(`/api/instances/${supervision}`)).body;
    const { caseNumber: number } = await grants.grant(id);
    expect(related).toEqual([
      { kind: "grant", id, number },
      { kind: "case", id, number },
    ]);
    const asked = await grants.grant(id);
    expect(asked.actions).not.toContain("renew");
    expect(asked.pending).toMatchObject([{ name: { zh: "主管部门审查" }, organisation: { id: "nm-data" } }]);
    await grants.take(supervision, ["chen", "Task_RenewReview", "approve"], ["hu", "Task_RenewDecide", "approve"]);
    expect((await grants.grant(id)).pending).toEqual([]);
    expect((await grants.grant(id)).actions).toContain("renew");
  });

  it("is read by whoever files a change of the service, item by item", async () => {
    const id = await grants.inForce();
    const reason = "系统改造，停止提供承租人";
    await grants.act("zhou", id, "change", {
      kind: "narrow",
      to: { items: ["address"], endsOn: "2027-03-31" },
      reason,
    });
    const task = await bench.task("chen", await supervisionOf(id), "Task_FileChange");
    expect(filledIn(task)["service-change"]).toEqual({
      changeKind: "change",
      changeReason: reason,
      changeItems: ["address"],
      changeEndsOn: "2027-03-31",
    });
    expect((await grants.grant(id, "zhou")).actions).not.toContain("announceChange");
  });

  it("is read by the receiver who is heard after a suspension, and by whoever rules", async () => {
    const id = await grants.inForce();
    const { caseNumber } = await grants.grant(id);
    await grants.report({ id: `t-${id}`, caseNumber, day: "2026-11-25", calls: 999, rows: 1, items: [] });
    await bench.runtime.settle();
    const heard = await bench.task("wang", await supervisionOf(id), "Task_Hearing");
    expect(filledIn(heard)["start-breach"]).toEqual({ breachFacts: expect.stringContaining("999") });
  });

  it("refuses a renewal with a word to whoever asked, and skips none of the checks that were to come", async () => {
    const id = await grants.inForce("2027-05-31");
    const supervision = await supervisionOf(id);
    const due = async () => {
      const [row] = await bench.runtime.store.read("SELECT milestone_on FROM access_grant WHERE instance_id = ?", [id]);
      return row?.["milestone_on"];
    };
    const before = await due();
    await grants.act("wang", id, "renewal", { to: "2027-12-31", reason: "事项仍在办理" });
    const review = await bench.task("chen", supervision, "Task_RenewReview");
    const refused = await (
      await bench.as("chen")
    ).post(`/api/tasks/${review.id}/complete`, {
      outcome: "refuse",
      reasonCode: "R3",
      opinion: "续期期间不再承担该项法定职责，不具备继续使用的依据。",
      citation: null,
      form: { renewReviewNote: "事项即将办结" },
      rev: review.rev,
    });
    expect(refused.status).toBe(200);
    await bench.runtime.settle();
    expect(await due()).toBe(before);
    const line = (await grants.history(id)).find(({ type }) => type === "grant.notRenewed");
    expect(line).toMatchObject({
      zh: "续期未获同意，授权仍至 2027-05-31：事项即将办结",
      en: "the renewal was refused; the access lasts until 2027-05-31: 事项即将办结",
    });
    await bench.runtime.notices.sweep();
    const told = await bench.runtime.store.read(
      `SELECT notice_message.person_id FROM announcement
         JOIN notice_message ON notice_message.announcement_id = announcement.id
       WHERE announcement.instance_id = ? AND announcement.kind = 'grant.notRenewed'`,
      [id],
    );
    expect(told.map((row) => row["person_id"])).toEqual(["u-wang"]);
    expect((await grants.grant(id)).actions).toContain("renew");
  });
});

describe("the history of a delivery", () => {
  it("names items and the way of delivery as people know them, and no code", async () => {
    const id = await grants.inForce();
    await grants.act("wang", id, "narrow", { items: ["address"], reason: "不再需要承租人" });
    const told = new Map((await grants.history(id)).map(({ type, zh, en }) => [type, [zh, en]]));
    expect(told.get("delivery.made")).toEqual([
      "第 1 次提供数据（查询接口），等待验收",
      "delivery no. 1 (query API), to be tested by the receiver",
    ]);
    expect(told.get("delivery.tested")).toEqual([
      "第 1 次提供验收测试通过：承租人、房源地址",
      "delivery no. 1 passed the acceptance test: Tenant, Address of the dwelling",
    ]);
    expect(told.get("grant.narrowed")?.[0]).toContain("不再提供 承租人");
    const own = await (await bench.as("wang")).get("/api/applications");
    expect(own.body.items[0].currentSteps).toEqual([]);
    const regions = await (await bench.as("wang")).get("/api/regions");
    expect(regions.body.items).toContainEqual({
      code: "520102",
      name: { zh: "南明区", en: "Nanming District" },
      level: "county",
      parent: "520100",
    });
  });
});
