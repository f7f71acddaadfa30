import type { LimitUnit, ResolvedLimit } from "../routing/types.ts";
import { addDays, addMs, epochDay, localDate } from "./dates.ts";
import { roundTheClock } from "./round-the-clock.ts";
import {
  addWorkingDays,
  endOfLimitDay,
  openingOf,
  workingDayFrom,
  workingDaysBetween,
  type Confidence,
  type WorkingDayCalendar,
} from "./working-days.ts";
import { addWorkingHours, workingMsBetween } from "./working-hours.ts";

export type ClockState = "running" | "paused" | "met" | "breached" | "stopped";

/**
 * An SLA clock as a ledger: budget, what is used of it, and since when it counts. Due moments are derived and kept beside so
 * that they can be indexed. Plain JSON; every function gives a new one. Counts are in `unit`.
 */
export interface Clock {
  readonly limitCode: string;
  readonly unit: LimitUnit;
  readonly total: number;
  readonly promised: number | null;
  readonly calendarRegion: string;
  readonly state: ClockState;
  /** Grows with each restart; 1 at first. */
  readonly round: number;
  readonly startedAt: string;
  /** From here the days run that `used` does not hold yet. */
  readonly countedFrom: string;
  readonly used: number;
  readonly pausedAt: string | null;
  readonly pauseReason: string | null;
  readonly extension: number;
  readonly extensions: number;
  /** `null` while paused: nobody knows when it will go on. */
  readonly dueAt: string | null;
  readonly dueConfidence: Confidence;
  /** A due moment that people were told and that a change of the calendar may not shorten; `null` when there is none. */
  readonly keptDueAt: string | null;
  readonly promisedDueAt: string | null;
  readonly breachedAt: string | null;
  readonly stoppedAt: string | null;
}

export type ClockErrorCode = "CLOCK_NOT_RUNNING" | "EXTENSION_NOT_ALLOWED" | "EXTENSION_USED_UP" | "EXTENSION_TOO_LONG";

