import { followEvents, type CaseClock, type ClockChange } from "../../engine/calendar/case-clocks.ts";
import { instantAt, localDate } from "../../engine/calendar/dates.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { ResolvedLimit, RouteDecision } from "../../engine/routing/types.ts";
import { nationalCalendar as calendar } from "./calendar.ts";
import { resolvedLimit } from "./resolved-limit.ts";

/** Ten in the morning of the day, in China. */
export const at = (date: string) => instantAt(date, "10:00");

/** Five working days; a case that rests for a supplement or a dispute does not use them. */
export const limit = resolvedLimit({ excludes: ["supplement", "dispute", "suspended"] });

/** A route that performs the step under the limit, with what is changed of it. */
export function decisionOf(changed: Partial<ResolvedLimit> = {}, organisation = "o"): RouteDecision {
  const sentence = { zh: "", en: "" };
  return {
    perform: true,
    role: "r",
    organisation: { id: organisation, name: { zh: "局", en: "Bureau" }, level: "county", region: "520102" },
    limit: { ...limit, ...changed },
    approval: null,
    forbids: [],
    fourEyes: [],
    explanation: { step: "s", jurisdiction: "520102", layersAsked: [], rows: [], bounds: [], basis: [], sentence },
  };
}

/** The clocks of one case, told what happens day by day; Monday is 2 November 2026. */
export class Case {
  clocks: readonly CaseClock[] = [];
  changes: readonly ClockChange[] = [];
  #ids = 0;

  tell(date: string, body: Record<string, unknown>, state: InstanceState | null = null): this {
    const event = { seq: 0, at: at(date), element: "s", ...body } as unknown as EngineEvent;
    const nextId = () => `c${(this.#ids += 1)}`;
    const followed = followEvents(this.clocks, [event], { now: at(date), calendarOf: () => calendar, nextId }, state);
    this.clocks = followed.clocks;
    this.changes = followed.changes;
    return this;
  }

  enter(date: string, token = "t1", changed: Partial<ResolvedLimit> = {}, more: Record<string, unknown> = {}): this {
    const decision = decisionOf(changed);
    return this.tell(date, { type: "limit.started", token, limit: decision.limit?.code, decision, ...more });
  }

  leave(date: string, outcome: string | null = "agree", token = "t1", how = "completed"): this {
    return this.tell(date, { type: "limit.stopped", token, limit: limit.code, how, outcome });
  }

  pause(date: string, reason: string, token = "p"): this {
    return this.tell(date, { type: "clocks.paused", token, reason });
  }

  resume(date: string, reason: string, token = "p"): this {
    return this.tell(date, { type: "clocks.resumed", token, reason });
  }

  get clock(): CaseClock {
    const [first] = this.clocks;
    if (!first) throw new Error("the case has no clock");
    return first;
  }

  get due(): string | null {
    return this.clock.ledger.dueAt && localDate(this.clock.ledger.dueAt);
  }

  get told(): string[] {
    return this.changes.map(({ type, reason }) => (reason === null ? type : `${type} ${reason}`));
  }
}
