import { describe, expect, it } from "vitest";
import { nationalCalendar as calendar } from "../../test/support/calendar.ts";
import { pauseClock, startClock } from "./clock.ts";
import { instantAt } from "./dates.ts";
import { urgeableAgainFrom, urgeableFrom } from "./urging.ts";

const bounds = { everyWorkingDays: 1, afterShareOfLimit: 0.5 };
const at = (date: string, time = "10:00") => instantAt(date, time);
const clockOf = (value: number) =>
  startClock(
    { code: "L.TEST", unit: "workday", value, promised: null, calendarRegion: "000000" },
    calendar,
    at("2026-11-02"),
  );

describe("from when an applicant may urge", () => {
  it.each([
    [10, at("2026-11-09", "09:00")],
    [2, at("2026-11-03", "09:00")],
  ])("is the opening of the day on which half of %i working days passes", (value, from) => {
    expect(urgeableFrom(clockOf(value), bounds, calendar)).toBe(from);
  });

  it("is not known while the clock stands still", () => {
    expect(urgeableFrom(pauseClock(clockOf(10), "supplement", at("2026-11-03")), bounds, calendar)).toBeNull();
  });

  it.each([
    ["the next working day", "2026-11-02", "2026-11-03"],
    ["Monday after a Friday", "2026-11-06", "2026-11-09"],
    ["after the National Day holiday", "2026-09-30", "2026-10-08"],
  ])("again: %s", (_what, urged, day) => {
    expect(urgeableAgainFrom(at(urged), bounds, calendar)).toBe(at(day, "09:00"));
  });
});
