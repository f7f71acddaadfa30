import { describe, expect, it } from "vitest";
import { nationalCalendar as calendar } from "../../test/support/calendar.ts";
import { breachClock, pauseClock, startClock, stopClock } from "./clock.ts";
import { instantAt } from "./dates.ts";
import { monitoringSchema, rungsAhead, rungsToClimb, type MonitoringScheme, type Rung } from "./ladder.ts";
import { nextOfficeMoment } from "./working-hours.ts";

const rung = (code: string, trigger: Rung["trigger"], measure: Rung["measure"] = "remind"): Rung => ({
  code,
  measure,
  card: null,
  colour: "#0b57a4",
  icon: "bell",
  name: { zh: code, en: code },
  trigger,
  needsReceipt: false,
  notify: [],
  countsInAssessment: false,
  replyWorkingDays: measure === "order" ? 3 : null,
});
const scheme: MonitoringScheme = {
  region: "000000",
  code: "test",
  version: "1",
  name: { zh: "测试", en: "Test" },
  source: { title: "测试", documentNumber: null, article: null, url: null, grade: "P" },
  verified: false,
  contestWorkingDays: 5,
  rungs: [
    rung("half", { type: "percentOfLimit", percent: 50 }),
    rung("three-left", { type: "daysBeforeDue", days: 3 }),
    rung("late", { type: "daysAfterDue", days: 1 }, "notify"),
    rung("lapsed", { type: "daysAfterOrder", days: 1 }, "notify"),
    rung("told-twice", { type: "violation", of: "secondSupplement" }, "notify"),
  ],
};
const at = (date: string, time = "10:00") => instantAt(date, time);
const limit = (value: number, unit: "workday" | "hour" = "workday") => ({
  code: "L.TEST",
  unit,
  value,
  promised: null,
  calendarRegion: "000000",
});
const ahead = (
  ledger: Parameters<typeof rungsAhead>[1]["ledger"],
  more: Partial<Parameters<typeof rungsAhead>[1]> = {},
) =>
  rungsAhead(scheme, { ledger, entries: 1, climbed: [], orderDueAt: null, violatedAt: null, ...more }, calendar).map(
    ({ rung: { code }, at: moment }) => [code, moment],
  );

