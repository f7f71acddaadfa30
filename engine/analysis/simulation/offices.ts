import type { WorkingDayCalendar } from "../../calendar/working-days.ts";
import { OfficeTime } from "./office-time.ts";

/** Office time by region. */
export class Offices {
  readonly #calendarOf: (region: string) => WorkingDayCalendar;
  readonly #from: number;
  readonly #known = new Map<string, OfficeTime>();

  constructor(calendarOf: (region: string) => WorkingDayCalendar, from: number) {
    this.#calendarOf = calendarOf;
    this.#from = from;
  }

  of(region: string): OfficeTime {
    const known = this.#known.get(region);
    if (known) return known;
    const office = new OfficeTime(this.#calendarOf(region), this.#from);
    this.#known.set(region, office);
    return office;
  }
}
