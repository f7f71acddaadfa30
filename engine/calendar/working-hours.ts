import { addDays, addMs, instantAt, localDate } from "./dates.ts";
import { confidenceOf, isWorkingDay, lessSure, type Confidence, type WorkingDayCalendar } from "./working-days.ts";

const mostDays = 4_000;

/** The instant at which `hours` of office time have passed since `from`. */
export function addWorkingHours(
  calendar: WorkingDayCalendar,
  from: string,
  hours: number,
): { instant: string; confidence: Confidence } {
  let left = hours * 3_600_000;
  let instant = from;
  let confidence: Confidence = "official";
  for (let date = localDate(from), days = 0; days < mostDays; date = addDays(date, 1), days += 1) {
    confidence = lessSure(confidence, confidenceOf(calendar, date));
    for (const [opens, closes] of isWorkingDay(calendar, date) ? calendar.hours : []) {
      const start = later(instantAt(date, opens), from);
      const end = instantAt(date, closes);
      const open = Date.parse(end) - Date.parse(start);
      if (open <= 0) continue;
      instant = addMs(start, Math.min(left, open));
      left -= Math.min(left, open);
      if (left === 0) return { instant, confidence };
    }
  }
  throw new RangeError(`${hours} working hours after ${from} lie too far ahead`);
}

/** Office time between two instants in milliseconds; negative when `to` lies before `from`. */
export function workingMsBetween(calendar: WorkingDayCalendar, from: string, to: string): number {
  if (to < from) return -workingMsBetween(calendar, to, from);
  let total = 0;
  for (let date = localDate(from); date <= localDate(to); date = addDays(date, 1)) {
    for (const [opens, closes] of isWorkingDay(calendar, date) ? calendar.hours : []) {
      const start = later(instantAt(date, opens), from);
      const end = instantAt(date, closes) < to ? instantAt(date, closes) : to;
      total += Math.max(0, Date.parse(end) - Date.parse(start));
    }
  }
  return total;
}

/** `instant` when the office is open then, else the moment at which it opens next: nobody is reminded in the night. */
export function nextOfficeMoment(calendar: WorkingDayCalendar, instant: string): string {
  for (let date = localDate(instant), days = 0; days < mostDays; date = addDays(date, 1), days += 1) {
    for (const [opens, closes] of isWorkingDay(calendar, date) ? calendar.hours : []) {
      if (instant < instantAt(date, closes)) return later(instantAt(date, opens), instant);
    }
  }
  throw new RangeError(`no office hours after ${instant}`);
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
