import { clockFor, followEvents, type CaseClock } from "../calendar/case-clocks.ts";
import { momentAt } from "../calendar/clock.ts";
import type { WorkingDayCalendar } from "../calendar/working-days.ts";
import type { EngineEvent } from "../execution/events.ts";
import type { InstanceState } from "../execution/state.ts";
import type { HeadlessClocks } from "./headless-case.ts";

/** SLA clocks of one case in memory, by the same rules as the server's rows. */
export class MemoryClocks implements HeadlessClocks {
  readonly #calendarOf: (region: string) => WorkingDayCalendar;
  #clocks: readonly CaseClock[] = [];
  #ids = 0;

  constructor(calendarOf: (region: string) => WorkingDayCalendar) {
    this.#calendarOf = calendarOf;
  }

  /** The clocks as they stand, in the order in which they began. */
  get clocks(): readonly CaseClock[] {
    return this.#clocks;
  }

  follow(events: readonly EngineEvent[], state: InstanceState, now: string): ReadonlyMap<string, string> {
    const nextId = () => `clock-${(this.#ids += 1)}`;
    this.#clocks = followEvents(this.#clocks, events, { now, calendarOf: this.#calendarOf, nextId }, state).clocks;
    return new Map(
      Object.values(state.waits).flatMap((wait): [string, string][] => {
        if (wait.type !== "timer" || !wait.clock) return [];
        const { limit, fraction } = wait.clock;
        const clock = clockFor(this.#clocks, limit, { state, token: wait.token });
        const moment = clock ? momentAt(clock.ledger, this.#calendarOf(clock.ledger.calendarRegion), fraction) : null;
        return moment === null ? [] : [[wait.id, moment]];
      }),
    );
  }
}
