import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyJournal } from "../../server/runtime/journal.ts";
import { ApiBench } from "./support.ts";
import { accepted, askedItems, delivered, GrantBench } from "./grants-support.ts";

let bench: ApiBench;
let grants: GrantBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  grants = new GrantBench(bench);
});
afterAll(() => bench.close());

const types = (lines: readonly { type: string }[]) => lines.map(({ type }) => type);

describe("complaint 28: approved, but access is never provisioned", () => {
  it("is a grant that is not active before its data were delivered and accepted, and stands in a list until then", async () => {
    const id = await grants.granted();
    expect(await grants.grant(id)).toMatchObject({ state: "granted", reality: "notDelivered", acceptedAt: null });
    expect(await grants.list("guan", "notDelivered")).toContain(id);
    const before = await grants.figures("guan");
    expect(
      before.byProvider.find((row: { provider: { id: string } }) => row.provider.id === "nm-housing"),
    ).toMatchObject({ notDelivered: before.realities.notDelivered, oldestDays: 0 });

    await grants.take(id, delivered);
    expect(await grants.grant(id)).toMatchObject({ state: "delivered", reality: "notAccepted" });
    await grants.take(id, accepted);
    expect(await grants.grant(id)).toMatchObject({
      state: "active",
      reality: "fresh",
      deliveries: [{ result: "passed" }],
    });
    expect(await grants.list("guan", "notDelivered")).not.toContain(id);
    const after = await grants.figures("guan");
    expect(after.funnel.accepted - before.funnel.accepted).toBe(1);
    expect(before.realities.notDelivered - after.realities.notDelivered).toBe(1);
  });
});

describe("the acceptance test", () => {
  it("asks the deliverer how, and the receiver for every item; nothing is done before", async () => {
    const id = await grants.granted();
    const bare = await grants.answer(id, ["ma", "Task_Deliver", "delivered", {}]);
    expect([bare.status, bare.body.code]).toEqual([422, "DELIVERY_INCOMPLETE"]);
    const file = await grants.answer(id, ["ma", "Task_Deliver", "delivered", { deliveryMode: "file" }]);
    expect(file.body.problems).toMatchObject([{ place: "form.rowCount" }]);
    await grants.take(id, [
      "ma",
      "Task_Deliver",
      "delivered",
      { deliveryMode: "file", rowCount: 120, fileHash: "AB 12" },
    ]);
    const test = (form: object, outcome = "accept") => grants.answer(id, ["wang", "Task_Accept", outcome, form]);
    const failing = await test({ itemsReceived: ["tenant"], receivedRows: 118, receivedHash: "ab12", errorPercent: 2 });
    expect([failing.status, failing.body.code]).toEqual([422, "ACCEPTANCE_FAILED"]);
    expect(failing.body.problems.map(({ code }: { code: string }) => code)).toEqual([
      "itemsMissing",
      "sampleUnchecked",
      "rowCount",
      "errors",
    ]);
    const unfounded = await test({ itemsReceived: askedItems, sampleChecked: true }, "reject");
    expect([unfounded.status, unfounded.body.code]).toEqual([422, "REJECTION_UNFOUNDED"]);
    expect(await grants.grant(id)).toMatchObject({ state: "delivered", rejections: 0 });
  });

  it("that fails opens the delivery again under the same clock, and is counted", async () => {
    const id = await grants.granted();
    await grants.take(id, delivered);
    const clock = async () =>
      bench.runtime.store.read("SELECT id, state FROM clock WHERE instance_id = ? AND limit_code = 'L.DELIVER'", [id]);
    const [first] = await clock();
    await grants.take(id, ["wang", "Task_Accept", "reject", { itemsReceived: ["tenant"], sampleChecked: true }]);
    expect(await grants.grant(id)).toMatchObject({
      state: "granted",
      reality: "notDelivered",
      rejections: 1,
      deliveries: [
        {
          result: "failed",
          differences: [{ zh: "缺少数据项：房源地址", en: "items are missing: Address of the dwelling" }],
        },
      ],
    });
    expect(await clock()).toEqual([{ id: first?.["id"], state: "running" }]);
    expect(types(await grants.history(id))).toEqual(expect.arrayContaining(["delivery.rejected", "clock.reopened"]));
    expect(await grants.list("guan", "notDelivered")).toContain(id);
    await grants.take(id, delivered, accepted);
    expect(await grants.grant(id)).toMatchObject({ state: "active", deliveries: [{ number: 1 }, { number: 2 }] });
  });

  it("takes what a probe of the platform measured where the receiver leaves it out", async () => {
    const id = await grants.granted();
    const probe = async (body: object, account = "worker") => grants.act(account, id, "probe", body);
    expect((await probe({ rowCount: 1 })).status).toBe(409);
    await grants.take(id, ["ma", "Task_Deliver", "delivered", { deliveryMode: "file", rowCount: 120 }]);
    expect((await probe({ rowCount: 119, testCall: "failed" }, "wang")).status).toBe(404);
    expect((await probe({ rowCount: 119, testCall: "failed" })).status).toBe(204);
    const answer = await grants.answer(id, accepted);
    expect(answer.body.problems.map(({ code }: { code: string }) => code)).toEqual(["testCallFailed", "rowCount"]);
  });

  it("by silence makes the access active, and says so", async () => {
    const id = await grants.granted();
    await grants.take(id, delivered);
    const [clock] = await bench.runtime.store.read(
      "SELECT due_at FROM clock WHERE instance_id = ? AND limit_code = 'L.ACCEPT'",
      [id],
    );
    await bench.runtime.moveClock(String(clock?.["due_at"]));
    expect(await grants.grant(id)).toMatchObject({ state: "active", deliveries: [{ result: "silent" }] });
    expect(await grants.history(id)).toContainEqual(
      expect.objectContaining({
        type: "delivery.accepted",
        actor: "system",
        en: expect.stringContaining("nobody objected"),
      }),
    );
  });
});