describe("the ladder of a clock", () => {
  it("lies in working time before and after the due moment, over holidays", () => {
    const clock = startClock(limit(10), calendar, at("2026-09-24"));
    expect(ahead(clock)).toEqual([
      ["half", at("2026-10-09", "09:00")],
      ["three-left", at("2026-10-12", "09:00")],
      ["late", at("2026-10-16", "09:00")],
    ]);
  });

  it("leaves out what a short limit has no room for", () => {
    expect(ahead(startClock(limit(2), calendar, at("2026-11-02"))).map(([code]) => code)).toEqual(["half", "late"]);
  });

  it("runs day and night for a limit in hours", () => {
    expect(ahead(startClock(limit(4, "hour"), calendar, at("2026-10-01", "22:00")))).toEqual([
      ["half", at("2026-10-02", "00:00")],
      ["late", at("2026-10-03", "02:00")],
    ]);
  });

  it("rests while the clock rests, and ends when the work is done", () => {
    const clock = startClock(limit(10), calendar, at("2026-09-24"));
    expect(ahead(pauseClock(clock, "dispute", at("2026-09-28")))).toEqual([]);
    expect(ahead(stopClock(clock, "met", at("2026-09-28")))).toEqual([]);
  });

  it("goes on to what follows an order only once there is one", () => {
    const breached = breachClock(startClock(limit(2), calendar, at("2026-11-02")));
    expect(ahead(breached)).toEqual([["late", at("2026-11-05", "09:00")]]);
    expect(ahead(breached, { orderDueAt: at("2026-11-06", "23:59") }).at(-1)).toEqual([
      "lapsed",
      at("2026-11-09", "09:00"),
    ]);
  });

  it("counts the working days before the due moment, and not the rest days", () => {
    expect(ahead(startClock(limit(10), calendar, at("2026-11-02")))).toContainEqual([
      "three-left",
      at("2026-11-11", "09:00"),
    ]);
  });

  it.each([
    [100, at("2026-11-03", "14:00")],
    [72, undefined],
  ])("tells three days before a limit of %i hours, if it has begun by then", (hours, moment) => {
    const rungs = new Map(ahead(startClock(limit(hours, "hour"), calendar, at("2026-11-02"))) as [string, string][]);
    expect(rungs.get("three-left")).toBe(moment);
  });

  it("reminds nobody of a limit that has been broken, nor that an order lapsed while the clock rests", () => {
    const clock = startClock(limit(10), calendar, at("2026-11-02"));
    expect(ahead(breachClock(clock)).map(([code]) => code)).toEqual(["late"]);
    expect(ahead(pauseClock(clock, "dispute", at("2026-11-03")), { orderDueAt: at("2026-11-06") })).toEqual([]);
  });

  it("comes in the order of time, and of the scheme where two rungs fall on one moment", () => {
    const ledger = startClock(limit(10), calendar, at("2026-09-24"));
    const twin = rung("late-too", { type: "daysAfterDue", days: 1 }, "notify");
    const standing = { ledger, entries: 1, climbed: [], orderDueAt: null, violatedAt: null };
    const inOrder = (rungs: readonly Rung[]) =>
      rungsAhead({ ...scheme, rungs: [...rungs] }, standing, calendar).map((due) => due.rung.code);
    expect(inOrder([...scheme.rungs, twin])).toEqual(["half", "three-left", "late", "late-too"]);
    expect(inOrder([twin, ...scheme.rungs.toReversed()])).toEqual(["half", "three-left", "late-too", "late"]);
  });

  it("climbs a rung once a round, and reminders once more when the step is entered anew", () => {
    const clock = startClock(limit(10), calendar, at("2026-09-24"));
    const climbed = ["half", "late"].map((code) => ({ code, round: 1, entries: 1, at: at("2026-10-09") }));
    expect(ahead(clock, { climbed }).map(([code]) => code)).toEqual(["three-left"]);
    expect(ahead(clock, { climbed, entries: 2 }).map(([code]) => code)).toEqual(["half", "three-left"]);
    const left = [{ code: "three-left", round: 1, entries: 1, at: at("2026-10-12") }];
    expect(ahead(clock, { climbed: left, entries: 2 }).map(([code]) => code)).toContain("three-left");
    expect(ahead({ ...clock, round: 2 }, { climbed }).map(([code]) => code)).toEqual(["half", "three-left", "late"]);
  });

  it("follows a violation at once, though the clock rests or the step is done, and once for each", () => {
    const resting = pauseClock(startClock(limit(10), calendar, at("2026-09-24")), "supplement", at("2026-09-28"));
    const done = stopClock(resting, "met", at("2026-09-28"));
    for (const ledger of [resting, done])
      expect(ahead(ledger, { violatedAt: at("2026-09-28") })).toEqual([["told-twice", at("2026-09-28")]]);
    const climbed = [{ code: "told-twice", round: 1, entries: 1, at: at("2026-09-29") }];
    expect(ahead(resting, { climbed, violatedAt: at("2026-09-28") })).toEqual([]);
    expect(ahead(resting, { climbed, violatedAt: at("2026-09-29") })).toEqual([]);
    const other = [{ code: "half", round: 1, entries: 1, at: at("2026-09-29") }];
    expect(ahead(resting, { climbed: other, violatedAt: at("2026-09-28") })).toHaveLength(1);
    expect(ahead(resting, { climbed, violatedAt: at("2026-09-30") })).toEqual([["told-twice", at("2026-09-30")]]);
  });

  it("sends of several reminders that were missed the last alone", () => {
    const due = rungsAhead(
      scheme,
      {
        ledger: startClock(limit(10), calendar, at("2026-09-24")),
        entries: 1,
        climbed: [],
        orderDueAt: null,
        violatedAt: null,
      },
      calendar,
    );
    expect(rungsToClimb(due).map(({ rung: { code }, isSkipped }) => [code, isSkipped])).toEqual([
      ["half", true],
      ["three-left", false],
      ["late", false],
    ]);
  });
});

describe("office hours", () => {
  it.each([
    ["2026-09-30", "10:00", "2026-09-30", "10:00"],
    ["2026-09-30", "12:30", "2026-09-30", "13:30"],
    ["2026-09-30", "18:00", "2026-10-08", "09:00"],
    ["2026-10-10", "03:00", "2026-10-10", "09:00"],
  ])("on %s at %s open next on %s at %s", (date, time, nextDate, nextTime) => {
    expect(nextOfficeMoment(calendar, at(date, time))).toBe(at(nextDate, nextTime));
  });
});

describe("a monitoring scheme", () => {
  it("is refused when an order has no days to answer, or two rungs have one code", () => {
    const broken = {
      ...scheme,
      rungs: [{ ...rung("o", { type: "daysAfterDue", days: 2 }, "order"), replyWorkingDays: null }],
    };
    expect(monitoringSchema.safeParse(scheme).success).toBe(true);
    expect(monitoringSchema.safeParse(broken).success).toBe(false);
    expect(monitoringSchema.safeParse({ ...scheme, rungs: [...scheme.rungs, scheme.rungs[0]] }).success).toBe(false);
  });

  it.each([
    ["an order that is to be answered", rung("o", { type: "daysAfterDue", days: 2 }, "order"), true],
    [
      "an order without days to answer",
      { ...rung("o", { type: "daysAfterDue", days: 2 }, "order"), replyWorkingDays: null },
      false,
    ],
    [
      "a notice that is to be answered",
      { ...rung("o", { type: "daysAfterDue", days: 2 }, "notify"), replyWorkingDays: 3 },
      false,
    ],
    ["an order upon a violation", rung("o", { type: "violation", of: "secondSupplement" }, "order"), false],
  ])("beside good rungs has %s", (_what, added, isGood) => {
    expect(monitoringSchema.safeParse({ ...scheme, rungs: [...scheme.rungs, added] }).success).toBe(isGood);
  });
});
