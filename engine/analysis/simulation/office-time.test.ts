import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nationalCalendar, qiandongnanCalendar } from "../../../test/support/calendar.ts";
import { workingDaysBetween } from "../../calendar/working-days.ts";
import { addWorkingHours, workingMsBetween } from "../../calendar/working-hours.ts";
import { localDate } from "../../calendar/dates.ts";
import { OfficeTime } from "./office-time.ts";

const from = Date.parse("2026-01-01T00:00:00.000+08:00");
const until = Date.parse("2026-12-01T00:00:00.000+08:00");
const instants = fc.integer({ min: from, max: until });
const iso = (at: number) => new Date(at).toISOString();

describe.each([
  ["the national calendar", nationalCalendar],
  ["Qiandongnan's", qiandongnanCalendar],
])("office time of %s", (_name, calendar) => {
  const office = new OfficeTime(calendar, from);

  it("agrees with working hours counted day by day", () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 80 * 3_600_000 }), (at, work) => {
        expect(iso(office.add(at, work))).toBe(addWorkingHours(calendar, iso(at), work / 3_600_000).instant);
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        const [first, last] = a < b ? [a, b] : [b, a];
        expect(office.elapsed(last) - office.elapsed(first)).toBe(workingMsBetween(calendar, iso(first), iso(last)));
        const days = workingDaysBetween(calendar, localDate(iso(first)), localDate(iso(last)));
        expect(office.workingDaysBetween(first, last)).toBe(days);
      }),
      { numRuns: 100 },
    );
  });

  it("opens the next time when it is closed, and is open otherwise", () => {
    fc.assert(
      fc.property(instants, (at) => {
        const open = office.nextOpen(at);
        expect(open).toBeGreaterThanOrEqual(at);
        expect(office.elapsed(open)).toBe(office.elapsed(at));
        expect(office.elapsed(open + 1)).toBe(office.elapsed(at) + 1);
      }),
    );
  });
});

it.each([
  ["2026-02-13T17:30:00+08:00", "2026-02-14T09:00:00+08:00"],
  ["2026-02-14T12:00:00+08:00", "2026-02-14T13:30:00+08:00"],
  ["2026-02-14T18:00:00+08:00", "2026-02-24T09:00:00+08:00"],
])("after %s the office opens at %s, the spring festival and its make-up day counted", (at, opens) => {
  const office = new OfficeTime(nationalCalendar, from);
  expect(iso(office.nextOpen(Date.parse(at)))).toBe(iso(Date.parse(opens)));
});
