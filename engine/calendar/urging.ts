import { momentAt, type Clock } from "./clock.ts";
import { localDate } from "./dates.ts";
import { addWorkingDays, openingOf, type WorkingDayCalendar } from "./working-days.ts";

export interface UrgingBounds {
  readonly everyWorkingDays: number;
  /** Between 0 and 1. */
  readonly afterShareOfLimit: number;
}

/** The instant from which so much of a limit has passed that the applicant may urge; `null` while the clock stands still. */
export function urgeableFrom(clock: Clock, bounds: UrgingBounds, calendar: WorkingDayCalendar): string | null {
  return momentAt(clock, calendar, bounds.afterShareOfLimit);
}

/** The instant from which the applicant may urge again: when offices open on the working day that the bounds name. */
export function urgeableAgainFrom(lastUrgedAt: string, bounds: UrgingBounds, calendar: WorkingDayCalendar): string {
  return openingOf(calendar, addWorkingDays(calendar, localDate(lastUrgedAt), bounds.everyWorkingDays).date);
}