describe("reports of use", () => {
  it("count once each, by the report's own id, and only from the platform", async () => {
    const id = await grants.inForce();
    const { caseNumber } = await grants.grant(id);
    const report = {
      id: `u-${id}`,
      caseNumber,
      day: "2026-11-25",
      calls: 30,
      rows: 90,
      items: ["address"],
      region: "520102",
    };
    const clerk = await bench.as("wang");
    expect((await clerk.post("/api/usage-reports", { reports: [report] })).status).toBe(404);
    const unknown = { ...report, id: "u-0", caseNumber: "none" };
    expect((await grants.report(report, report, unknown)).body.items).toEqual([
      { id: report.id, result: "taken", excesses: [], suspended: false },
      { id: report.id, result: "taken", excesses: [], suspended: false },
      { id: "u-0", result: "unknownCase", excesses: [], suspended: false },
    ]);
    expect((await grants.report(report)).body.items[0].result).toBe("repeated");
    expect(await grants.grant(id)).toMatchObject({ reality: "used", use: { days: 1, calls: 30, rows: 90 } });
  });

  it.each([
    ["an item that was not granted", { items: ["tenant", "secret"] }, "items that were not granted: secret"],
    ["more calls than agreed", { calls: 101 }, "101 calls, more than the agreed 100 a day"],
    ["a day outside the period", { day: "2026-10-31" }, "used outside the period of use"],
    ["another division", { region: "520103" }, "data of division 520103, outside the granted area"],
  ])("beyond scope suspend at once, by rule, and the receiver is heard: %s", async (name, excess, sentence) => {
    const id = await grants.inForce();
    const { caseNumber, supervision } = await grants.grant(id);
    const usual = { day: "2026-11-25", calls: 5, rows: 5, items: ["tenant"], region: "520102" };
    const answer = await grants.report({ id: `${name}-${id}`, caseNumber, ...usual, ...excess });
    expect(answer.body.items).toMatchObject([{ excesses: [{ en: sentence }], suspended: true }]);
    expect(await grants.grant(id)).toMatchObject({ state: "suspended", excesses: 1, suspensions: 1 });
    expect((await grants.history(id)).filter(({ type }) => type === "access.suspended")).toMatchObject([
      { actor: "system", en: expect.stringContaining(sentence) },
    ]);
    const hearing = await bench.task("wang", supervision?.id ?? "", "Task_Hearing");
    expect(hearing.role).toBe("applicant-clerk");
    expect(await grants.list("guan", "suspended")).toContain(id);
  });

  it("leave an ended case of the engine as it is", async () => {
    const id = await grants.inForce();
    const { caseNumber } = await grants.grant(id);
    const stored = async () =>
      (await bench.runtime.store.read("SELECT status, state, ended_at FROM instance WHERE id = ?", [id]))[0];
    const before = await stored();
    await grants.report({ id: `c-${id}`, caseNumber, day: "2026-11-25", calls: 999, rows: 1, items: [] });
    expect(await stored()).toEqual(before);
    expect(types(await grants.history(id))).toContain("access.suspended");
    expect(await verifyJournal(bench.runtime.store)).toEqual([]);
  });
});

