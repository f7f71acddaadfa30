import type { WorkingDayCalendar } from "./working-days.ts";

/**
 * The emergency calendar: every day and hour counts (Civil Code art. 201: a period in hours runs from the moment). Limits in
 * hours run on it, with their reminders and supervision.
 */
export const roundTheClock: WorkingDayCalendar = {
  region: "24x7",
  days: new Map(),
  years: null,
  weeklyRest: [],
  hours: [["00:00", "24:00"]],
  cutoff: "24:00",
};
