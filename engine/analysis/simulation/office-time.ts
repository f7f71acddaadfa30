import { dateOfEpochDay } from "../../calendar/dates.ts";
import { isWorkingDay, type WorkingDayCalendar } from "../../calendar/working-days.ts";

const dayMs = 86_400_000;
const chinaOffsetMs = 8 * 3_600_000;
/** Days that are worked out at a time. */
const chunk = 512;

interface Opening {
  readonly opens: number;
  readonly closes: number;
}

/**
 * Office time of one calendar as a number line, from the first day on: what `working-hours.ts` counts day by day is looked up
 * here, as a simulation asks a million times. Moments are milliseconds since 1970.
 */
export class OfficeTime {
  readonly #calendar: WorkingDayCalendar;
  readonly #firstDay: number;
  readonly #openings: readonly Opening[];
  /** Office time of one working day in milliseconds. */
  readonly dayMs: number;
  /** Working days before each day. */
  readonly #workingDaysBefore: number[] = [0];

  constructor(calendar: WorkingDayCalendar, from: number) {
    this.#calendar = calendar;
    this.#firstDay = dayOf(from);
    this.#openings = calendar.hours.map(([opens, closes]) => ({ opens: msOfDay(opens), closes: msOfDay(closes) }));
    this.dayMs = this.#openings.reduce((sum, { opens, closes }) => sum + closes - opens, 0);
  }

  /** Office time since the first day, in milliseconds. */
  elapsed(at: number): number {
    const day = dayOf(at);
    const before = this.#workingDays(day) * this.dayMs;
    return this.#isOpen(day) ? before + this.#elapsedOfDay(at - startOf(day)) : before;
  }

  /** The moment at which `work` milliseconds of office time have passed since `at`. */
  add(at: number, work: number): number {
    if (work <= 0) return at;
    const target = this.elapsed(at) + work;
    const days = Math.ceil(target / this.dayMs) - 1;
    return this.#momentOnDay(this.#nthWorkingDay(days), target - days * this.dayMs);
  }

  /** `at`, or the next moment at which the office opens. */
  nextOpen(at: number): number {
    for (let day = dayOf(at); ; day += 1) {
      if (!this.#isOpen(day)) continue;
      const open = this.#openings.find(({ closes }) => at < startOf(day) + closes);
      if (open) return Math.max(at, startOf(day) + open.opens);
    }
  }

  /** Working days after the day of `from` up to and including that of `to`, as a limit counts them. */
  workingDaysBetween(from: number, to: number): number {
    return this.#workingDays(dayOf(to) + 1) - this.#workingDays(dayOf(from) + 1);
  }

  #momentOnDay(day: number, work: number): number {
    let left = work;
    for (const { opens, closes } of this.#openings) {
      if (left <= closes - opens) return startOf(day) + opens + left;
      left -= closes - opens;
    }
    throw new RangeError(`${work} ms is more than one day of office time`);
  }

  #elapsedOfDay(ms: number): number {
    let elapsed = 0;
    for (const { opens, closes } of this.#openings) elapsed += Math.min(Math.max(0, ms - opens), closes - opens);
    return elapsed;
  }

  #isOpen(day: number): boolean {
    return this.#workingDays(day + 1) > this.#workingDays(day);
  }

  /** Working days before `day`. */
  #workingDays(day: number): number {
    const index = Math.max(0, day - this.#firstDay);
    this.#extendTo(index);
    return this.#workingDaysBefore[index] ?? 0;
  }

  /** The working day with number `nth`, counted from 0. */
  #nthWorkingDay(nth: number): number {
    while ((this.#workingDaysBefore.at(-1) ?? 0) <= nth) this.#extendTo(this.#workingDaysBefore.length + chunk);
    let low = 0;
    let high = this.#workingDaysBefore.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#workingDaysBefore[middle] ?? 0) > nth) high = middle;
      else low = middle;
    }
    return this.#firstDay + low;
  }

  #extendTo(index: number): void {
    if (index < this.#workingDaysBefore.length) return;
    for (let next = this.#workingDaysBefore.length; next <= index + chunk; next += 1) {
      const date = dateOfEpochDay(this.#firstDay + next - 1);
      this.#workingDaysBefore.push(
        (this.#workingDaysBefore.at(-1) ?? 0) + (isWorkingDay(this.#calendar, date) ? 1 : 0),
      );
    }
  }
}

/** Days since 1970 in China, at fixed +08:00. */
function dayOf(at: number): number {
  return Math.floor((at + chinaOffsetMs) / dayMs);
}

function startOf(day: number): number {
  return day * dayMs - chinaOffsetMs;
}

function msOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * 60_000;
}
