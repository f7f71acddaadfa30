import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { followEvents, type CaseClock } from "../../engine/calendar/case-clocks.ts";
import {
  extendClock,
  momentAt,
  pauseClock,
  recomputeClock,
  resumeClock,
  startClock,
} from "../../engine/calendar/clock.ts";
import { addDays, instantAt, localDate } from "../../engine/calendar/dates.ts";
import { nextOfficeMoment } from "../../engine/calendar/working-hours.ts";
import { nationalCalendar, qiandongnanCalendar } from "../support/calendar.ts";
import {
  isWorkingDay,
  layerCalendars,
  type CalendarDay,
  type WorkingDayCalendar,
} from "../../engine/calendar/working-days.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { RouteDecision } from "../../engine/routing/types.ts";
import { resolvedLimit } from "../support/resolved-limit.ts";

/**
 * Clocks against a slow reference that keeps nothing but the history and counts it day by day anew: random calendars, random
 * sequences of pauses by several reasons, supplements, returns, extensions and imported calendars.
 */

const limit = resolvedLimit({
  value: 12,
  promised: 8,
  maxSupplements: 9,
  excludes: ["supplement", "dispute", "consultation", "suspended"],
  extension: { max: 100, times: 100, approver: "head", notify: true },
});
const decision: RouteDecision = {
  perform: true,
  role: "clerk",
  approval: null,
  forbids: [],
  fourEyes: [],
  organisation: { id: "o", name: { zh: "单位", en: "Office" }, level: "county", region: "520102" },
  limit,
  explanation: {
    step: "s",
    jurisdiction: "520102",
    layersAsked: [],
    rows: [],
    bounds: [],
    basis: [],
    sentence: { zh: "", en: "" },
  },
};

type Act =
  | { readonly type: "pause" | "resume"; readonly reason: "dispute" | "consultation" | "suspended" }
  | { readonly type: "supplement" | "resubmit" | "leave" | "return" }
  | { readonly type: "extend"; readonly days: number }
  | { readonly type: "import"; readonly flipped: readonly number[] };

interface Timed {
  readonly act: Act;
  readonly date: string;
}

const start = "2026-01-05";
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    type: fc.constantFrom("pause" as const, "resume" as const),
    reason: fc.constantFrom("dispute" as const, "consultation" as const, "suspended" as const),
  }),
  fc.record({ type: fc.constantFrom("supplement" as const, "resubmit" as const, "leave" as const, "return" as const) }),
  fc.record({ type: fc.constant("extend" as const), days: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    type: fc.constant("import" as const),
    flipped: fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 6 }),
  }),
);
const history = fc.array(fc.record({ act, wait: fc.integer({ min: 0, max: 5 }) }), { maxLength: 14 });

function calendarOf(flipped: readonly number[]): WorkingDayCalendar {
  const days = flipped.map((offset): CalendarDay => {
    const date = addDays(start, offset);
    const plain = layerCalendars(["000000"], new Map());
    return { date, kind: isWorkingDay(plain, date) ? "holiday" : "workday", name: "某日" };
  });
  const years = [
    { year: 2026, status: "official" as const, days: [...new Map(days.map((day) => [day.date, day])).values()] },
  ];
  return layerCalendars(["000000"], new Map([["000000", { region: "000000", years }]]));
}

const at = (date: string) => instantAt(date, "10:00");
const event = (body: object, date: string) =>
  ({ seq: 0, at: at(date), element: "s", ...body }) as unknown as EngineEvent;

/** Runs a history through the clocks as the server does. Acts that do not fit the moment do nothing, here and in the reference. */
class Run {
  calendar = calendarOf([]);
  clocks: readonly CaseClock[] = [];
  token = 0;
  readonly done: Timed[] = [];

  get clock(): CaseClock {
    const [clock] = this.clocks;
    if (!clock) throw new Error("no clock");
    return clock;
  }

  get isOver(): boolean {
    return this.clock.ledger.state === "breached";
  }

