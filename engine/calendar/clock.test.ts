import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nationalCalendar as calendar } from "../../test/support/calendar.ts";
import {
  breachClock,
  extendClock,
  leftOf,
  momentAt,
  pauseClock,
  recomputeClock,
  restartClock,
  resumeClock,
  startClock,
  stopClock,
  type Clock,
} from "./clock.ts";
import { addDays, instantAt, localDate } from "./dates.ts";
import { isWorkingDay } from "./working-days.ts";

const limit = (value: number, unit: "workday" | "hour" | "workhour" = "workday", promised: number | null = null) => ({
  code: "L.TEST",
  unit,
  value,
  promised,
  calendarRegion: "000000",
});
const at = (date: string, time = "10:00") => instantAt(date, time);
const dueDate = (clock: Clock) => (clock.dueAt === null ? null : localDate(clock.dueAt));

describe("a clock in working days", () => {
  it("ends at 24:00 of the due day, with the promised day beside it", () => {
    const clock = startClock(limit(10, "workday", 5), calendar, at("2026-09-24"));
    expect(dueDate(clock)).toBe("2026-10-15");
    expect(clock.dueAt).toBe("2026-10-15T15:59:59.999Z");
    expect(localDate(clock.promisedDueAt ?? "")).toBe("2026-10-09");
  });

  it("promises nobody a day of a year without a calendar, though its limit ends on one", () => {
    const clock = startClock(limit(10, "workday", 5), calendar, at("2031-12-29"));
    expect([clock.dueConfidence, clock.promisedDueAt]).toEqual(["unknown", null]);
    const imported = {
      ...calendar,
      years: new Map([...(calendar.years ?? []), [2031, "official"], [2032, "official"]] as const),
    };
    expect(localDate(recomputeClock(clock, imported).promisedDueAt ?? "")).toBe("2032-01-05");
  });

  it("reminds at 09:00 of a working day", () => {
    const clock = startClock(limit(10), calendar, at("2026-09-24"));
    expect(momentAt(clock, calendar, 0.5)).toBe(at("2026-10-09", "09:00"));
    expect(momentAt(clock, calendar, 0.8)).toBe(at("2026-10-13", "09:00"));
    expect(momentAt(clock, calendar, 1)).toBe(clock.dueAt);
  });

  it("tells the days left: 0 on the last, negative when overdue", () => {
    const clock = startClock(limit(2), calendar, at("2026-11-02"));
    expect(
      [at("2026-11-02"), at("2026-11-03"), at("2026-11-04"), at("2026-11-09")].map((now) =>
        leftOf(clock, calendar, now),
      ),
    ).toEqual([2, 1, 0, -3]);
  });

  it("keeps what is left over a pause", () => {
    const started = startClock(limit(5), calendar, at("2026-11-02"));
    const paused = pauseClock(started, "supplement", at("2026-11-04"));
    expect(paused).toMatchObject({ state: "paused", pauseReason: "supplement", dueAt: null });
    // One day (3 November) is used; four are left, counted from the day after the clock goes on.
    expect(dueDate(resumeClock(paused, calendar, at("2026-11-16")))).toBe("2026-11-20");
  });

  it("is not moved by a pause within one day", () => {
    const started = startClock(limit(5), calendar, at("2026-11-02"));
    const resumed = resumeClock(
      pauseClock(started, "dispute", at("2026-11-04", "09:00")),
      calendar,
      at("2026-11-04", "17:00"),
    );
    expect(resumed.dueAt).toBe(started.dueAt);
  });

  it("starts from nothing after a restart and counts the round", () => {
    const restarted = restartClock(
      pauseClock(startClock(limit(2), calendar, at("2026-11-02")), "supplement", at("2026-11-03")),
      calendar,
      at("2026-11-16"),
    );
    expect(restarted).toMatchObject({ round: 2, used: 0, state: "running" });
    expect(dueDate(restarted)).toBe("2026-11-18");
  });

  it("can be extended once and within the cap, and says why not otherwise", () => {
    const allowed = { max: 10, times: 1, approver: "provider-head", notify: true };
    const clock = startClock(limit(10), calendar, at("2026-11-02"));
    const extended = extendClock(clock, 10, allowed, calendar);
    expect(dueDate(extended)).toBe("2026-11-30");
    expect(() => extendClock(extended, 1, allowed, calendar)).toThrow(
      expect.objectContaining({ code: "EXTENSION_USED_UP" }),
    );
    expect(() => extendClock(clock, 11, allowed, calendar)).toThrow(
      expect.objectContaining({ code: "EXTENSION_TOO_LONG" }),
    );
    expect(() => extendClock(clock, 5, null, calendar)).toThrow(
      expect.objectContaining({ code: "EXTENSION_NOT_ALLOWED" }),
    );
    expect(() => extendClock(stopClock(clock, "met", at("2026-11-03")), 5, allowed, calendar)).toThrow(
      expect.objectContaining({ code: "CLOCK_NOT_RUNNING" }),
    );
  });

  it.each([0, -1, 1.5])("is not extended by %d days", (by) => {
    const allowed = { max: 10, times: 1, approver: "provider-head", notify: true };
    expect(() => extendClock(startClock(limit(10), calendar, at("2026-11-02")), by, allowed, calendar)).toThrow(
      expect.objectContaining({ code: "EXTENSION_TOO_LONG" }),
    );
  });

  it("carries its extension into the reminders, the promise and what is left, over a pause", () => {
    const allowed = { max: 10, times: 2, approver: "provider-head", notify: true };
    const extended = extendClock(startClock(limit(10, "workday", 5), calendar, at("2026-11-02")), 4, allowed, calendar);
    expect(() => extendClock(extended, 7, allowed, calendar)).toThrow("1 to 6 whole workdays, not by 7");
    expect(momentAt(extended, calendar, 0.5)).toBe(at("2026-11-11", "09:00"));
    expect(localDate(extended.promisedDueAt ?? "")).toBe("2026-11-13");
    const paused = pauseClock(extended, "dispute", at("2026-11-05"));
    expect(leftOf(paused, calendar, at("2026-11-16"))).toBe(12);
    const resumed = resumeClock(paused, calendar, at("2026-11-16"));
    expect([dueDate(resumed), localDate(resumed.promisedDueAt ?? "")]).toEqual(["2026-12-02", "2026-11-25"]);
    expect(dueDate(extendClock(paused, 6, allowed, calendar))).toBeNull();
  });

  it("is met at the very moment at which it is due, and not breached while it rests", () => {
    const clock = startClock(limit(2), calendar, at("2026-11-02"));
    expect(stopClock(clock, "met", clock.dueAt ?? "")).toMatchObject({ state: "met", breachedAt: null });
    const paused = pauseClock(clock, "dispute", at("2026-11-03"));
    expect(breachClock(paused)).toBe(paused);
  });

  it("is breached at the moment it was due, however late that is noticed, and stays so", () => {
    const clock = startClock(limit(2), calendar, at("2026-11-02"));
    const breached = breachClock(clock);
    expect(breached.breachedAt).toBe("2026-11-04T15:59:59.999Z");
    expect(stopClock(breached, "met", at("2026-11-10"))).toMatchObject({
      state: "breached",
      stoppedAt: at("2026-11-10"),
    });
    expect(stopClock(clock, "met", at("2026-11-10"))).toMatchObject({
      state: "breached",
      breachedAt: "2026-11-04T15:59:59.999Z",
    });
    expect(stopClock(clock, "met", at("2026-11-04"))).toMatchObject({ state: "met", breachedAt: null });
  });
});

