import { afterEach, describe, expect, it } from "vitest";
import { nationalCalendar, qiandongnanCalendar } from "../../test/support/calendar.ts";
import { addDays, endOfDay, localDate, weekday } from "./dates.ts";
import { addWorkingDays, isWorkingDay, workingDaysBetween } from "./working-days.ts";

/** Receipt, limit in working days, due day: worked out from the State Council's lists. */
const vectors = [
  ["2025-09-26", 1, "2025-09-28"],
  ["2025-09-26", 10, "2025-10-16"],
  ["2025-09-30", 1, "2025-10-09"],
  ["2025-09-30", 10, "2025-10-21"],
  ["2025-10-03", 10, "2025-10-21"],
  ["2025-01-24", 10, "2025-02-13"],
  ["2025-12-30", 2, "2026-01-04"],
  ["2026-02-13", 1, "2026-02-14"],
  ["2026-02-13", 10, "2026-03-05"],
  ["2026-02-13", 20, "2026-03-19"],
  ["2026-04-30", 5, "2026-05-11"],
  ["2026-09-24", 20, "2026-10-29"],
  ["2025-11-24", 20, "2025-12-22"],
] as const;

const hostZone = process.env["TZ"];
afterEach(() => {
  if (hostZone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = hostZone;
});

describe.each(["America/New_York", "Asia/Shanghai", "UTC"])("working days on a host in %s", (zone) => {
  it.each(vectors)("received %s, %i working days: due %s", (receipt, limit, due) => {
    process.env["TZ"] = zone;
    expect(addWorkingDays(nationalCalendar, receipt, limit)).toEqual({ date: due, confidence: "official" });
  });

  it("knows the day in China of an instant", () => {
    process.env["TZ"] = zone;
    expect(localDate("2026-09-30T15:59:59.999Z")).toBe("2026-09-30");
    expect(localDate("2026-09-30T16:00:00.000Z")).toBe("2026-10-01");
    expect(endOfDay("2026-09-30")).toBe("2026-09-30T15:59:59.999Z");
    expect(weekday("2026-10-01")).toBe(4);
  });
});

describe("the national calendar", () => {
  it.each([
    [2023, 249],
    [2024, 251],
    [2025, 248],
    [2026, 248],
  ])("has as many working days in %i as the State Council's list", (year, days) => {
    expect(workingDaysBetween(nationalCalendar, `${year - 1}-12-31`, `${year}-12-31`)).toBe(days);
  });

  it.each([
    [1, 10],
    [2, 11],
    [5, 15],
    [10, 21],
    [15, 28],
    [20, 36],
    [30, 50],
  ])("never stretches %i working days over more than %i calendar days in 2024–2026", (limit, longest) => {
    let most = 0;
    for (let date = "2024-01-01"; ; date = addDays(date, 1)) {
      const due = addWorkingDays(nationalCalendar, date, limit);
      if (due.confidence !== "official") break;
      most = Math.max(most, (Date.parse(due.date) - Date.parse(date)) / 86_400_000);
    }
    expect(most).toBe(longest);
  });

  it("says that a date is provisional where the list is not announced, and unknown where nothing is", () => {
    expect(addWorkingDays(nationalCalendar, "2026-12-18", 10)).toEqual({
      date: "2027-01-04",
      confidence: "provisional",
    });
    expect(addWorkingDays(nationalCalendar, "2027-12-30", 5).confidence).toBe("unknown");
  });

  it("counts make-up weekend days only as working days and statutory days only as rest", () => {
    for (const day of nationalCalendar.days.values()) {
      if (day.kind === "workday") expect([0, 6]).toContain(weekday(day.date));
      expect(isWorkingDay(nationalCalendar, day.date)).toBe(day.kind === "workday");
    }
  });

  it("refuses a limit that is no whole number of days", () => {
    expect(() => addWorkingDays(nationalCalendar, "2026-01-05", 1.5)).toThrow(RangeError);
    expect(() => addWorkingDays(nationalCalendar, "2026-01-05", -1)).toThrow(RangeError);
  });
});

describe("an autonomous prefecture's calendar", () => {
  it("adds its own holiday and inherits the rest", () => {
    expect(addWorkingDays(nationalCalendar, "2026-07-22", 1).date).toBe("2026-07-23");
    expect(addWorkingDays(qiandongnanCalendar, "2026-07-22", 1).date).toBe("2026-07-24");
    expect(isWorkingDay(qiandongnanCalendar, "2026-10-01")).toBe(false);
  });
});
