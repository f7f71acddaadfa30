import { dateOfEpochDay, endOfDay, epochDay, instantAt, weekdayOf } from "./dates.ts";

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

/** Opening and closing time of day, `HH:MM`; a day may open several times. */
export type OfficeHours = readonly (readonly [opens: string, closes: string])[];

export interface RegionCalendar {
  readonly region: string;
  readonly years: readonly CalendarYear[];
  /** Office hours of a working day; left out where the region takes those of the region above. */
  readonly hours?: OfficeHours | undefined;
  /** Time of day at which the last day of a limit ends, `HH:MM`; left out where the region above tells it. */
  readonly cutoff?: string | undefined;
}

/** A calendar as one region sees it, its parents' included. Immutable; look-ups are constant time. */
export interface WorkingDayCalendar {
  readonly region: string;
  readonly days: ReadonlyMap<string, CalendarDay>;
  /** `null` for a calendar that needs no lists. */
  readonly years: ReadonlyMap<number, "official" | "provisional"> | null;
  /** Weekdays of rest, 0 Sunday … 6 Saturday. */
  readonly weeklyRest: readonly number[];
  readonly hours: OfficeHours;
  /** `24:00`, or when business stops (Civil Code art. 203). */
  readonly cutoff: string;
}

/** Office hours where no region sets its own: a preset, no national text sets them. */
export const presetOfficeHours: OfficeHours = [
  ["09:00", "12:00"],
  ["13:30", "17:30"],
];

/** A limit ends at 24:00 of its last day unless the region's calendar says that it ends with business (Civil Code art. 203). */
const endOfTheDay = "24:00";

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
  const nearest = chain.map((region) => calendars.get(region));
  return {
    region: chain[0] ?? "000000",
    days,
    years,
    weeklyRest: [0, 6],
    hours: nearest.find((calendar) => calendar?.hours)?.hours ?? presetOfficeHours,
    cutoff: nearest.find((calendar) => calendar?.cutoff)?.cutoff ?? endOfTheDay,
  };
}

/** The instant at which a day of this calendar ends for a limit: its cutoff; 24:00 is the day's last millisecond. */
export function endOfLimitDay(calendar: WorkingDayCalendar, date: string): string {
  return calendar.cutoff === endOfTheDay ? endOfDay(date) : instantAt(date, calendar.cutoff);
}

/** 09:00 where nothing else is set: when people are reminded of something on that day. */
export function openingOf(calendar: WorkingDayCalendar, date: string): string {
  return instantAt(date, calendar.hours[0]?.[0] ?? "09:00");
}

export function isWorkingDay(calendar: WorkingDayCalendar, date: string): boolean {
  return worksOn(calendar, date, epochDay(date));
}

/** The same with the day's number at hand: long walks over a calendar are many. */
function worksOn(calendar: WorkingDayCalendar, date: string, day: number): boolean {
  const listed = calendar.days.get(date);
  if (listed) return listed.kind === "workday";
  return !calendar.weeklyRest.includes(weekdayOf(day));
}

/** The working day nearest to `date`, itself included: forwards (1) or backwards (-1). */
export function workingDayFrom(calendar: WorkingDayCalendar, date: string, direction: 1 | -1): string {
  const first = epochDay(date);
  for (let days = 0; days < mostRestDays; days += 1) {
    const day = first + days * direction;
    if (worksOn(calendar, dateOfEpochDay(day), day)) return dateOfEpochDay(day);
  }
  throw new RangeError(`no working day within ${mostRestDays} days of ${date}`);
}

export function confidenceOf(calendar: WorkingDayCalendar, date: string): Confidence {
  if (calendar.years === null) return "official";
  return calendar.years.get(Number(date.slice(0, 4))) ?? "unknown";
}

export interface DueDate {
  readonly date: string;
  readonly confidence: Confidence;
}

const rank: Readonly<Record<Confidence, number>> = { official: 0, provisional: 1, unknown: 2 };

/** A date is no surer than the least sure day that was looked at on the way to it. */
export function lessSure(a: Confidence, b: Confidence): Confidence {
  return rank[b] > rank[a] ? b : a;
}

/** More than any limit in law or practice; guards against a mistaken number. */
const mostWorkingDays = 2_000;

/** No holidays are as long; guards against a calendar without working days. */
const mostRestDays = 400;

/**
 * The day on which a limit of `workingDays` ends that begins with a receipt on `from`. The day of receipt is not counted
 * (Civil Code art. 201); rest days and statutory holidays are not counted and make-up weekend days are (Administrative
 * Licensing Law art. 82). The confidence is the worst of all days looked at.
 */
export function addWorkingDays(calendar: WorkingDayCalendar, from: string, workingDays: number): DueDate {
  if (!Number.isInteger(workingDays) || workingDays < 0 || workingDays > mostWorkingDays) {
    throw new RangeError(`a limit is 0 to ${mostWorkingDays} whole working days, not ${workingDays}`);
  }
  const known = remembered.get(calendar) ?? new Map<string, DueDate>();
  remembered.set(calendar, known);
  const key = `${from} ${workingDays}`;
  const due = known.get(key) ?? countOn(calendar, from, workingDays);
  if (known.size >= mostRemembered) known.clear();
  known.set(key, due);
  return due;
}

/** Due days that were counted before, as a simulation asks for the same ones again and again. */
const remembered = new WeakMap<WorkingDayCalendar, Map<string, DueDate>>();
const mostRemembered = 20_000;

function countOn(calendar: WorkingDayCalendar, from: string, workingDays: number): DueDate {
  let date = from;
  let day = epochDay(from);
  let confidence = confidenceOf(calendar, from);
  for (let left = workingDays; left > 0;) {
    day += 1;
    date = dateOfEpochDay(day);
    confidence = lessSure(confidence, confidenceOf(calendar, date));
    if (worksOn(calendar, date, day)) left -= 1;
  }
  return { date, confidence };
}

/** Working days after `from` up to and including `to`; negative when `to` lies before `from`. */
export function workingDaysBetween(calendar: WorkingDayCalendar, from: string, to: string): number {
  const last = epochDay(to);
  if (last < epochDay(from)) return -workingDaysBetween(calendar, to, from);
  let count = 0;
  for (let day = epochDay(from) + 1; day <= last; day += 1) if (worksOn(calendar, dateOfEpochDay(day), day)) count += 1;
  return count;
}
