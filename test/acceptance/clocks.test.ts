import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instantAt, localDate, localMinute } from "../../engine/calendar/dates.ts";
import type { ClockView } from "../../server/api/shared/common.schema.ts";
import type { HistoryLine } from "../../server/api/instances/instances.schema.ts";
import type { PersonalNotice } from "../../server/api/notices/notices.schema.ts";
import { ApiBench } from "../api/support.ts";
import { decide, openSituation, type OpenSituation } from "../operations/situations.ts";
import { official2027 } from "../support/official-2027.ts";
import { clockStories, official2027Body } from "./clock-stories.ts";

/** Each story has a year of its own to go through; a clock never goes back. */
let bench: ApiBench;
beforeEach(async () => {
  bench = await ApiBench.open();
});
afterEach(() => bench.close());

const { moveTo, detail, clock, due, oneStep } = clockStories(() => bench);
/** Time passes and nobody is there to notice: what is due happens when somebody sweeps. */
const sleepUntil = (date: string, time = "10:00") => bench.runtime.movable?.moveTo(instantAt(date, time));
const lines = async (id: string, type: RegExp): Promise<readonly HistoryLine[]> =>
  (await detail(id)).history.filter((line) => type.test(line.type));

/** What somebody was told of limits, oldest first, as they read it. */
async function toldOfLimits(account: string): Promise<readonly { at: string; kind: string; zh: string }[]> {
  await bench.runtime.notices.sweep();
  const page = await (await bench.as(account)).get("/api/notices?limit=100");
  return (page.body.items as PersonalNotice[])
    .filter(({ kind }) => kind.startsWith("limit."))
    .map(({ at, kind, subject }) => ({ at: localMinute(at), kind, zh: subject.zh }))
    .toReversed();
}

describe("complaint 20: reminders fire on Saturday and Sunday, and the ladder is spent before anybody is back", () => {
  it("tells people only while the office is open, over a weekend and the Spring Festival, one rung at a time", async () => {
    // Ten working days from Thursday 28 January 2027 end within the holidays' week and after it.
    await (await bench.as("admin")).post("/api/calendars/000000/years/2027", official2027Body);
    await moveTo("2027-01-28");
    const id = await oneStep("L.REPLY.COND");
    expect(await due(id, "L.REPLY.COND")).toBe("2027-02-17");
    await moveTo("2027-03-05", "18:00");
    const rungs = (await lines(id, /^ladder\./)).map(({ at, sentence }) => [
      localMinute(at).slice(5),
      sentence.zh.split("：")[1],
    ]);
    expect(rungs).toEqual([
      ["02-03 09:00", "时限过半提醒"],
      ["02-15 09:00", "临期预警"],
      ["02-18 09:00", "超时黄牌"],
      ["02-22 09:00", "督办"],
      ["02-26 09:00", "督办逾期红牌"],
      ["03-04 09:00", "通报批评"],
    ]);
    const told = (await toldOfLimits("yang")).filter(({ kind }) => kind === "limit.supervised");
    expect(told.map(({ at }) => at.slice(5))).toEqual(
      expect.arrayContaining(["02-15 09:00", "02-18 09:00", "02-22 09:00"]),
    );
    const closed = told.filter(({ at }) => at.slice(11) < "09:00" || /02-(05|06|07|08|09|10|11|12|13|20|21)/.test(at));
    expect(closed).toEqual([]);
  });

  it("does not use the ladder up where the server was down over the weekend", async () => {
    await moveTo("2026-12-14");
    const id = await oneStep("L.REVIEW");
    expect(await due(id, "L.REVIEW")).toBe("2026-12-16");
    await sleepUntil("2026-12-19", "03:00");
    await bench.runtime.settle();
    expect(await lines(id, /^ladder\./)).toEqual([]);
    await moveTo("2026-12-20", "23:59");
    expect(await lines(id, /^ladder\./)).toEqual([]);
    await moveTo("2026-12-21", "09:00");
    const monday = (await lines(id, /^ladder\./)).map(({ at, type }) => [localMinute(at), type]);
    expect(monday).toEqual([
      ["2026-12-21 09:00", "ladder.notify"],
      ["2026-12-21 09:00", "ladder.order"],
    ]);
  });

  it("reminds on a working day also where the limit itself counts calendar days", async () => {
    // Fifteen calendar days from 22 January; half of them have passed on Saturday the 30th.
    await moveTo("2027-01-22");
    const id = await oneStep("L.CATALOG.CHANGE.INTERIM");
    expect(await due(id, "L.CATALOG.CHANGE.INTERIM")).toBe("2027-02-06");
    await moveTo("2027-02-06", "12:00");
    const days = (await lines(id, /^ladder\.remind/)).map(({ at }) => localMinute(at));
    expect(days).toEqual(["2027-02-01 09:00", "2027-02-03 09:00"]);
  });
});

describe("complaint 23: the calendar changes, and open deadlines stay where they were or move without a word", () => {
  let at: OpenSituation;
  beforeEach(async () => {
    await moveTo("2027-01-25");
    at = await openSituation(bench, "single");
  });
  const importYear = async () => {
    const answer = await (await bench.as("admin")).post("/api/calendars/000000/years/2027", official2027Body);
    expect(answer.status, answer.text).toBe(201);
    await bench.runtime.settle();
  };

  it("foretells what would move before anybody decides", async () => {
    const before = await bench.counts();
    const { body } = await (await bench.as("admin")).post("/api/calendars/000000/years/2027/preview", official2027Body);
    expect(body.affected.later).toBe(1);
    expect(body.affected.examples[0]).toMatchObject({ instanceId: at.instanceId, limitCode: "L.REPLY.COND" });
    expect(await bench.counts()).toEqual(before);
  });

  it("moves the open one and says from when to when and why, in the history and to those who work by it", async () => {
    expect(await due(at.instanceId, "L.REPLY.COND")).toBe("2027-02-10");
    await importYear();
    expect(await due(at.instanceId, "L.REPLY.COND")).toBe("2027-02-14");
    expect(localDate((await at.task()).dueAt ?? "")).toBe("2027-02-14");
    const [line, ...more] = await lines(at.instanceId, /^clock\.recalculated$/);
    expect([line?.actor.kind, more]).toEqual(["system", []]);
    for (const words of ["2027-02-10", "2027-02-14", official2027.source.title]) {
      expect(line?.sentence.zh).toContain(words);
      expect(line?.sentence.en).toContain(words);
    }
    const [told, ...again] = (await toldOfLimits(at.account)).filter(({ kind }) => kind === "limit.moved");
    expect([told?.zh.includes("2027-02-14"), again]).toEqual([true, []]);
  });

  it("leaves alone what was over", async () => {
    await decide(bench, { instanceId: at.instanceId, account: at.account, element: at.work, outcome: "approve" });
    const told = ({ state, dueAt, dueConfidence, breachedAt }: ClockView) => ({
      state,
      dueAt,
      dueConfidence,
      breachedAt,
    });
    const before = told(await clock(at.instanceId, "L.REPLY.COND"));
    await importYear();
    expect(told(await clock(at.instanceId, "L.REPLY.COND"))).toEqual(before);
    expect(await lines(at.instanceId, /^clock\.recalculated$/)).toEqual([]);
  });
});
