import { clockAround, clockFor, followEvents, type CaseClock } from "../calendar/case-clocks.ts";
import { breachClock, extendClock, momentAt } from "../calendar/clock.ts";
import type { WorkingDayCalendar } from "../calendar/working-days.ts";
import type { EngineEvent } from "../execution/events.ts";
import type { ClockMoment, InstanceState } from "../execution/state.ts";
import type { HeadlessClocks } from "./headless-case.ts";

/** Where something stands in a case. */
interface Place {
  readonly state: InstanceState;
  readonly token: string;
}

/** SLA clocks of one case in memory, by the same rules as the server's rows. */
export class MemoryClocks implements HeadlessClocks {
  readonly #calendarOf: (region: string) => WorkingDayCalendar;
  #clocks: readonly CaseClock[];
  #ids = 0;

  /** `clocks`: those that a case has already. */
  constructor(calendarOf: (region: string) => WorkingDayCalendar, clocks: readonly CaseClock[] = []) {
    this.#calendarOf = calendarOf;
    this.#clocks = clocks;
  }

  /** The same clocks, which from here on run for themselves. */
  copy(): MemoryClocks {
    const copied = new MemoryClocks(this.#calendarOf, this.#clocks);
    copied.#ids = this.#ids;
    return copied;
  }

  get all(): readonly CaseClock[] {
    return this.#clocks;
  }

  follow(events: readonly EngineEvent[], state: InstanceState, now: string): ReadonlyMap<string, string> {
    this.#follow(events, now, state);
    return new Map(
      Object.values(state.waits).flatMap((wait): [string, string][] => {
        if (wait.type !== "timer" || !wait.clock) return [];
        const moment = this.momentOf(wait.clock, () => ({ state, token: wait.token }));
        return moment === null ? [] : [[wait.id, moment]];
      }),
    );
  }

  /** Takes what happened at `now`, in a case that keeps its version. Gives whether a clock changed, and with it due moments. */
  take(events: readonly EngineEvent[], now: string): boolean {
    const before = this.#clocks;
    this.breachOverdue(now);
    if (events.some(({ type }) => followed.has(type))) this.#follow(events, now, null);
    return this.#clocks !== before;
  }

  /** Instant of a moment on the clock of its limit that is open at the place; `null` where there is none or it rests. */
  momentOf({ limit, fraction }: ClockMoment, place: () => Place): string | null {
    const [only, another] = this.#clocks.filter(
      ({ resolved, ledger }) => resolved.code === limit && ledger.stoppedAt === null,
    );
    const clock = another ? clockFor(this.#clocks, limit, place()) : only;
    return clock ? momentAt(clock.ledger, this.#calendarOf(clock.ledger.calendarRegion), fraction) : null;
  }

  /** Marks every running clock whose due moment has come. */
  breachOverdue(now: string): void {
    this.#change(
      ({ ledger }) => ledger.state === "running" && ledger.dueAt !== null && ledger.dueAt <= now,
      (clock) => ({ ...clock, ledger: breachClock(clock.ledger) }),
    );
  }

  /** Extends the clock that the place stands under; without one it does nothing. Throws `ClockError` where the rules refuse it. */
  extend(by: number, { state, token }: Place): void {
    const extended = clockAround(this.#clocks, state, token);
    if (!extended) return;
    const calendar = this.#calendarOf(extended.ledger.calendarRegion);
    const ledger = extendClock(extended.ledger, by, extended.resolved.extension, calendar);
    this.#change(
      (clock) => clock === extended,
      (clock) => ({ ...clock, ledger }),
    );
  }

  #follow(events: readonly EngineEvent[], now: string, state: InstanceState | null): void {
    const nextId = () => `clock-${(this.#ids += 1)}`;
    this.#clocks = followEvents(this.#clocks, events, { now, calendarOf: this.#calendarOf, nextId }, state).clocks;
  }

  #change(which: (clock: CaseClock) => boolean, how: (clock: CaseClock) => CaseClock): void {
    if (this.#clocks.some(which)) this.#clocks = this.#clocks.map((clock) => (which(clock) ? how(clock) : clock));
  }
}

/** Events that clocks follow; steps without any leave them as they are. */
const followed: ReadonlySet<EngineEvent["type"]> = new Set([
  "process.started",
  "process.completed",
  "process.terminated",
  "process.cancelled",
  "process.suspended",
  "process.resumed",
  "process.migrated",
  "limit.started",
  "limit.stopped",
  "clocks.paused",
  "clocks.resumed",
]);