describe("a suspension", () => {
  async function suspended(): Promise<string> {
    const id = await grants.inForce();
    const { caseNumber } = await grants.grant(id);
    await grants.report({ id: `s-${id}`, caseNumber, day: "2026-11-25", calls: 999, rows: 1, items: [] });
    return id;
  }

  it.each(["zhou", "chen"])(
    "is lifted with a reason by provider or authority (%s); the hearing is over",
    async (account) => {
      const id = await suspended();
      expect((await grants.act(account, id, "restore", { reason: " " })).status).toBe(422);
      const answer = await grants.act(account, id, "restore", { reason: "系统联调造成，已核实" });
      expect([answer.status, answer.body.state]).toEqual([200, "active"]);
      const { supervision } = await grants.grant(id);
      await expect(bench.task("wang", supervision?.id ?? "", "Task_Hearing")).rejects.toThrow("finds no open task");
      expect((await grants.act(account, id, "restore", { reason: "系统联调造成，已核实" })).body.code).toBe(
        "GRANT_STATE",
      );
    },
  );

  it("becomes a revocation by the provider, and the receiver owes a certificate of disposal", async () => {
    const id = await suspended();
    const answer = await grants.act("hu", id, "revoke", { reason: "多次超范围使用，予以撤销" });
    expect([answer.status, answer.body.state, answer.body.endedBecause]).toEqual([200, "revoked", "provider"]);
    const { supervision } = await grants.grant(id);
    expect((await bench.task("wang", supervision?.id ?? "", "Task_Disposal")).element).toBe("Task_Disposal");
  });

  it("ends with the ruling of the authority otherwise", async () => {
    const id = await suspended();
    const { supervision } = await grants.grant(id);
    await grants.take(
      supervision?.id ?? "",
      ["wang", "Task_Hearing", "stated", { statement: "系测试调用" }],
      ["chen", "Task_Ruling", "terminate", { rulingNote: "超范围使用属实" }],
    );
    expect(await grants.grant(id)).toMatchObject({ state: "revoked", endedBecause: "ruling" });
  });
});

describe("who may act on a grant", () => {
  it("is the receiver, the provider or the authority, each for its own; others learn nothing", async () => {
    const id = await grants.inForce();
    const reason = { reason: "试图操作他人的授权" };
    expect((await grants.act("luo", id, "release", reason)).status).toBe(404);
    expect((await grants.act("zhou", id, "release", reason)).body.code).toBe("NOT_YOURS");
    expect((await grants.act("wang", id, "suspend", reason)).body.code).toBe("NOT_YOURS");
    expect((await grants.act("hu", id, "revoke", reason)).body.code).toBe("GRANT_STATE");
    expect((await (await bench.as("luo")).get(`/api/grants/${id}`)).status).toBe(404);
    expect((await grants.grant(id, "wang")).actions).toEqual(["renew", "narrow", "release", "rateAccepted", "copy"]);
    expect((await grants.grant(id, "hu")).actions).toEqual(["suspend", "announceChange"]);
    expect((await grants.grant(id, "chen")).actions).toEqual(["suspend", "revoke"]);
  });
});

