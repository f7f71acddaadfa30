/**
 * Days as `YYYY-MM-DD` and instants as ISO text, related by China Standard Time: fixed +08:00, without daylight saving
 * (since 1991). Nothing here reads the host's clock or time zone.
 */

const dayMs = 86_400_000;
const chinaOffsetMs = 8 * 3_600_000;

export function epochDay(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00.000Z`) / dayMs);
}

export function dateOfEpochDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

export function addDays(date: string, days: number): string {
  return dateOfEpochDay(epochDay(date) + days);
}

/** 0 Sunday … 6 Saturday. */
export function weekday(date: string): number {
  return weekdayOf(epochDay(date));
}

export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The day in China on which the instant falls. */
export function localDate(instant: string): string {
  return new Date(Date.parse(instant) + chinaOffsetMs).toISOString().slice(0, 10);
}

/** The moment in China as people read it: `YYYY-MM-DD HH:MM`. */
export function localMinute(instant: string): string {
  return new Date(Date.parse(instant) + chinaOffsetMs).toISOString().slice(0, 16).replace("T", " ");
}

/** Instant of `HH:MM` on a day in China. */
export function instantAt(date: string, time: string): string {
  return new Date(Date.parse(`${date}T${time}:00.000Z`) - chinaOffsetMs).toISOString();
}

/** The last millisecond of a day in China: a limit ends at 24:00 (Civil Code art. 203), still on that day. */
export function endOfDay(date: string): string {
  return new Date((epochDay(date) + 1) * dayMs - chinaOffsetMs - 1).toISOString();
}

export function addMs(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}
