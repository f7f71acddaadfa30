import { describe, expect, it } from "vitest";
import { nationalCalendar } from "../../test/support/calendar.ts";
import { pauseClock, resumeClock, startClock } from "./clock.ts";
import { instantAt, localDate } from "./dates.ts";
import { layerCalendars, type RegionCalendar } from "./working-days.ts";

const region = (code: string, more: Partial<RegionCalendar>): [string, RegionCalendar] => [
  code,
  { region: code, years: [], ...more },
];
const limit = { code: "L.TEST", unit: "workday" as const, value: 5, promised: null, calendarRegion: "520102" };
const at = (date: string, time: string) => instantAt(date, time);

describe("a region whose days end with business", () => {
  const calendar = layerCalendars(
    ["520102", "520100", "000000"],
    new Map([region("520100", { cutoff: "17:30", hours: [["08:30", "17:30"]] }), region("520102", {})]),
  );

  it("passes its office hours and cutoff on to the regions below, and to no others", () => {
    expect([calendar.cutoff, calendar.hours]).toEqual(["17:30", [["08:30", "17:30"]]]);
    expect([nationalCalendar.cutoff, nationalCalendar.hours.length]).toEqual(["24:00", 2]);
  });

  it("ends a limit at its cutoff", () => {
    expect(startClock(limit, calendar, at("2026-11-02", "10:00")).dueAt).toBe(at("2026-11-09", "17:30"));
  });

  it("counts the day of a pause that begins after the cutoff, and not one that begins before", () => {
    const clock = startClock(limit, calendar, at("2026-11-02", "10:00"));
    const dueAfter = (time: string) => {
      const paused = pauseClock(clock, "dispute", at("2026-11-04", time));
      return localDate(resumeClock(paused, calendar, at("2026-11-12", "10:00")).dueAt ?? "");
    };
    expect(["17:00", "17:30", "18:00"].map(dueAfter)).toEqual(["2026-11-18", "2026-11-18", "2026-11-17"]);
  });
});