describe("a change of a grant in use", () => {
  it("by the receiver narrows at once and never widens", async () => {
    const id = await grants.inForce();
    const reason = "不再需要承租人姓名";
    const widen = await grants.act("wang", id, "narrow", { reason, items: ["address", "secret"], callsPerDay: 500 });
    expect([widen.status, widen.body.problems.map(({ place }: { place: string }) => place)]).toEqual([
      422,
      ["body.items", "body.callsPerDay"],
    ]);
    const narrowed = await grants.act("wang", id, "narrow", { reason, items: ["address"], endsOn: "2027-03-31" });
    expect(narrowed.body).toMatchObject({ state: "active", endsOn: "2027-03-31", items: [{ code: "address" }] });
    const { caseNumber } = narrowed.body;
    const answer = await grants.report({
      id: `n-${id}`,
      caseNumber,
      day: "2026-11-25",
      calls: 1,
      rows: 1,
      items: ["tenant"],
    });
    expect(answer.body.items[0].suspended).toBe(true);
  });

  it("by the provider takes effect when the authority has filed it and the receiver has taken notice", async () => {
    const id = await grants.inForce();
    const change = { kind: "narrow", to: { items: ["address"] }, reason: "目录调整，姓名不再共享" };
    expect((await grants.act("zhou", id, "change", change)).status).toBe(200);
    const { supervision, items } = await grants.grant(id);
    expect(items).toHaveLength(2);
    await grants.take(
      supervision?.id ?? "",
      ["chen", "Task_FileChange", "filed"],
      ["wang", "Task_ChangeNotice", "acknowledge"],
    );
    expect((await grants.grant(id)).items.map(({ code }) => code)).toEqual(["address"]);
    expect(types(await grants.history(id))).toContain("grant.narrowed");
  });

  it("asked for by the receiver, a renewal is a short review by authority and provider", async () => {
    const id = await grants.inForce("2027-05-31");
    const ask = (to: string) => grants.act("wang", id, "renewal", { to, reason: "事项仍在办理" });
    expect((await ask("2027-05-30")).body.code).toBe("TERM_INVALID");
    expect((await ask("2099-01-01")).body.code).toBe("TERM_INVALID");
    expect((await ask("2027-12-31")).status).toBe(200);
    expect((await ask("2027-12-31")).body.code).toBe("SUPERVISION_BUSY");
    const { supervision } = await grants.grant(id);
    await grants.take(
      supervision?.id ?? "",
      ["chen", "Task_RenewReview", "approve"],
      ["hu", "Task_RenewDecide", "approve"],
    );
    expect(await grants.grant(id)).toMatchObject({ state: "active", endsOn: "2027-12-31" });
  });

  it("given up early by the receiver, access ends at once and its supervision goes on to the disposal", async () => {
    const id = await grants.inForce();
    const answer = await grants.act("wang", id, "release", { reason: "事项已办结" });
    expect(answer.body).toMatchObject({ state: "ended", endedBecause: "released", reality: "over" });
    expect((await bench.task("wang", answer.body.supervision.id, "Task_Disposal")).element).toBe("Task_Disposal");
    expect((await grants.act("wang", id, "release", { reason: "事项已办结" })).body.code).toBe("GRANT_STATE");
  });
});

describe("the case that granted access", () => {
  it("is not deleted while the access is in force, and may be afterwards", async () => {
    const id = await grants.inForce();
    const admin = await bench.as("admin");
    const remove = () => admin.post(`/api/instances/${id}/delete`, { reason: "保存期满" });
    expect((await remove()).body.code).toBe("GRANT_IN_FORCE");
    await grants.act("wang", id, "release", { reason: "事项已办结" });
    expect((await remove()).status).toBe(200);
    expect((await (await bench.as("wang")).get(`/api/grants/${id}`)).status).toBe(404);
  });
});

describe("people", () => {
  it("of both sides are told at once of a suspension and of its lifting, but not of what they did themselves", async () => {
    const id = await grants.inForce();
    const { caseNumber } = await grants.grant(id);
    await grants.report({ id: `p-${id}`, caseNumber, day: "2026-11-25", calls: 999, rows: 1, items: [] });
    await grants.act("zhou", id, "restore", { reason: "系统联调造成，已核实" });
    await bench.runtime.notices.sweep();
    const told = await bench.runtime.store.read(
      `SELECT announcement.kind, notice_message.person_id FROM announcement
         JOIN notice_message ON notice_message.announcement_id = announcement.id
       WHERE announcement.instance_id = ? AND announcement.kind LIKE 'grant.%' ORDER BY announcement.kind, person_id`,
      [id],
    );
    expect(told.map((row) => `${String(row["kind"])} ${String(row["person_id"])}`)).toEqual([
      "grant.restored u-wang",
      "grant.suspended u-wang",
      "grant.suspended u-zhou",
    ]);
  });
});

describe("satisfaction", () => {
  it("is asked once after the acceptance and once after the end; a poor score says what lacked", async () => {
    const id = await grants.inForce();
    const rate = (body: object) => grants.act("wang", id, "ratings", body);
    expect((await rate({ phase: "accepted", score: 2 })).status).toBe(422);
    expect((await rate({ phase: "ended", score: 5 })).body.code).toBe("GRANT_STATE");
    expect((await rate({ phase: "accepted", score: 2, lacking: "缺少更新时间" })).status).toBe(200);
    expect((await rate({ phase: "accepted", score: 5 })).body.code).toBe("DONE_BEFORE");
    await grants.act("wang", id, "release", { reason: "事项已办结" });
    expect((await rate({ phase: "ended", score: 5 })).body.scores).toEqual({ accepted: 2, ended: 5 });
    const { byProvider } = await grants.figures("guan", "?provider=nm-housing");
    expect(byProvider).toMatchObject([{ satisfaction: { mean: 3.5, count: 2 } }]);
  });
});