  take(date: string, body: object): void {
    const setting = { now: at(date), calendarOf: () => this.calendar, nextId: () => "c" };
    this.clocks = followEvents(this.clocks, [event(body, date)], setting).clocks;
  }

  enter(date: string): void {
    this.token += 1;
    this.take(date, { type: "limit.started", token: `t${this.token}`, limit: limit.code, decision });
  }

  leave(date: string, how: "completed" | "cancelled", outcome: string | null): void {
    this.take(date, { type: "limit.stopped", token: `t${this.token}`, limit: limit.code, how, outcome });
  }

  perform({ act: what, date }: Timed): void {
    const { awaiting, ledger, pauses } = this.clock;
    const isLeft = ledger.stoppedAt !== null;
    switch (what.type) {
      case "pause":
        if (isLeft || pauses.some(({ reason }) => reason === what.reason)) return;
        this.take(date, { type: "clocks.paused", token: what.reason, reason: what.reason });
        break;
      case "resume":
        if (!pauses.some(({ reason }) => reason === what.reason)) return;
        this.take(date, { type: "clocks.resumed", token: what.reason, reason: what.reason });
        break;
      case "supplement":
        if (awaiting || isLeft) return;
        this.leave(date, "completed", "supplement");
        break;
      case "resubmit":
        if (!awaiting) return;
        this.enter(date);
        break;
      case "leave":
        if (awaiting || isLeft) return;
        this.leave(date, "cancelled", null);
        break;
      case "return":
        if (!isLeft) return;
        this.enter(date);
        break;
      case "extend":
        if (isLeft) return;
        this.change(extendClock(ledger, what.days, limit.extension, this.calendar));
        break;
      case "import":
        this.calendar = calendarOf(what.flipped);
        this.change(recomputeClock(this.clock.ledger, this.calendar));
        break;
    }
    this.done.push({ act: what, date });
  }

  change(ledger: CaseClock["ledger"]): void {
    this.clocks = [{ ...this.clock, ledger }];
  }
}

/**
 * The reference: a day counts when it is a working day of the calendar in force on it, nothing rested the clock at any time of
 * it (a rest within one day is none), and the limit did not start on it. What had passed when the clock came to rest stays as it was counted.
 */
