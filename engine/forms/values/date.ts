import { addDays, dateOfEpochDay, epochDay } from "../../calendar/dates.ts";
import { addWorkingDays, isWorkingDay, type WorkingDayCalendar } from "../../calendar/working-days.ts";
import type { FormContext } from "../context.ts";
import type { DateBound, DateField } from "../form.ts";
import { invalid, refuse, type Checked, type Site } from "./checked.ts";

export function checkDate(field: DateField, value: unknown, site: Site): Checked {
  if (typeof value !== "string" || !isDay(value)) return invalid(field, site);
  const earliest = boundDay(field.earliest, site);
  const latest = boundDay(field.latest, site);
  if (earliest !== null && value < earliest)
    return refuse("DATE_TOO_EARLY", field, site, (name) => [
      `${name}不得早于 ${earliest}`,
      `${name} is ${earliest} at the earliest`,
    ]);
  if (latest !== null && value > latest)
    return refuse("DATE_TOO_LATE", field, site, (name) => [
      `${name}不得晚于 ${latest}`,
      `${name} is ${latest} at the latest`,
    ]);
  return { value };
}

/** The day that a bound comes to; `null` where nothing bounds, or what it rests on is not filled in or not known here. */
export function boundDay(
  bound: DateBound | null,
  { values, context }: Pick<Site, "values" | "context">,
): string | null {
  if (bound === null) return null;
  switch (bound.type) {
    case "date":
      return bound.date;
    case "workingDays":
      return context.calendar === null ? null : workingDaysAway(context.calendar, context.today, bound.days);
    case "field":
      return monthsAfter(values[bound.field], bound.months);
    case "longestUse":
      return lastDayOfUse(values[bound.field], context);
  }
}

/** Working days before or after a day; the day itself is not counted (Civil Code art. 201). */
function workingDaysAway(calendar: WorkingDayCalendar, today: string, days: number): string {
  if (days >= 0) return addWorkingDays(calendar, today, days).date;
  let date = today;
  for (let left = -days; left > 0;) {
    date = addDays(date, -1);
    if (isWorkingDay(calendar, date)) left -= 1;
  }
  return date;
}

/** A use of n months that begins on a day ends at the latest on the same day of the n-th month after it. */
function lastDayOfUse(from: unknown, { longestUseMonths }: FormContext): string | null {
  return longestUseMonths === null ? null : monthsAfter(from, longestUseMonths);
}

/** The same day some months later, or the last of that month where it has no such day (Civil Code art. 202). */
function monthsAfter(from: unknown, months: number): string | null {
  if (typeof from !== "string" || !isDay(from)) return null;
  const month = Number(from.slice(0, 4)) * 12 + Number(from.slice(5, 7)) - 1 + months;
  const first = `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}-01`;
  const lastDay = new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate();
  return addDays(first, Math.min(Number(from.slice(8, 10)), lastDay) - 1);
}

function isDay(value: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(epochDay(value)) && dateOfEpochDay(epochDay(value)) === value
  );
}
