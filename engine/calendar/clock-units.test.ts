import { describe, expect, it } from "vitest";
import { nationalCalendar as calendar } from "../../test/support/calendar.ts";
import type { LimitUnit } from "../routing/types.ts";
import {
  adoptLimit,
  breachClock,
  calendarOfUnit,
  leftOf,
  usedBy,
  momentAt,
  pauseClock,
  recomputeClock,
  reopenClock,
  resumeClock,
  startClock,
  stopClock,
  usedUntil,
  type Clock,
} from "./clock.ts";
import { instantAt } from "./dates.ts";
import { roundTheClock } from "./round-the-clock.ts";
import { nextOfficeMoment, workingMsBetween } from "./working-hours.ts";

const limit = (value: number, unit: LimitUnit, promised: number | null = null) => ({
  code: "L.TEST",
  unit,
  value,
  promised,
  calendarRegion: "000000",
});
const at = (date: string, time = "10:00") => instantAt(date, time);
/** Monday, 2 November 2026, 10:00: an ordinary week. */
const monday = at("2026-11-02");
const [morning, afternoon] = calendar.hours;
const start = (value: number, unit: LimitUnit, promised: number | null = null) =>
  startClock(limit(value, unit, promised), calendarOfUnit(unit, calendar), monday);

describe("a clock in calendar days", () => {
  it("counts rest days, and ends with the last day", () => {
    const clock = start(7, "day", 5);
    expect(clock.dueAt).toBe("2026-11-09T15:59:59.999Z");
    expect(clock.promisedDueAt).toBe("2026-11-07T15:59:59.999Z");
    expect(clock.dueConfidence).toBe("official");
  });

  it.each([
    ["2026-11-02", 7],
    ["2026-11-08", 1],
    ["2026-11-09", 0],
    ["2026-11-11", -2],
  ])("tells on %s that %i are left", (date, left) => {
    expect(leftOf(start(7, "day"), calendar, at(date))).toBe(left);
  });

  it("reminds at the opening of a working day", () => {
    expect(momentAt(start(7, "day"), calendar, 0.5)).toBe(at("2026-11-06", morning?.[0]));
    expect(momentAt(start(7, "day"), calendar, 0.01)).toBe(at("2026-11-03", morning?.[0]));
  });

  it.each([
    ["on the next working day, where its own is a day of rest", "2026-11-02", 7, 0.7, "2026-11-09"],
    ["on the make-up working day of a weekend", "2026-10-07", 6, 0.4, "2026-10-10"],
    ["on the last working day before it ends, where none is left", "2026-11-05", 3, 0.5, "2026-11-06"],
    ["on the last working day, at the latest when it began itself", "2026-11-06", 2, 0.5, "2026-11-06"],
    ["on the day that the share names, not on the next for a rounding error", "2026-11-03", 25, 0.56, "2026-11-17"],
    ["before the holidays in which it begins and ends", "2026-10-02", 4, 0.5, "2026-09-30"],
  ])("reminds %s", (_when, from, value, fraction, date) => {
    const clock = startClock(limit(value, "day"), calendar, at(from));
    expect(momentAt(clock, calendar, fraction)).toBe(at(date, morning?.[0]));
  });

  it("reminds on an earlier working day where its last one ends before the office opens", () => {
    const early = { ...calendar, cutoff: "08:30" };
    const clock = startClock(limit(3, "day"), early, at("2026-11-06"));
    expect(clock.dueAt).toBe(at("2026-11-09", "08:30"));
    expect(momentAt(clock, early, 0.9)).toBe(at("2026-11-06", morning?.[0]));
  });

  it("uses the days that have ended before a pause, and counts on from the day after it", () => {
    const paused = pauseClock(start(7, "day"), "supplement", at("2026-11-05"));
    expect([usedBy(paused, calendar, at("2026-11-20")), leftOf(paused, calendar, at("2026-11-20"))]).toEqual([2, 5]);
    const resumed = resumeClock(paused, calendar, at("2026-11-20"));
    expect(resumed.used).toBe(2);
    expect(leftOf(resumed, calendar, at("2026-11-20"))).toBe(5);
    expect(resumed.dueAt).toBe("2026-11-25T15:59:59.999Z");
    expect(usedUntil(resumed, calendar, at("2026-11-20"))).toBe(2);
    expect(usedUntil(resumed, calendar, at("2026-11-23"))).toBe(4);
  });

  it("is not moved by a pause within one day", () => {
    const clock = start(7, "day");
    expect(resumeClock(pauseClock(clock, "supplement", at("2026-11-05")), calendar, at("2026-11-05", "16:00"))).toEqual(
      clock,
    );
  });
});