/** A change that the clock's state or the law does not allow. */
export class ClockError extends Error {
  override readonly name = "ClockError";
  readonly code: ClockErrorCode;
  constructor(code: ClockErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A clock that starts with a receipt at `now`. */
export function startClock(
  limit: Pick<ResolvedLimit, "code" | "unit" | "value" | "promised" | "calendarRegion">,
  calendar: WorkingDayCalendar,
  now: string,
): Clock {
  return derive(
    {
      limitCode: limit.code,
      unit: limit.unit,
      total: limit.value,
      promised: limit.promised,
      calendarRegion: limit.calendarRegion,
      state: "running",
      round: 1,
      startedAt: now,
      countedFrom: now,
      used: 0,
      pausedAt: null,
      pauseReason: null,
      extension: 0,
      extensions: 0,
      dueAt: null,
      dueConfidence: "official",
      keptDueAt: null,
      promisedDueAt: null,
      breachedAt: null,
      stoppedAt: null,
    },
    calendar,
  );
}

/** Stops counting for a recognised reason. A clock that does not run, or is overdue already, stays as it is. */
export function pauseClock(clock: Clock, reason: string, now: string): Clock {
  if (clock.state !== "running") return clock;
  return { ...clock, state: "paused", pausedAt: now, pauseReason: reason, dueAt: null, promisedDueAt: null };
}

/**
 * Goes on counting. In working days a pause that began and ended on one day changes nothing; otherwise neither the day on
 * which it began nor the day on which it ended is counted, as a limit never counts the day on which it starts.
 */
export function resumeClock(clock: Clock, calendar: WorkingDayCalendar, now: string): Clock {
  if (clock.state !== "paused" || clock.pausedAt === null) return clock;
  const running = { ...clock, state: "running" as const, pausedAt: null, pauseReason: null };
  const countsByDay = clock.unit === "workday" || clock.unit === "day";
  if (countsByDay && localDate(clock.pausedAt) === localDate(now)) return derive(running, calendar);
  return derive(
    { ...running, keptDueAt: null, used: usedUntil(clock, calendar, clock.pausedAt), countedFrom: now },
    calendar,
  );
}

/** Begins again from nothing, as after a corrected application (Regulations on Disclosure of Government Information art. 30). */
export function restartClock(clock: Clock, calendar: WorkingDayCalendar, now: string): Clock {
  return derive(
    {
      ...clock,
      state: "running",
      round: clock.round + 1,
      startedAt: now,
      countedFrom: now,
      used: 0,
      pausedAt: null,
      pauseReason: null,
      keptDueAt: null,
      stoppedAt: null,
    },
    calendar,
  );
}

/**
 * Goes on with a clock whose step had been left: what was used stays used, the time in between is not counted. A breach stays
 * a breach.
 */
export function reopenClock(clock: Clock, calendar: WorkingDayCalendar, now: string): Clock {
  if (clock.stoppedAt === null) return clock;
  if (clock.state === "breached") return { ...clock, stoppedAt: null };
  const left: Clock = {
    ...clock,
    state: "paused",
    pausedAt: clock.pausedAt ?? clock.stoppedAt,
    stoppedAt: null,
    dueAt: null,
    promisedDueAt: null,
  };
  return resumeClock(left, calendar, now);
}

/** Takes the limit as it is resolved now, where the facts of the case have changed it; what was used stays used. */
export function adoptLimit(
  clock: Clock,
  limit: Pick<ResolvedLimit, "unit" | "value" | "promised">,
  calendar: WorkingDayCalendar,
): Clock {
  if (clock.unit !== limit.unit || (clock.total === limit.value && clock.promised === limit.promised)) return clock;
  return derive({ ...clock, total: limit.value, promised: limit.promised }, calendar);
}

/** Lengthens the limit within what the rule pack allows. Throws `ClockError`. */
export function extendClock(
  clock: Clock,
  by: number,
  allowed: ResolvedLimit["extension"],
  calendar: WorkingDayCalendar,
): Clock {
  if (clock.state !== "running" && clock.state !== "paused")
    throw new ClockError("CLOCK_NOT_RUNNING", `${clock.limitCode} is ${clock.state} and cannot be extended`);
  if (!allowed) throw new ClockError("EXTENSION_NOT_ALLOWED", `${clock.limitCode} may not be extended`);
  if (clock.extensions >= allowed.times)
    throw new ClockError(
      "EXTENSION_USED_UP",
      `${clock.limitCode} was extended ${clock.extensions} time(s); ${allowed.times} is the most`,
    );
  if (!Number.isInteger(by) || by < 1 || clock.extension + by > allowed.max) {
    throw new ClockError(
      "EXTENSION_TOO_LONG",
      `${clock.limitCode} may be extended by 1 to ${allowed.max - clock.extension} whole ${clock.unit}s, not by ${by}`,
    );
  }
  return derive({ ...clock, extension: clock.extension + by, extensions: clock.extensions + 1 }, calendar);
}

/** The limit has passed. The moment is when it was due, however late that is noticed. */
export function breachClock(clock: Clock): Clock {
  return clock.state === "running" ? { ...clock, state: "breached", breachedAt: clock.dueAt } : clock;
}

/** The work is done (`met`, unless it was late) or is no longer needed (`stopped`). A breach stays a breach. */
export function stopClock(clock: Clock, how: "met" | "stopped", now: string): Clock {
  if (clock.stoppedAt !== null) return clock;
  if (clock.state === "breached") return { ...clock, stoppedAt: now };
  if (clock.state === "running" && clock.dueAt !== null && clock.dueAt < now)
    return { ...breachClock(clock), stoppedAt: now };
  return { ...clock, state: how, stoppedAt: now };
}

/**
 * Derives the due moments anew after the calendar changed. With `keeping` a due moment that people were told is never
 * shortened: the later of the two holds.
 */
export function recomputeClock(clock: Clock, calendar: WorkingDayCalendar, keeping = false): Clock {
  if (clock.state !== "running") return clock;
  const derived = derive({ ...clock, keptDueAt: null }, calendar);
  const told = keeping ? clock.dueAt : null;
  return told !== null && derived.dueAt !== null && derived.dueAt < told
    ? { ...derived, dueAt: told, keptDueAt: told }
    : derived;
}

/** The calendar that a clock runs on: hours run day and night, whatever the region's calendar says. */
export function calendarOfUnit(unit: LimitUnit, calendar: WorkingDayCalendar): WorkingDayCalendar {
  return unit === "hour" ? roundTheClock : calendar;
}

/**
 * The instant at which `fraction` of the limit has passed: 1 is the due moment itself; earlier ones are reminders and, of a
 * limit in days, fall on the opening of a working day, so that nobody is reminded on a rest day. `null` while paused.
 */
export function momentAt(clock: Clock, calendar: WorkingDayCalendar, fraction: number): string | null {
  if (clock.dueAt === null || fraction >= 1) return clock.dueAt;
  const budget = (clock.total + clock.extension) * fraction - clock.used;
  switch (clock.unit) {
    case "workday": {
      const { date } = addWorkingDays(calendar, localDate(clock.countedFrom), daysToRemindAfter(budget));
      return reminderOn(calendar, date, clock.dueAt);
    }
    case "day":
      return reminderOn(calendar, addDays(localDate(clock.countedFrom), daysToRemindAfter(budget)), clock.dueAt);
    case "hour":
      return addMs(clock.countedFrom, Math.max(0, budget) * hourMs);
    case "workhour":
      return addWorkingHours(calendar, clock.countedFrom, Math.max(0, budget)).instant;
  }
}

/** Whole days, at least one; 0.56 of 25 days are 14, though the product of the two numbers is a little more. */
function daysToRemindAfter(budget: number): number {
  return Math.max(1, Math.ceil(Number(budget.toFixed(6))));
}

/**
 * The first opening of a working day from `date` on. Where the limit ends before it, the last one before that end: of a limit
 * that begins and ends within holidays it lies before the beginning, and people are told at once.
 */
function reminderOn(calendar: WorkingDayCalendar, date: string, dueAt: string): string {
  const next = openingOf(calendar, workingDayFrom(calendar, date, 1));
  if (next <= dueAt) return next;
  const last = openingOf(calendar, workingDayFrom(calendar, localDate(dueAt), -1));
  return last <= dueAt ? last : openingOf(calendar, workingDayFrom(calendar, addDays(localDate(dueAt), -1), -1));
}

/** What is used of the limit by now, in the clock's unit; of a clock that rests or has stopped, what was used when it did. */
export function usedBy(clock: Clock, calendar: WorkingDayCalendar, now: string): number {
  return rounded(usedUntil(clock, calendar, clock.pausedAt ?? clock.stoppedAt ?? now));
}

/** What is left, in the clock's unit; whole days for day units, 0 on the last day, negative when overdue. */
export function leftOf(clock: Clock, calendar: WorkingDayCalendar, now: string): number | null {
  if (clock.dueAt === null) return rounded(clock.total + clock.extension - usedBy(clock, calendar, now));
  const until = clock.stoppedAt ?? now;
  switch (clock.unit) {
    case "workday":
      return workingDaysBetween(calendar, localDate(until), localDate(clock.dueAt));
    case "day":
      return epochDay(localDate(clock.dueAt)) - epochDay(localDate(until));
    case "hour":
      return rounded((Date.parse(clock.dueAt) - Date.parse(until)) / hourMs);
    case "workhour":
      return rounded(workingMsBetween(calendar, until, clock.dueAt) / hourMs);
  }
}

/** Hours are shown to a tenth; days are whole anyway. */
function rounded(amount: number): number {
  return Math.round(amount * 10) / 10;
}

/** Used of the limit up to `until`, in the clock's unit. Days count when they have ended, at the calendar's cutoff. */
export function usedUntil(clock: Clock, calendar: WorkingDayCalendar, until: string): number {
  const counted = localDate(clock.countedFrom);
  const ended = until > endOfLimitDay(calendar, localDate(until)) ? localDate(until) : addDays(localDate(until), -1);
  switch (clock.unit) {
    case "workday":
      return clock.used + Math.max(0, workingDaysBetween(calendar, counted, ended));
    case "day":
      return clock.used + Math.max(0, epochDay(ended) - epochDay(counted));
    case "hour":
      return clock.used + (Date.parse(until) - Date.parse(clock.countedFrom)) / hourMs;
    case "workhour":
      return clock.used + workingMsBetween(calendar, clock.countedFrom, until) / hourMs;
  }
}

const hourMs = 3_600_000;

function derive(clock: Clock, calendar: WorkingDayCalendar): Clock {
  if (clock.state !== "running") return clock;
  const due = dueAfter(clock, calendar, clock.total + clock.extension - clock.used);
  const promised =
    clock.promised === null
      ? null
      : dueAfter(clock, calendar, Math.max(0, clock.promised + clock.extension - clock.used));
  const dueAt = clock.keptDueAt !== null && clock.keptDueAt > due.instant ? clock.keptDueAt : due.instant;
  // A day of a year without a calendar is a guess, and nobody is promised a guess.
  const promisedDueAt = promised === null || promised.confidence === "unknown" ? null : promised.instant;
  return { ...clock, dueAt, dueConfidence: due.confidence, promisedDueAt };
}

function dueAfter(
  clock: Clock,
  calendar: WorkingDayCalendar,
  budget: number,
): { instant: string; confidence: Confidence } {
  switch (clock.unit) {
    case "workday": {
      const due = addWorkingDays(calendar, localDate(clock.countedFrom), Math.max(0, budget));
      return { instant: endOfLimitDay(calendar, due.date), confidence: due.confidence };
    }
    case "day":
      return {
        instant: endOfLimitDay(calendar, addDays(localDate(clock.countedFrom), Math.max(0, budget))),
        confidence: "official",
      };
    case "hour":
      return { instant: addMs(clock.countedFrom, Math.max(0, budget) * hourMs), confidence: "official" };
    case "workhour":
      return addWorkingHours(calendar, clock.countedFrom, Math.max(0, budget));
  }
}
