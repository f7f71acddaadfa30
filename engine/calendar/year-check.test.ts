import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addDays } from "./dates.ts";
import { lunarYears, statutoryDays } from "./statutory-days.ts";
import type { CalendarDay, RegionCalendar } from "./working-days.ts";
import { checkYear, type YearFile } from "./year-check.ts";

const shipped = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../processes/calendars/000000.json"), "utf8"),
) as RegionCalendar;
const source = {
  title: "通知",
  documentNumber: "国办发明电〔2025〕7号",
  article: null,
  url: null,
  grade: "S",
} as const;

function fileOf(year: number): YearFile {
  const found = shipped.years.find((candidate) => candidate.year === year);
  if (!found) throw new Error(`no ${year}`);
  return { region: "000000", year, status: found.status, source, days: [...found.days] };
}

const official = fileOf(2026);
const without = (date: string) => official.days.filter((day) => day.date !== date);
const day = (date: string, kind: CalendarDay["kind"], name = "某节") => ({ date, kind, name });

describe("statutory holidays by law", () => {
  it.each([
    [
      2027,
      [
        "2027-01-01",
        "2027-02-05",
        "2027-02-06",
        "2027-02-07",
        "2027-02-08",
        "2027-04-05",
        "2027-05-01",
        "2027-05-02",
        "2027-06-09",
        "2027-09-15",
        "2027-10-01",
        "2027-10-02",
        "2027-10-03",
      ],
    ],
    [
      2024,
      [
        "2024-01-01",
        "2024-02-10",
        "2024-02-11",
        "2024-02-12",
        "2024-04-04",
        "2024-05-01",
        "2024-06-10",
        "2024-09-17",
        "2024-10-01",
        "2024-10-02",
        "2024-10-03",
      ],
    ],
    [
      2025,
      [
        "2025-01-01",
        "2025-01-28",
        "2025-01-29",
        "2025-01-30",
        "2025-01-31",
        "2025-04-04",
        "2025-05-01",
        "2025-05-02",
        "2025-05-31",
        "2025-10-01",
        "2025-10-02",
        "2025-10-03",
        "2025-10-06",
      ],
    ],
  ])("are the days of the Measures in %i", (year, dates) => {
    expect(statutoryDays(year).map(({ date }) => date)).toEqual(dates);
  });

  it.each([lunarYears.first - 1, lunarYears.last + 1])("are not guessed for %i", (year) => {
    expect(() => statutoryDays(year)).toThrow(RangeError);
  });

  it("agree with the platform's lunar calendar to a day, which is how far that can be wrong", () => {
    const lunar = new Intl.DateTimeFormat("en-u-ca-chinese", { timeZone: "UTC", month: "numeric", day: "numeric" });
    const nearby = (date: string) =>
      [-1, 0, 1].map((offset) => lunar.format(new Date(`${addDays(date, offset)}T00:00:00.000Z`)));
    for (let year = lunarYears.first; year <= lunarYears.last; year += 1) {
      const days = statutoryDays(year);
      const ofName = (name: string) => days.find((found) => found.name === name)?.date ?? "";
      const firstMonth = addDays(ofName("春节"), year >= 2025 ? 1 : 0);
      expect(nearby(firstMonth), `${year}`).toContain("1/1");
      expect(nearby(ofName("端午节")), `${year}`).toContain("5/5");
      expect(nearby(ofName("中秋节")), `${year}`).toContain("8/15");
    }
  });

  it("all lie in the State Council's lists of 2023 to 2026", () => {
    for (const year of [2023, 2024, 2025, 2026]) {
      const off = new Set(
        fileOf(year)
          .days.filter(({ kind }) => kind === "holiday")
          .map(({ date }) => date),
      );
      expect(
        statutoryDays(year).filter(({ date }) => !off.has(date)),
        String(year),
      ).toEqual([]);
    }
  });
});

