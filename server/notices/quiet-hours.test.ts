import { describe, expect, it } from "vitest";
import { addMs, instantAt } from "../../engine/calendar/dates.ts";
import { layerCalendars } from "../../engine/calendar/working-days.ts";
import { nextDigestMoment, nextLoudMoment } from "./quiet-hours.ts";

// 2026-10-01 to 10-07 holidays, 10-10 (Saturday) a make-up working day.
const days = [
  ...["01", "02", "03", "04", "05", "06", "07"].map((day) => ({
    date: `2026-10-${day}`,
    kind: "holiday" as const,
    name: "国庆",
  })),
  { date: "2026-10-10", kind: "workday" as const, name: "调休" },
];
const calendar = layerCalendars(
  ["000000"],
  new Map([["000000", { region: "000000", years: [{ year: 2026, status: "official", days }] }]]),
);
const local = (instant: string) =>
  addMs(instant, 8 * 3_600_000)
    .slice(5, 16)
    .replace("T", " ");
const night = { from: "20:00", to: "08:00", onRestDays: false };
const nightAndRest = { ...night, onRestDays: true };
const noon = { from: "12:00", to: "13:30", onRestDays: false };
const none = { from: null, to: null, onRestDays: false };

describe("quiet hours", () => {
  it.each([
    ["in the day", night, "2026-09-29", "19:59", "09-29 19:59"],
    ["at their beginning", night, "2026-09-29", "20:00", "09-30 08:00"],
    ["after midnight", night, "2026-09-30", "07:59", "09-30 08:00"],
    ["at their end", night, "2026-09-30", "08:00", "09-30 08:00"],
    ["within a day", noon, "2026-09-29", "12:30", "09-29 13:30"],
    ["before those within a day", noon, "2026-09-29", "11:59", "09-29 11:59"],
    ["where none are set", none, "2026-10-01", "03:00", "10-01 03:00"],
    ["on a holiday that is not to be quiet", night, "2026-10-01", "09:00", "10-01 09:00"],
    ["on a holiday, over the night that follows", nightAndRest, "2026-10-01", "09:00", "10-08 08:00"],
    ["in the evening before the holidays", nightAndRest, "2026-09-30", "21:00", "10-08 08:00"],
    ["on a make-up working day", nightAndRest, "2026-10-10", "09:00", "10-10 09:00"],
    ["on a Sunday without night hours", { ...none, onRestDays: true }, "2026-10-11", "09:00", "10-12 00:00"],
  ])("hold back until they end: %s", (_, quiet, date, time, expected) => {
    expect(local(nextLoudMoment(calendar, quiet, instantAt(date, time)))).toBe(expected);
  });

  it.each([
    ["later today", "2026-09-29", "08:00", true, "09-29 09:00"],
    ["tomorrow, once the time has passed", "2026-09-29", "09:00", true, "09-30 09:00"],
    ["on the next working day", "2026-09-30", "10:00", true, "10-08 09:00"],
    ["on a holiday where rest days are not quiet", "2026-09-30", "10:00", false, "10-01 09:00"],
  ])("put the daily mail %s", (_, date, time, onRestDays, expected) => {
    expect(local(nextDigestMoment(calendar, { time: "09:00", onRestDays }, instantAt(date, time)))).toBe(expected);
  });

  it("give way in the end to a calendar without a working day", () => {
    const never = { ...calendar, weeklyRest: [0, 1, 2, 3, 4, 5, 6], days: new Map() };
    const from = instantAt("2026-09-29", "09:00");
    expect(nextLoudMoment(never, nightAndRest, from) > from).toBe(true);
    expect(nextDigestMoment(never, { time: "09:00", onRestDays: true }, from) > from).toBe(true);
  });
});
