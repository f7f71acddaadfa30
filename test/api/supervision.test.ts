import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantAt } from "../../engine/calendar/dates.ts";
import { completeTimed, startTimed, timedProcess } from "../runtime/timed-process.ts";
import { official2027 } from "../support/official-2027.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  await bench.runtime.movable?.moveTo(instantAt("2026-11-30", "10:00"));
});
afterAll(() => bench.close());

const { region: _region, year: _year, ...body } = official2027;

describe("cards and supervisory orders", () => {
  let id = "";
  beforeAll(async () => {
    id = await startTimed(bench.runtime, timedProcess());
    await completeTimed(bench.runtime, id, "review");
    await bench.runtime.moveClock(instantAt("2026-12-18", "10:00"));
  });

  it("shows a card with its evidence to the organisation and to those who oversee it, not to others", async () => {
    const cards = async (account: string) => (await (await bench.as(account)).get("/api/supervision/cards")).body.items;
    for (const account of ["yang", "gao", "huang"]) {
      expect(await cards(account), account).toMatchObject([
        {
          colour: "yellow",
          state: "issued",
          organisation: { id: "gz-medical" },
          evidence: { limitCode: "L.REPLY.COND", calendar: { region: "520000" }, scheme: { code: "overdue-yellow" } },
          may: { contest: account === "yang", decide: false },
        },
      ]);
    }
    for (const account of ["chen", "wang", "admin"]) expect(await cards(account), account).toEqual([]);
  });

  it("lets the head contest in time, and somebody outside that organisation decide, with reasons that are kept", async () => {
    const [card] = (await (await bench.as("yang")).get("/api/supervision/cards")).body.items;
    const contest = { reason: "系统停机两天，附运维记录" };
    const path = `/api/supervision/cards/${card.id}`;
    expect((await (await bench.as("zhang")).post(`${path}/contest`, contest)).status).toBe(404);
    expect(
      (await (await bench.as("gao")).post(`${path}/decide`, { decision: "upheld", reason: "尚未申诉不能决定" })).status,
    ).toBe(409);
    expect((await (await bench.as("yang")).post(`${path}/contest`, contest)).status).toBe(204);
    expect((await (await bench.as("yang")).post(`${path}/contest`, contest)).status).toBe(409);
    expect(
      (await (await bench.as("yang")).post(`${path}/decide`, { decision: "withdrawn", reason: "自己撤销" })).status,
    ).toBe(404);
    const decided = await (
      await bench.as("gao")
    ).post(`${path}/decide`, { decision: "withdrawn", reason: "停机属实，予以撤销" });
    expect(decided.status).toBe(204);
    const [after] = (await (await bench.as("yang")).get("/api/supervision/cards?state=withdrawn")).body.items;
    expect(after).toMatchObject({
      state: "withdrawn",
      countsInAssessment: false,
      contested: { by: "杨帆", reason: contest.reason },
      decided: { by: "高远", reason: "停机属实，予以撤销" },
    });
    const history = (await (await bench.as("gao")).get(`/api/instances/${id}`)).body.history;
    expect(JSON.stringify(history)).toContain("停机属实");
  });

  it("cannot be contested when the time for it is over", async () => {
    const late = await startTimed(bench.runtime, timedProcess());
    await bench.runtime.moveClock(instantAt("2026-12-31", "10:00"));
    const page = (await (await bench.as("yang")).get("/api/supervision/cards?state=issued&limit=100")).body.items;
    const card = page.find(
      (found: { case: { instanceId: string }; colour: string }) =>
        found.case.instanceId === late && found.colour === "yellow",
    );
    expect(card.may.contest).toBe(false);
    const answer = await (
      await bench.as("yang")
    ).post(`/api/supervision/cards/${card.id}/contest`, { reason: "太晚的申诉" });
    expect([answer.status, answer.body.code]).toEqual([409, "CONTEST_TOO_LATE"]);
  });

  it("takes an order from its answer over a return to its end, by those entitled, and a red card only without an answer", async () => {
    const [order] = (await (await bench.as("yang")).get("/api/supervision/orders")).body.items.filter(
      (found: { case: { instanceId: string } }) => found.case.instanceId === id,
    );
    const path = `/api/supervision/orders/${order.id}`;
    const verify = (account: string, accepted: boolean) =>
      bench.as(account).then((person) => person.post(`${path}/verify`, { accepted, verification: "核对办理记录" }));
    expect((await verify("gao", true)).status).toBe(409);
    expect((await (await bench.as("zhang")).post(`${path}/reply`, { reply: "经办人答复" })).status).toBe(404);
    expect((await (await bench.as("yang")).post(`${path}/reply`, { reply: "本周内办结" })).status).toBe(204);
    expect((await verify("yang", true)).status).toBe(404);
    expect((await verify("gao", false)).status).toBe(204);
    expect((await (await bench.as("yang")).post(`${path}/reply`, { reply: "已办结，附结果" })).status).toBe(204);
    expect((await verify("gao", true)).status).toBe(204);
    const [closed] = (await (await bench.as("gao")).get("/api/supervision/orders?state=closed")).body.items;
    expect(closed).toMatchObject({ id: order.id, reply: { text: "已办结，附结果" }, verification: { by: "高远" } });
  });

  it("tells the roles that are to know, who sign for it", async () => {
    const head = await bench.as("yang");
    const notices = (await head.get("/api/supervision/notices?limit=100")).body.items;
    const toSign = notices.find((found: { needsReceipt: boolean }) => found.needsReceipt);
    expect((await (await bench.as("wang")).post(`/api/supervision/notices/${toSign.id}/receive`, {})).status).toBe(404);
    expect((await head.post(`/api/supervision/notices/${toSign.id}/receive`, {})).status).toBe(204);
    expect((await head.post(`/api/supervision/notices/${toSign.id}/receive`, {})).status).toBe(409);
  });

  it("shows of a case its clock ledger, who used its days, which add up, and its cards", async () => {
    const gao = await bench.as("gao");
    const time = (await gao.get(`/api/instances/${id}/time`)).body;
    expect(time.lines.map((line: { type: string }) => line.type)).toEqual(
      expect.arrayContaining(["clock.started", "clock.breached", "ladder.order"]),
    );
    for (const { level: _level, ...counts } of time.byLevel)
      expect(Object.values<number>(counts).reduce((sum, count) => sum + count, 0)).toBe(time.days.length);
    expect(time.cards.length).toBeGreaterThan(0);
    expect((await (await bench.as("luo")).get(`/api/instances/${id}/time`)).status).toBe(404);
    const board = (await gao.get("/api/sla/days")).body;
    expect(board.cases).toBeGreaterThan(0);
    expect((await (await bench.as("wang")).get("/api/sla/days")).status).toBe(404);
  });
});