describe("a year that is to be imported", () => {
  it.each([2023, 2024, 2025, 2026, 2027])("is accepted as it ships for %i", (year) => {
    expect(checkYear(fileOf(year))).toEqual([]);
  });

  it.each([
    [
      "a make-up day in the week",
      { days: [...official.days, day("2026-03-04", "workday")] },
      "MAKE_UP_DAY_IN_WEEK",
      "2026-03-04",
    ],
    ["a statutory day left out", { days: without("2026-04-05") }, "STATUTORY_DAY_MISSING", "2026-04-05"],
    ["the eve of Spring Festival left out", { days: without("2026-02-16") }, "STATUTORY_DAY_MISSING", "2026-02-16"],
    [
      "a statutory day made a working day",
      { days: [...without("2026-10-03"), day("2026-10-03", "workday")] },
      "STATUTORY_DAY_MISSING",
      "2026-10-03",
    ],
    ["a day twice", { days: [...official.days, day("2026-01-04", "holiday")] }, "DAY_TWICE", "2026-01-04"],
    [
      "a day of another year",
      { days: [...official.days, day("2027-01-01", "holiday")] },
      "DAY_OUTSIDE_YEAR",
      "2027-01-01",
    ],
    ["a holiday with a hole", { days: without("2026-10-06") }, "HOLIDAY_BROKEN", "2026-10-06"],
    ["no source", { source: { ...source, documentNumber: null } }, "SOURCE_NOT_NAMED", null],
  ] as const)("is refused with %s, which is named", (_what, change, code, date) => {
    const faults = checkYear({ ...official, ...change } as YearFile);
    expect(faults).toContainEqual(expect.objectContaining({ code, date, severity: "error" }));
    for (const { message, mend } of faults)
      for (const text of [message.zh, message.en, mend.zh, mend.en]) expect(text).toMatch(/\S/);
  });

  it("is only warned about where days off and make-up days do not balance: a decree may give more", () => {
    const faults = checkYear({
      ...official,
      days: [...official.days, day(addDays("2026-10-07", 1), "holiday", "国庆节")],
    });
    expect(faults).toMatchObject([{ code: "DAYS_DO_NOT_BALANCE", severity: "warning" }]);
  });

  it("gives less than the law where a weekday is worked for, and says so", () => {
    const faults = checkYear({ ...official, days: [...official.days, day("2026-03-04", "workday")] });
    expect(faults.map(({ code }) => code)).toEqual(["MAKE_UP_DAY_IN_WEEK", "DAYS_DO_NOT_BALANCE"]);
  });

  it("of an autonomous area lists only its own days", () => {
    const days = [day("2027-07-23", "holiday", "自治州州庆日")];
    expect(checkYear({ ...official, region: "522600", year: 2027, days })).toEqual([]);
  });

  it.each([
    [
      "official with an address instead of a number",
      "official",
      { documentNumber: null, url: "https://www.gov.cn" },
      [],
    ],
    ["provisional without either", "provisional", { documentNumber: null }, []],
    ["without a title", "official", { title: "  " }, ["SOURCE_NOT_NAMED"]],
    ["provisional without a title", "provisional", { title: "" }, ["SOURCE_NOT_NAMED"]],
  ] as const)("names its source: %s", (_what, status, change, codes) => {
    const faults = checkYear({ ...official, status, source: { ...source, ...change } });
    expect(faults.map(({ code }) => code)).toEqual(codes);
  });

  describe("has holidays without holes", () => {
    const country = (days: readonly CalendarDay[]) =>
      checkYear({ ...official, status: "provisional", days: [...official.days, ...days] }).filter(
        ({ code }) => code === "HOLIDAY_BROKEN",
      );

    it.each([
      ["a weekend in between rests by itself", [day("2026-07-03", "holiday"), day("2026-07-06", "holiday")], null],
      ["a weekday in between does not", [day("2026-07-06", "holiday"), day("2026-07-08", "holiday")], "2026-07-07"],
      [
        "a weekend day that is made up for does not",
        [day("2026-07-03", "holiday"), day("2026-07-04", "workday"), day("2026-07-06", "holiday")],
        "2026-07-04",
      ],
      [
        "another holiday in between rests",
        [day("2026-07-06", "holiday"), day("2026-07-07", "holiday", "另节"), day("2026-07-08", "holiday")],
        null,
      ],
      [
        "a hole between days in disorder is one",
        [day("2026-07-08", "holiday"), day("2026-07-06", "holiday")],
        "2026-07-07",
      ],
      ["days that are given in disorder are none", [day("2026-07-07", "holiday"), day("2026-07-06", "holiday")], null],
      ["days of work under the same name are none", [day("2026-07-04", "workday"), day("2026-07-12", "workday")], null],
      ["a holiday of one day has none", [day("2026-07-08", "holiday")], null],
    ])("%s", (_what, days, hole) => {
      expect(country(days).map(({ date }) => date)).toEqual(hole === null ? [] : [hole]);
    });
  });
});