describe("a clock in hours", () => {
  const half = at("2026-11-03", "08:30");

  it("runs from the moment, day and night", () => {
    const clock = start(48, "hour", 24);
    expect([clock.dueAt, clock.promisedDueAt]).toEqual([at("2026-11-04"), at("2026-11-03")]);
    expect(leftOf(clock, roundTheClock, half)).toBe(25.5);
    expect(leftOf(clock, roundTheClock, at("2026-11-04", "12:00"))).toBe(-2);
    expect(momentAt(clock, roundTheClock, 0.5)).toBe(at("2026-11-03"));
    expect(usedUntil(clock, roundTheClock, half)).toBe(22.5);
  });

  it("counts the nights and rest days of the region, whose calendar it never asks", () => {
    expect(calendarOfUnit("hour", calendar)).toBe(roundTheClock);
    expect((["workday", "day", "workhour"] as const).map((unit) => calendarOfUnit(unit, calendar))).toEqual([
      calendar,
      calendar,
      calendar,
    ]);
    const clock = startClock(limit(48, "hour"), calendar, at("2026-11-06", "20:00"));
    expect(clock.dueAt).toBe(at("2026-11-08", "20:00"));
    expect(momentAt(clock, calendar, 0.5)).toBe(at("2026-11-07", "20:00"));
    expect(leftOf(clock, calendar, at("2026-11-07", "02:00"))).toBe(42);
    expect(usedUntil(clock, calendar, at("2026-11-07", "02:00"))).toBe(6);
  });

  it("keeps what is left to the minute over a pause, also within one day", () => {
    const paused = pauseClock(start(48, "hour"), "supplement", half);
    const resumed = resumeClock(paused, roundTheClock, at("2026-11-03", "10:30"));
    expect(resumed).toMatchObject({ used: 22.5, dueAt: at("2026-11-04", "12:00") });
    expect(momentAt(resumed, roundTheClock, 0.25)).toBe(at("2026-11-03", "10:30"));
  });
});

describe("a clock in office hours", () => {
  it("runs while the office is open", () => {
    const clock = start(8, "workhour");
    const noon = at("2026-11-02", morning?.[1]);
    const used = workingMsBetween(calendar, monday, noon) / 3_600_000;
    expect(usedUntil(clock, calendar, noon)).toBe(used);
    expect(usedUntil(clock, calendar, at("2026-11-02", afternoon?.[0]))).toBe(used);
    expect(leftOf(clock, calendar, noon)).toBe(8 - used);
    expect(momentAt(clock, calendar, used / 8)).toBe(noon);
  });

  it("keeps what is left over a pause", () => {
    const resumed = resumeClock(
      pauseClock(start(8, "workhour"), "supplement", at("2026-11-02", "11:00")),
      calendar,
      at("2026-11-05"),
    );
    expect(resumed.used).toBe(1);
    expect(leftOf(resumed, calendar, at("2026-11-05"))).toBe(7);
    expect(momentAt(resumed, calendar, 0.1)).toBe(at("2026-11-05"));
  });
});

describe("office time", () => {
  it.each([
    ["nothing over a night", at("2026-11-02", afternoon?.[1]), at("2026-11-03", morning?.[0]), 0],
    ["nothing over a weekend", at("2026-11-06", afternoon?.[1]), at("2026-11-09", morning?.[0]), 0],
    ["nothing before the opening", at("2026-11-02", "00:00"), at("2026-11-02", morning?.[0]), 0],
    ["an hour within one", at("2026-11-02"), at("2026-11-02", "11:00"), 1],
  ])("counts %s, and backwards as negative", (_what, from, to, hours) => {
    expect(workingMsBetween(calendar, from, to)).toBe(hours * 3_600_000);
    expect(workingMsBetween(calendar, to, from) + workingMsBetween(calendar, from, to)).toBe(0);
  });

  it("is waited for when a moment falls outside it", () => {
    expect(nextOfficeMoment(calendar, at("2026-11-02"))).toBe(at("2026-11-02"));
    expect(nextOfficeMoment(calendar, at("2026-11-02", morning?.[1]))).toBe(at("2026-11-02", afternoon?.[0]));
    expect(nextOfficeMoment(calendar, at("2026-11-06", "22:00"))).toBe(at("2026-11-09", morning?.[0]));
  });

  it("is refused where it never comes", () => {
    const closed = { ...calendar, hours: [] };
    expect(() => nextOfficeMoment(closed, monday)).toThrow(RangeError);
    expect(() => startClock(limit(1, "workhour"), closed, monday)).toThrow(RangeError);
  });
});