function slowDue(done: readonly Timed[]): string | null {
  let calendar = calendarOf([]);
  let total = limit.value;
  let used = 0;
  let from = start;
  let restsSince: string | null = null;
  const reasons = new Set<string>();
  const rest = (reason: string, date: string) => {
    if (reasons.size === 0) restsSince = date;
    reasons.add(reason);
  };
  const goOn = (reason: string, date: string) => {
    reasons.delete(reason);
    if (reasons.size > 0 || restsSince === null) return;
    if (restsSince !== date) {
      for (let day = addDays(from, 1); day < restsSince; day = addDays(day, 1))
        if (isWorkingDay(calendar, day)) used += 1;
      from = date;
    }
    restsSince = null;
  };
  for (const { act: what, date } of done) {
    switch (what.type) {
      case "pause":
        rest(what.reason, date);
        break;
      case "resume":
        goOn(what.reason, date);
        break;
      case "supplement":
        rest("supplement", date);
        break;
      case "resubmit":
        reasons.delete("supplement");
        used = 0;
        from = date;
        restsSince = reasons.size > 0 ? date : null;
        break;
      case "leave":
        // What rested the step is left with it.
        reasons.clear();
        reasons.add("left");
        restsSince ??= date;
        break;
      case "return":
        goOn("left", date);
        break;
      case "extend":
        total += what.days;
        break;
      case "import":
        calendar = calendarOf(what.flipped);
        break;
    }
  }
  if (restsSince !== null) return null;
  let left = total - used;
  let day = from;
  while (left > 0) {
    day = addDays(day, 1);
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return day;
}

describe("clocks", () => {
  it("agree with a slow day-by-day reference, whatever pauses, returns, extensions and calendars come", () => {
    let compared = 0;
    fc.assert(
      fc.property(history, (steps) => {
        const run = new Run();
        run.enter(start);
        let date = start;
        for (const { act: what, wait } of steps) {
          date = addDays(date, wait);
          const { dueAt } = run.clock.ledger;
          // What happens after the limit has run out is another matter: a breach stays a breach.
          if (run.isOver || (dueAt !== null && dueAt < at(date))) break;
          run.perform({ act: what, date });
          compared += 1;
          const due = run.clock.ledger.stoppedAt === null ? run.clock.ledger.dueAt : null;
          expect(due === null ? null : localDate(due)).toBe(slowDue(run.done));
          const { used, total, extension } = run.clock.ledger;
          expect(used).toBeLessThanOrEqual(total + extension);
        }
      }),
      { numRuns: 1_500 },
    );
    expect(compared).toBeGreaterThan(3_000);
  });
});

const hostZone = process.env["TZ"];
afterEach(() => {
  if (hostZone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = hostZone;
});

const calendars = {
  national: nationalCalendar,
  qiandongnan: qiandongnanCalendar,
  "a week of rest": calendarOf([0, 1, 2, 3, 4]),
} as const;

/** The first opening on or after a day, else the last before the limit ends: looked for day by day. */
function slowReminder(calendar: WorkingDayCalendar, day: string, dueAt: string): string {
  const opening = (date: string) => instantAt(date, calendar.hours[0]?.[0] ?? "");
  let date = day;
  while (opening(date) <= dueAt && !isWorkingDay(calendar, date)) date = addDays(date, 1);
  while (opening(date) > dueAt || !isWorkingDay(calendar, date)) date = addDays(date, -1);
  return opening(date);
}

const limitInDays = fc.record({
  region: fc.constantFrom(...(Object.keys(calendars) as (keyof typeof calendars)[])),
  cutoff: fc.constantFrom("24:00", "17:30"),
  unit: fc.constantFrom("day" as const, "workday" as const),
  from: fc.integer({ min: 0, max: 355 }).map((days) => addDays("2026-01-01", days)),
  time: fc.constantFrom("00:00", "08:59", "10:00"),
  value: fc.integer({ min: 1, max: 30 }),
  restAfter: fc.integer({ min: 0, max: 5 }),
  restDays: fc.integer({ min: 0, max: 9 }),
  percents: fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 }),
});

describe.each(["Asia/Shanghai", "UTC", "America/Los_Angeles", "Pacific/Kiritimati"])(
  "reminders of a limit in days, on a host in %s",
  (zone) => {
    it("fall in working time, in order and never after the due moment, which stays on its calendar day", () => {
      process.env["TZ"] = zone;
      fc.assert(
        fc.property(limitInDays, ({ region, cutoff, unit, from, time, value, restAfter, restDays, percents }) => {
          const calendar = { ...calendars[region], cutoff };
          const budget = { code: "L.TEST", unit, value, promised: null, calendarRegion: calendar.region };
          const begun = startClock(budget, calendar, instantAt(from, time));
          const rested = pauseClock(begun, "supplement", instantAt(addDays(from, restAfter), "11:00"));
          const clock = resumeClock(rested, calendar, instantAt(addDays(from, restAfter + restDays), "12:00"));
          const counted = localDate(clock.countedFrom);
          const { dueAt } = clock;
          if (dueAt === null) throw new Error("the clock does not run");
          if (unit === "day") expect(localDate(dueAt)).toBe(addDays(counted, Math.max(0, value - clock.used)));
          const inOrder = percents.toSorted((a, b) => a - b);
          const moments = inOrder.map((percent) => momentAt(clock, calendar, percent / 100) ?? "");
          expect(moments).toEqual(moments.toSorted());
          for (const [index, moment] of moments.entries()) {
            expect(moment <= dueAt).toBe(true);
            expect(nextOfficeMoment(calendar, moment)).toBe(moment);
            if (unit === "workday") continue;
            const days = Math.max(1, Math.ceil((value * (inOrder[index] ?? 0)) / 100 - clock.used));
            expect(moment).toBe(slowReminder(calendar, addDays(counted, days), dueAt));
          }
        }),
        { numRuns: 500 },
      );
    });
  },
);
