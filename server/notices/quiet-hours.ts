import { addDays, instantAt, localDate } from "../../engine/calendar/dates.ts";
import { isWorkingDay, type WorkingDayCalendar } from "../../engine/calendar/working-days.ts";

/** When somebody wants to be left alone, by the clock in China (+08:00). */
export interface QuietHours {
  /** `HH:MM`; `null` with `to` for none. `from` after `to` goes over midnight. */
  readonly from: string | null;
  readonly to: string | null;
  /** Weekends and holidays are quiet all day; make-up working days are not. */
  readonly onRestDays: boolean;
}

/** No run of rest days is longer; a calendar that says otherwise must not hang a notice up for ever. */
const mostDays = 60;

/** `instant` when it is not quiet then, else the first moment at which it is not. */
export function nextLoudMoment(calendar: WorkingDayCalendar, quiet: QuietHours, instant: string): string {
  let moment = instant;
  for (let looks = 0; looks < mostDays; looks += 1) {
    const next = afterRestDay(calendar, quiet, afterNight(quiet, moment));
    if (next === moment) return moment;
    moment = next;
  }
  return moment;
}

/** The next `time` of day that is not quiet: after `instant`, and on a working day where rest days are quiet. */
export function nextDigestMoment(
  calendar: WorkingDayCalendar,
  { time, onRestDays }: { readonly time: string; readonly onRestDays: boolean },
  instant: string,
): string {
  const today = localDate(instant);
  const first = instantAt(today, time) > instant ? today : addDays(today, 1);
  return instantAt(onRestDays ? workingDayFrom(calendar, first) : first, time);
}

function workingDayFrom(calendar: WorkingDayCalendar, date: string): string {
  for (let looks = 0, day = date; looks < mostDays; looks += 1, day = addDays(day, 1))
    if (isWorkingDay(calendar, day)) return day;
  return date;
}

function afterNight({ from, to }: QuietHours, instant: string): string {
  if (from === null || to === null || from === to) return instant;
  const date = localDate(instant);
  const [begins, ends] = [instantAt(date, from), instantAt(date, to)];
  if (from < to) return instant >= begins && instant < ends ? ends : instant;
  if (instant < ends) return ends;
  return instant >= begins ? instantAt(addDays(date, 1), to) : instant;
}

function afterRestDay(calendar: WorkingDayCalendar, { onRestDays }: QuietHours, instant: string): string {
  const date = localDate(instant);
  return onRestDays && !isWorkingDay(calendar, date) ? instantAt(addDays(date, 1), "00:00") : instant;
}
