import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nationalCalendar as calendar, qiandongnanCalendar } from "../../test/support/calendar.ts";
import { attributeDays, daysByLevel, type LedgerClock, type LedgerLine } from "./attribution.ts";
import { addDays, epochDay, instantAt, localDate } from "./dates.ts";

const clock = (id: string, level: LedgerClock["level"], organisation = id): LedgerClock => ({
  id,
  limit: `L.${id.toUpperCase()}`,
  organisation,
  level,
  calendar,
  isEndToEnd: id === "whole",
});
const clocks = [clock("review", "county"), clock("hop", "city"), clock("reply", "province"), clock("whole", "county")];
const line = (date: string, type: string, of: string, reason: string | null = null, time = "10:00"): LedgerLine => ({
  at: instantAt(date, time),
  type: `clock.${type}`,
  clock: of,
  reason,
});
const span = (from: string, to: string) => ({
  startedAt: instantAt(from, "10:00"),
  until: instantAt(to, "10:00"),
  calendar,
});

describe("who used the days", () => {
  it("goes hop by hop: own handling, the other level, the applicant, rest days, a pause by its reason", () => {
    const days = attributeDays(span("2026-11-02", "2026-11-19"), clocks, [
      line("2026-11-02", "started", "whole"),
      line("2026-11-02", "started", "review"),
      line("2026-11-03", "paused", "review", "supplement"),
      line("2026-11-05", "restarted", "review"),
      line("2026-11-06", "stopped", "review"),
      line("2026-11-06", "started", "hop"),
      line("2026-11-10", "stopped", "hop"),
      line("2026-11-10", "started", "reply"),
      line("2026-11-12", "paused", "reply", "dispute"),
      line("2026-11-16", "resumed", "reply"),
      line("2026-11-18", "stopped", "reply"),
    ]);
    expect(
      days.map(({ date, use }) => [
        date.slice(5),
        use.kind === "handling" ? use.level : use.kind === "paused" ? use.reason : use.kind,
      ]),
    ).toEqual([
      ["11-03", "county"],
      ["11-04", "applicant"],
      ["11-05", "applicant"],
      ["11-06", "county"],
      ["11-07", "rest"],
      ["11-08", "rest"],
      ["11-09", "city"],
      ["11-10", "city"],
      ["11-11", "province"],
      ["11-12", "province"],
      ["11-13", "dispute"],
      ["11-14", "rest"],
      ["11-15", "rest"],
      ["11-16", "dispute"],
      ["11-17", "province"],
      ["11-18", "province"],
      ["11-19", "unattended"],
    ]);
    expect(daysByLevel(days)).toEqual([
      { level: "province", own: 4, otherLevels: 4, applicant: 2, rest: 4, paused: 2, unattended: 1 },
      { level: "city", own: 2, otherLevels: 6, applicant: 2, rest: 4, paused: 2, unattended: 1 },
      { level: "county", own: 2, otherLevels: 6, applicant: 2, rest: 4, paused: 2, unattended: 1 },
    ]);
  });

  it("charges a day that several clocks share to the one that began first, not to who chases it", () => {
    const days = attributeDays(span("2026-11-02", "2026-11-05"), clocks, [
      line("2026-11-02", "started", "reply"),
      line("2026-11-03", "started", "hop"),
    ]);
    expect(days.map(({ use }) => use.kind === "handling" && use.organisation)).toEqual(["reply", "reply", "reply"]);
  });

  it("charges it so also when the later clock has ended before the earlier one", () => {
    const days = attributeDays(span("2026-11-02", "2026-11-05"), clocks, [
      line("2026-11-02", "started", "reply"),
      line("2026-11-03", "started", "hop"),
      line("2026-11-04", "stopped", "hop", null, "17:00"),
    ]);
    expect(days.map(({ use }) => use.kind === "handling" && use.organisation)).toEqual(["reply", "reply", "reply"]);
  });

  it("goes to whoever held the case before midnight, when it changes hands at midnight", () => {
    const days = attributeDays(span("2026-11-02", "2026-11-05"), clocks, [
      line("2026-11-02", "started", "hop"),
      line("2026-11-04", "stopped", "hop", null, "00:00"),
      line("2026-11-04", "started", "review", null, "00:00"),
    ]);
    expect(days.map(({ use }) => use.kind === "handling" && use.organisation)).toEqual(["hop", "hop", "review"]);
  });

  it("rests on the holidays of the region that holds the case", () => {
    const held = { ...clock("review", "county"), calendar: qiandongnanCalendar };
    const days = attributeDays(span("2026-07-22", "2026-07-23"), [held], [line("2026-07-22", "started", "review")]);
    expect(days).toEqual([{ date: "2026-07-23", use: { kind: "rest" } }]);
    expect(attributeDays(span("2026-07-22", "2026-07-23"), [held], [])).toEqual([
      { date: "2026-07-23", use: { kind: "unattended" } },
    ]);
  });

  it("adds up to the calendar days that passed, for every level of any case", () => {
    const types = ["started", "paused", "resumed", "restarted", "reopened", "stopped", "breached", "extended"];
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 9 }),
      hour: fc.integer({ min: 0, max: 23 }),
      type: fc.constantFrom(...types),
      of: fc.constantFrom("review", "hop", "reply", "whole"),
      reason: fc.constantFrom("supplement", "dispute", "suspended", "consultation"),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000 }),
        fc.array(step, { maxLength: 30 }),
        fc.integer({ min: 0, max: 60 }),
        (offset, steps, rest) => {
          const start = addDays("2024-01-01", offset);
          let date = start;
          const lines = steps
            .map(({ wait, hour, type, of, reason }) => {
              date = addDays(date, wait);
              return line(date, type, of, reason, `${String(hour).padStart(2, "0")}:00`);
            })
            .sort((a, b) => (a.at < b.at ? -1 : 1));
          const until = instantAt(addDays(date, rest), "18:00");
          const days = attributeDays({ startedAt: instantAt(start, "08:00"), until, calendar }, clocks, lines);
          const elapsed = epochDay(localDate(until)) - epochDay(start);
          expect(days.map((day) => day.date)).toEqual(
            Array.from({ length: elapsed }, (_, index) => addDays(start, index + 1)),
          );
          for (const view of daysByLevel(days)) {
            const { own, otherLevels, applicant, rest: resting, paused, unattended } = view;
            expect(own + otherLevels + applicant + resting + paused + unattended).toBe(elapsed);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
