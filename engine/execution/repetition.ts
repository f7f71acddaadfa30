import { Cron } from "croner";
import { addDuration, parseDuration, parseInstant, type Duration } from "./iso-8601.ts";

/** When a cycle timer fires: at even distances (ISO 8601 repeating interval) or at the times of a cron text. */
export interface Repetition {
  readonly times: number | "unbounded";
  /** First firing; `null` counts one distance from the moment the timer is armed. */
  readonly start: string | null;
  /** No firing after this instant. */
  readonly end: string | null;
  /** ISO duration, or cron text of five fields, read in China Standard Time. */
  readonly every: string;
}

const chinaOffsetMinutes = 8 * 60;

/**
 * `R3/PT1H`, `R/P1D`, `R2/2026-01-01T00:00:00Z/PT8H` (start), `R/PT1H/2026-02-01T00:00:00Z` (end), `R/start/end`, or cron
 * text such as `0 9 * * 1-5`; `null` when it is none.
 */
export function parseRepetition(text: string): Repetition | null {
  const trimmed = text.trim();
  if (isCron(trimmed)) return { times: "unbounded", start: null, end: null, every: trimmed };
  const parts = trimmed.split("/");
  const count = /^R(\d*)$/.exec(parts[0] ?? "")?.[1];
  if (count === undefined || parts.length < 2 || parts.length > 3) return null;
  const times = count === "" ? "unbounded" : Number(count);
  const [first = "", second = null] = parts.slice(1);
  if (second === null) return parseDuration(first) ? { times, start: null, end: null, every: first } : null;
  const [start, end] = [parseInstant(first), parseInstant(second)];
  if (parseDuration(first) && end) return { times, start: null, end, every: first };
  if (start && parseDuration(second)) return { times, start, end: null, every: second };
  if (start && end && start < end) return { times, start, end: null, every: distance(start, end) };
  return null;
}

/** First firing of a timer that is armed at `now`; `null` when that would be after its end. */
export function firstFiring(repetition: Repetition, now: string): string | null {
  return until(repetition.end, repetition.start ?? following(repetition.every, now));
}

/** The firing after the one that was due at `due`: lateness does not add up. */
export function nextFiring(every: string, end: string | null, due: string): string | null {
  return until(end, following(every, due));
}

function following(every: string, after: string): string | null {
  const duration = parseDuration(every);
  if (duration) return isNothing(duration) ? null : addDuration(after, duration);
  return cronOf(every).nextRun(new Date(after))?.toISOString() ?? null;
}

function until(end: string | null, moment: string | null): string | null {
  return moment !== null && (end === null || moment <= end) ? moment : null;
}

function isNothing({ months, days, ms }: Duration): boolean {
  return months === 0 && days === 0 && ms === 0;
}

function distance(start: string, end: string): string {
  return `PT${(Date.parse(end) - Date.parse(start)) / 1000}S`;
}

/** Five fields: minutes are fine enough for officials, and a sixth means seconds in one engine and years in another. */
function isCron(text: string): boolean {
  if (text.split(/\s+/).length !== 5) return false;
  try {
    return cronOf(text).nextRun(new Date(0)) !== null;
  } catch (error) {
    // croner tells by an error that the text is no cron text; the caller reports it with its place.
    if (error instanceof TypeError || error instanceof Error) return false;
    throw error;
  }
}

function cronOf(text: string): Cron {
  return new Cron(text, { paused: true, utcOffset: chinaOffsetMinutes });
}
