import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { followEvents, type CaseClock } from "../../engine/calendar/case-clocks.ts";
import { extendClock, recomputeClock } from "../../engine/calendar/clock.ts";
import { addDays, instantAt, localDate } from "../../engine/calendar/dates.ts";
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
