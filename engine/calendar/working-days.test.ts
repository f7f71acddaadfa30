import { afterEach, describe, expect, it } from "vitest";
import { nationalCalendar, qiandongnanCalendar } from "../../test/support/calendar.ts";
import { addDays, endOfDay, localDate, localMinute, weekday } from "./dates.ts";
import { roundTheClock } from "./round-the-clock.ts";
import {
  addWorkingDays,
  confidenceOf,
  isWorkingDay,
  layerCalendars,
  openingOf,
  presetOfficeHours,
  workingDayFrom,
  workingDaysBetween,
  type RegionCalendar,
} from "./working-days.ts";

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
    expect(localMinute("2026-09-30T16:05:59.999Z")).toBe("2026-10-01 00:05");
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

  it("refuses a limit beyond any in law", () => {
    expect(addWorkingDays(nationalCalendar, "2026-01-05", 2_000).confidence).toBe("unknown");
    expect(() => addWorkingDays(nationalCalendar, "2026-01-05", 2_001)).toThrow(RangeError);
  });

  it("finds the working day nearest to one, and refuses a calendar that has none", () => {
    expect(workingDayFrom(nationalCalendar, "2026-10-01", 1)).toBe("2026-10-08");
    expect(workingDayFrom(nationalCalendar, "2026-10-01", -1)).toBe("2026-09-30");
    expect(workingDayFrom(nationalCalendar, "2026-10-10", -1)).toBe("2026-10-10");
    const restsAlways = { ...nationalCalendar, days: new Map(), weeklyRest: [0, 1, 2, 3, 4, 5, 6] };
    expect(() => workingDayFrom(restsAlways, "2026-10-01", 1)).toThrow(RangeError);
  });
});

describe("an autonomous prefecture's calendar", () => {
  it("adds its own holiday and inherits the rest", () => {
    expect(addWorkingDays(nationalCalendar, "2026-07-22", 1).date).toBe("2026-07-23");
    expect(addWorkingDays(qiandongnanCalendar, "2026-07-22", 1).date).toBe("2026-07-24");
    expect(isWorkingDay(qiandongnanCalendar, "2026-10-01")).toBe(false);
  });
});

describe("the calendars of a region and those above it", () => {
  const country: RegionCalendar = {
    region: "000000",
    years: [
      { year: 2026, status: "official", days: [{ date: "2026-10-01", kind: "holiday", name: "国庆节" }] },
      { year: 2027, status: "provisional", days: [] },
    ],
  };
  const prefecture: RegionCalendar = {
    region: "522600",
    years: [
      {
        year: 2026,
        status: "provisional",
        days: [
          { date: "2026-07-23", kind: "holiday", name: "州庆" },
          { date: "2026-10-01", kind: "workday", name: "本地" },
        ],
      },
      { year: 2028, status: "official", days: [] },
    ],
    hours: [["08:30", "17:00"]],
    cutoff: "17:00",
  };
  const county: RegionCalendar = { region: "522601", years: [], hours: [["10:00", "16:00"]] };
  const layered = (...chain: string[]) =>
    layerCalendars(chain, new Map([country, prefecture, county].map((calendar) => [calendar.region, calendar])));

  it("are one: the nearer day wins, the others are added, weekends rest", () => {
    const calendar = layered("522601", "522600", "520000", "000000");
    expect(calendar.region).toBe("522601");
    expect([...calendar.days.values()].map(({ date, kind }) => `${date} ${kind}`).sort()).toEqual([
      "2026-07-23 holiday",
      "2026-10-01 workday",
    ]);
    expect(["2026-11-06", "2026-11-07", "2026-11-08"].map((date) => isWorkingDay(calendar, date))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("are as sure as the highest that lists the year", () => {
    const calendar = layered("522600", "000000");
    expect([2026, 2027, 2028, 2029].map((year) => confidenceOf(calendar, `${year}-05-05`))).toEqual([
      "official",
      "provisional",
      "official",
      "unknown",
    ]);
    expect(confidenceOf(roundTheClock, "2099-01-01")).toBe("official");
  });

  it("give hours and cutoff from the nearest that tells them, else the preset", () => {
    const told = (...chain: string[]) => {
      const { hours, cutoff } = layered(...chain);
      return [hours, cutoff];
    };
    expect(told("522601", "522600", "000000")).toEqual([county.hours, "17:00"]);
    expect(told("522600", "000000")).toEqual([prefecture.hours, "17:00"]);
    expect(told("000000")).toEqual([presetOfficeHours, "24:00"]);
    expect(told()).toEqual([presetOfficeHours, "24:00"]);
    expect(layered().region).toBe("000000");
  });

  it("open at the first of their hours, and at nine where they have none", () => {
    expect(openingOf(layered("522600"), "2026-11-02")).toBe("2026-11-02T00:30:00.000Z");
    expect(openingOf({ ...layered("522600"), hours: [] }, "2026-11-02")).toBe("2026-11-02T01:00:00.000Z");
  });
});
