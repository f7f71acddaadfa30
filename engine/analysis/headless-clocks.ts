import {
  momentAt,
  pauseClock,
  restartClock,
  resumeClock,
  startClock,
  stopClock,
  type Clock,
} from "../calendar/clock.ts";
import type { WorkingDayCalendar } from "../calendar/working-days.ts";
import type { EngineEvent } from "../execution/events.ts";
import type { InstanceState } from "../execution/state.ts";
import type { ResolvedLimit } from "../routing/types.ts";
import type { HeadlessClocks } from "./headless-case.ts";

interface Entry {
  readonly token: string;
  readonly limit: ResolvedLimit;
  readonly clock: Clock;
  readonly awaiting: boolean;
}

/** SLA clocks of one case in memory, by the same ledger as the server's rows. */
export class MemoryClocks implements HeadlessClocks {
  readonly #calendarOf: (region: string) => WorkingDayCalendar;
  #entries: Entry[] = [];

  constructor(calendarOf: (region: string) => WorkingDayCalendar) {
    this.#calendarOf = calendarOf;
  }

  follow(events: readonly EngineEvent[], state: InstanceState, now: string): ReadonlyMap<string, string> {
    for (const event of events) this.#apply(event, now);
    return new Map(
      Object.values(state.waits).flatMap((wait): [string, string][] => {
        if (wait.type !== "timer" || !wait.clock) return [];
        const { limit, fraction } = wait.clock;
        const entry = this.#entries.findLast(
          (candidate) => candidate.limit.code === limit && candidate.clock.stoppedAt === null,
        );
        const moment = entry ? momentAt(entry.clock, this.#calendarOf(entry.clock.calendarRegion), fraction) : null;
        return moment === null ? [] : [[wait.id, moment]];
      }),
    );
  }

  #apply(event: EngineEvent, now: string): void {
    switch (event.type) {
      case "limit.started":
        if (event.decision.limit) this.#start(event.token, event.decision.limit, now);
        return;
      case "limit.stopped":
        return this.#change(
          ({ token, limit, clock }) => token === event.token && limit.code === event.limit && clock.stoppedAt === null,
          (entry) =>
            event.how === "completed" && event.outcome === "supplement"
              ? { ...entry, awaiting: true, clock: pauseClock(entry.clock, "supplement", now) }
              : { ...entry, clock: stopClock(entry.clock, event.how === "completed" ? "met" : "stopped", now) },
        );
      case "clocks.paused":
        return this.#change(
          ({ limit }) => limit.excludes.includes(event.reason),
          (entry) => ({ ...entry, clock: pauseClock(entry.clock, event.reason, now) }),
        );
      case "clocks.resumed":
        return this.#change(
          ({ clock, awaiting }) => clock.pauseReason === event.reason && !awaiting,
          (entry) => this.#goOn(entry, event.reason, now),
        );
      default:
        return;
    }
  }

  #start(token: string, limit: ResolvedLimit, now: string): void {
    const resting = this.#entries.findLast((entry) => entry.awaiting && entry.limit.code === limit.code);
    if (resting) {
      this.#change(
        (entry) => entry === resting,
        (entry) => ({ ...this.#goOn(entry, "supplement", now), token, awaiting: false }),
      );
      return;
    }
    this.#entries.push({
      token,
      limit,
      awaiting: false,
      clock: startClock(limit, this.#calendarOf(limit.calendarRegion), now),
    });
  }

  #goOn(entry: Entry, reason: string, now: string): Entry {
    const calendar = this.#calendarOf(entry.clock.calendarRegion);
    const restarts = reason === "supplement" && entry.limit.onSupplement === "restart";
    return {
      ...entry,
      clock: restarts ? restartClock(entry.clock, calendar, now) : resumeClock(entry.clock, calendar, now),
    };
  }

  #change(which: (entry: Entry) => boolean, how: (entry: Entry) => Entry): void {
    this.#entries = this.#entries.map((entry) => (which(entry) ? how(entry) : entry));
  }
}
