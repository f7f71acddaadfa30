import { addDays, epochDay, weekday } from "./dates.ts";

/** How sure a date is: `official` list published; `provisional` weekends and statutory days only; `unknown` no data at all. */
export type Confidence = "official" | "provisional" | "unknown";

export interface CalendarDay {
  readonly date: string;
  readonly kind: "holiday" | "workday";
  readonly name: string;
}

/** One year of one region's calendar as data. A child region's year only adds or changes days of its parents'. */
export interface CalendarYear {
  readonly year: number;
  readonly status: "official" | "provisional";
  readonly days: readonly CalendarDay[];
}

export interface RegionCalendar {
  readonly region: string;
  readonly years: readonly CalendarYear[];
}

/** A calendar as one region sees it, its parents' included. Immutable; look-ups are constant time. */
export interface WorkingDayCalendar {
  readonly region: string;
  readonly days: ReadonlyMap<string, CalendarDay>;
  readonly years: ReadonlyMap<number, "official" | "provisional">;
}

/**
 * Layers the calendars of a region and its parents. `chain` runs from the region up to the country; a nearer day wins, so an
 * autonomous area adds its own holidays (National Holidays Measures art. 4) and inherits the rest.
 */
export function layerCalendars(
  chain: readonly string[],
  calendars: ReadonlyMap<string, RegionCalendar>,
): WorkingDayCalendar {
  const days = new Map<string, CalendarDay>();
  const years = new Map<number, "official" | "provisional">();
  for (const region of [...chain].reverse()) {
    for (const { year, status, days: listed } of calendars.get(region)?.years ?? []) {
      if (!years.has(year)) years.set(year, status);
      for (const day of listed) days.set(day.date, day);
    }
  }
  return { region: chain[0] ?? "000000", days, years };
}

export function isWorkingDay(calendar: WorkingDayCalendar, date: string): boolean {
  const listed = calendar.days.get(date);
  if (listed) return listed.kind === "workday";
  const day = weekday(date);
  return day !== 0 && day !== 6;
}

export function confidenceOf(calendar: WorkingDayCalendar, date: string): Confidence {
  return calendar.years.get(Number(date.slice(0, 4))) ?? "unknown";
}

export interface DueDate {
  readonly date: string;
  readonly confidence: Confidence;
}

const rank: Readonly<Record<Confidence, number>> = { official: 0, provisional: 1, unknown: 2 };

/** More than any limit in law or practice; guards against a mistaken number. */
const mostWorkingDays = 2_000;

/**
 * The day on which a limit of `workingDays` ends that begins with a receipt on `from`. The day of receipt is not counted
 * (Civil Code art. 201); rest days and statutory holidays are not counted and make-up weekend days are (Administrative
 * Licensing Law art. 82). The confidence is the worst of all days looked at.
 */
export function addWorkingDays(calendar: WorkingDayCalendar, from: string, workingDays: number): DueDate {
  if (!Number.isInteger(workingDays) || workingDays < 0 || workingDays > mostWorkingDays) {
    throw new RangeError(`a limit is 0 to ${mostWorkingDays} whole working days, not ${workingDays}`);
  }
  let date = from;
  let confidence = confidenceOf(calendar, from);
  for (let left = workingDays; left > 0;) {
    date = addDays(date, 1);
    const sure = confidenceOf(calendar, date);
    if (rank[sure] > rank[confidence]) confidence = sure;
    if (isWorkingDay(calendar, date)) left -= 1;
  }
  return { date, confidence };
}

/** Working days after `from` up to and including `to`; negative when `to` lies before `from`. */
export function workingDaysBetween(calendar: WorkingDayCalendar, from: string, to: string): number {
  if (epochDay(to) < epochDay(from)) return -workingDaysBetween(calendar, to, from);
  let count = 0;
  for (let date = from; date < to;) {
    date = addDays(date, 1);
    if (isWorkingDay(calendar, date)) count += 1;
  }
  return count;
}