describe("calendars", () => {
  const path = "/api/calendars/000000/years/2027";

  it("are read by everyone who works here, and edited by those who may", async () => {
    const list = (await (await bench.as("wang")).get("/api/calendars")).body;
    expect(list.regions.map((found: { region: string }) => found.region)).toEqual(["000000", "522600"]);
    expect(list.regions.every((found: { mayEdit: boolean }) => !found.mayEdit)).toBe(true);
    const year = (await (await bench.as("wang")).get(path)).body;
    expect(year).toMatchObject({ status: "provisional", mayEdit: false, cutoff: "24:00" });
    for (const account of ["wang", "gao", "lin"])
      expect((await (await bench.as(account)).post(path, body)).status, account).toBe(404);
    expect((await (await bench.as("shi")).post("/api/calendars/520100/years/2027", body)).status).toBe(404);
  });

  it("tell what an import would do, name every fault, and put the year into force", async () => {
    const admin = await bench.as("admin");
    const without = { ...body, days: body.days.filter(({ date }) => date !== "2027-10-01") };
    const faults = (await admin.post(`${path}/preview`, without)).body.faults;
    expect(faults).toMatchObject([
      { code: "STATUTORY_DAY_MISSING", date: "2027-10-01" },
      { code: "DAYS_DO_NOT_BALANCE" },
    ]);
    const refused = await admin.post(path, without);
    expect([refused.status, refused.body.code]).toEqual([422, "CALENDAR_REFUSED"]);
    const preview = (await admin.post(`${path}/preview`, body)).body;
    expect(preview).toMatchObject({ faults: [] });
    expect(preview.days.added).toContain("2027-02-09");
    expect((await admin.post(path, body)).body).toEqual({ version: 1 });
    await bench.runtime.settle();
    expect((await admin.get(path)).body).toMatchObject({ status: "official", workingDays: 248 });
    const [change] = (await admin.get("/api/calendars")).body.changes;
    expect(change).toMatchObject({ version: 1, by: "系统管理员" });
    expect(change.finishedAt).not.toBeNull();
  });

  it("reckon a limit, and say which days were not counted", async () => {
    const wang = await bench.as("wang");
    const answer = await wang.get("/api/calendars/520102/reckon?from=2026-09-30T16:00&amount=10&unit=workday");
    expect(answer.body).toMatchObject({ date: "2026-10-20", confidence: "official" });
    expect(answer.body.skipped[0]).toEqual({ date: "2026-10-01", name: "国庆节" });
    expect((await wang.get("/api/calendars/999999/reckon?from=2026-09-30T16:00&amount=10&unit=workday")).status).toBe(
      404,
    );
    expect((await wang.get("/api/calendars/520102/reckon?from=today&amount=10&unit=workday")).status).toBe(422);
  });
});