describe("a clock that was stopped", () => {
  const working = start(5, "workday");

  it("goes on with what was used when its step is entered again", () => {
    const left = stopClock(working, "stopped", at("2026-11-04"));
    expect(leftOf(left, calendar, at("2026-11-30"))).toBe(3);
    const again = reopenClock(left, calendar, at("2026-11-16"));
    expect(again).toMatchObject({ state: "running", stoppedAt: null, used: 1 });
    expect(again.dueAt).toBe("2026-11-20T15:59:59.999Z");
  });

  it("counts from the pause in which its step was left", () => {
    const paused = stopClock(pauseClock(working, "supplement", at("2026-11-03")), "stopped", at("2026-11-05"));
    expect(reopenClock(paused, calendar, at("2026-11-16"))).toMatchObject({ state: "running", used: 0 });
  });

  it("stays breached when it was, and as it is when it runs", () => {
    const late = stopClock(breachClock(working), "met", at("2026-11-20"));
    expect(reopenClock(late, calendar, at("2026-11-23"))).toMatchObject({
      state: "breached",
      stoppedAt: null,
      breachedAt: working.dueAt,
    });
    expect(reopenClock(working, calendar, at("2026-11-03"))).toBe(working);
  });

  it("is not paused, resumed or stopped once more", () => {
    const met = stopClock(working, "met", at("2026-11-04"));
    expect(met).toMatchObject({ state: "met", stoppedAt: at("2026-11-04") });
    expect(pauseClock(met, "supplement", at("2026-11-05"))).toBe(met);
    expect(resumeClock(met, calendar, at("2026-11-05"))).toBe(met);
    expect(stopClock(met, "stopped", at("2026-11-05"))).toBe(met);
    expect(recomputeClock(met, calendar)).toBe(met);
  });
});

describe("a limit that the facts of the case have changed", () => {
  const working = start(5, "workday", 3);

  it.each<[string, Parameters<typeof adoptLimit>[1], string | null, string | null]>([
    ["longer", limit(7, "workday", 3), "2026-11-11T15:59:59.999Z", "2026-11-05T15:59:59.999Z"],
    ["promised otherwise", limit(5, "workday", 4), "2026-11-09T15:59:59.999Z", "2026-11-06T15:59:59.999Z"],
    ["promised no more", limit(5, "workday"), "2026-11-09T15:59:59.999Z", null],
  ])("is adopted: %s", (_how, changed, due, promised) => {
    expect(adoptLimit(working, changed, calendar)).toMatchObject({
      dueAt: due,
      promisedDueAt: promised,
      total: changed.value,
    });
  });

  it("leaves the clock as it is where nothing changed, or where it counts in another unit", () => {
    expect(adoptLimit(working, limit(5, "workday", 3), calendar)).toBe(working);
    expect(adoptLimit(working, limit(9, "day"), calendar)).toBe(working);
  });
});

describe("a due moment that people were told", () => {
  const shortened = {
    ...calendar,
    days: new Map([...calendar.days].map(([date, day]) => [date, day] as const)),
    weeklyRest: [],
  };
  const working = start(5, "workday");

  it("moves with the calendar, unless it is to be kept", () => {
    const moved = recomputeClock(working, shortened);
    expect(moved.dueAt).toBe("2026-11-07T15:59:59.999Z");
    expect(recomputeClock(working, shortened, true)).toMatchObject({ dueAt: working.dueAt, keptDueAt: working.dueAt });
  });

  it("bounds the reminders, where the limit was cut to less than is used", () => {
    const used: Clock = { ...working, used: 3 };
    const cut = adoptLimit(used, limit(3, "workday"), calendar);
    expect([cut.dueAt, momentAt(cut, calendar, 0.5)]).toEqual([
      "2026-11-02T15:59:59.999Z",
      at("2026-11-02", morning?.[0]),
    ]);
  });

  it("is kept over a change that comes to the same, and given up when the later one holds", () => {
    const kept = recomputeClock(working, shortened, true);
    expect(recomputeClock(kept, calendar, true)).toMatchObject({ dueAt: working.dueAt, keptDueAt: null });
    const lengthened: Clock = adoptLimit(kept, limit(9, "workday"), shortened);
    expect(lengthened.dueAt).toBe("2026-11-11T15:59:59.999Z");
    expect(adoptLimit(kept, limit(6, "workday"), shortened).dueAt).toBe(working.dueAt);
  });
});