describe("a clock in hours", () => {
  it("runs day and night, from the moment", () => {
    expect(startClock(limit(2, "hour"), calendar, at("2026-10-01", "23:30")).dueAt).toBe(at("2026-10-02", "01:30"));
  });

  it("runs only in office hours where the unit says so", () => {
    expect(startClock(limit(4, "workhour"), calendar, at("2026-09-30", "16:30")).dueAt).toBe(at("2026-10-08", "12:00"));
  });
});

/** The slow reference: walks day by day and counts the days on which the clock ran. */
function slowDue(total: number, start: string, pauses: readonly (readonly [string, string])[]): string {
  let left = total;
  for (let date = addDays(start, 1); ; date = addDays(date, 1)) {
    const resting = pauses.some(([from, to]) => from !== to && date >= from && date <= to);
    if (isWorkingDay(calendar, date) && !resting) left -= 1;
    if (left === 0) return date;
  }
}

describe("how sure a clock in office hours is", () => {
  it("is as little as the least sure day that it passes, and not as the last one", () => {
    const years = new Map([...(calendar.years ?? []), [2031, "official"], [2033, "official"]] as const);
    const full = { ...calendar, years };
    expect(startClock(limit(2_100, "workhour"), full, at("2031-12-31")).dueAt).toMatch(/^2033/);
    expect(startClock(limit(2_100, "workhour"), full, at("2031-12-31")).dueConfidence).toBe("unknown");
    expect(startClock(limit(8, "workhour"), full, at("2031-12-29")).dueConfidence).toBe("official");
  });
});

describe("pause and resume", () => {
  it("never lose or gain a working day against a day-by-day count", () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 20 })), { maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 1, max: 30 }), gaps, (offset, total, steps) => {
        const start = addDays("2024-01-01", offset);
        let clock = startClock(limit(total), calendar, at(start));
        const pauses: [string, string][] = [];
        let today = start;
        for (const [run, rest] of steps) {
          const from = addDays(today, run + 1);
          if (clock.dueAt === null || from > localDate(clock.dueAt)) break;
          const to = addDays(from, rest);
          clock = resumeClock(pauseClock(clock, "supplement", at(from)), calendar, at(to));
          pauses.push([from, to]);
          today = to;
        }
        expect(dueDate(clock)).toBe(slowDue(total, start, pauses));
      }),
      { numRuns: 300 },
    );
  });
});
