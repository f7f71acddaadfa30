import type { EngineEvent } from "../execution/events.ts";
import type { InstanceState } from "../execution/state.ts";
import type { Level, ResolvedLimit, RouteDecision } from "../routing/types.ts";
import {
  adoptLimit,
  breachClock,
  pauseClock,
  reopenClock,
  restartClock,
  resumeClock,
  startClock,
  stopClock,
  type Clock,
} from "./clock.ts";
import type { WorkingDayCalendar } from "./working-days.ts";

/** Stands for the process itself where a clock runs end to end. */
export const processToken = "process";

/** A reason for which a clock rests, and who brought it: a token, or the case itself. */
export interface Pause {
  readonly reason: string;
  readonly by: string;
}

/**
 * One SLA clock of a case. It belongs to a limit, a step and the organisation that owes it, never to a token: a step that is
 * left and entered again goes on with the same clock, and signers who are added work under the one that runs.
 */
export interface CaseClock {
  readonly id: string;
  readonly element: string;
  readonly organisation: { readonly id: string; readonly region: string; readonly level: Level };
  /** Tokens that are at work under this limit. */
  readonly tokens: readonly string[];
  /** Its step was left for a supplement, and the clock waits for it to be entered again. */
  readonly awaiting: boolean;
  readonly pauses: readonly Pause[];
  /** How often the step was entered anew; 1 at first. */
  readonly entries: number;
  readonly ledger: Clock;
  readonly resolved: ResolvedLimit;
}

/** `clock.kept` changes who works under the clock, and nothing that is told. */
export type ClockChangeType =
  | "clock.started"
  | "clock.kept"
  | "clock.paused"
  | "clock.resumed"
  | "clock.restarted"
  | "clock.reopened"
  | "clock.breached"
  | "clock.stopped";

export interface ClockChange {
  readonly type: ClockChangeType;
  readonly clock: CaseClock;
  /** Due moment before the change. */
  readonly dueBefore: string | null;
  readonly reason: string | null;
}

export interface ClockSetting {
  readonly now: string;
  readonly calendarOf: (region: string) => WorkingDayCalendar;
  readonly nextId: () => string;
}

export interface FollowedClocks {
  readonly clocks: readonly CaseClock[];
  readonly changes: readonly ClockChange[];
}

/**
 * Lets the clocks of a case follow what the engine tells, in order. Pure; the engine never asks them anything. With the state
 * after the events, a clock whose tokens are all gone stops, as where another version of the process limits the step no more.
 */
export function followEvents(
  clocks: readonly CaseClock[],
  events: readonly EngineEvent[],
  setting: ClockSetting,
  state: InstanceState | null = null,
): FollowedClocks {
  const followed = new Following(clocks, setting);
  for (const event of events) followed.follow(event);
  if (state) followed.letGo(state);
  return { clocks: followed.clocks, changes: followed.changes };
}

/** The clock that a timer of a limit follows: that of the token it hangs on or of what encloses it, else the latest that is open. */
export function clockFor(
  clocks: readonly CaseClock[],
  limit: string,
  at: { readonly state: InstanceState; readonly token: string } | null,
): CaseClock | null {
  const open = clocks.filter(({ resolved, ledger }) => resolved.code === limit && ledger.stoppedAt === null);
  return (at ? clockAround(open, at.state, at.token) : null) ?? open.at(-1) ?? null;
}

/** The clock that a wait is measured by: its own activity's, else that of what encloses it. */
export function clockAround(clocks: readonly CaseClock[], state: InstanceState, token: string): CaseClock | null {
  for (let current: string | null = token; current !== null;) {
    const at: string = current;
    const found = clocks.findLast(({ tokens, ledger }) => tokens.includes(at) && ledger.stoppedAt === null);
    if (found) return found;
    current = state.scopes[state.tokens[at]?.scope ?? ""]?.host ?? null;
  }
  return null;
}

/** A resting clock after its reason has ended: where the rule pack says so of a supplement, it begins anew. */
export function goneOn(
  { ledger, resolved }: Pick<CaseClock, "ledger" | "resolved">,
  reason: string,
  calendar: WorkingDayCalendar,
  now: string,
): { readonly type: "clock.resumed" | "clock.restarted"; readonly ledger: Clock } {
  return restartsAfter(reason, resolved)
    ? { type: "clock.restarted", ledger: restartClock(ledger, calendar, now) }
    : { type: "clock.resumed", ledger: resumeClock(ledger, calendar, now) };
}

function restartsAfter(reason: string, resolved: ResolvedLimit): boolean {
  return reason === "supplement" && resolved.onSupplement === "restart";
}

class Following {
  readonly changes: ClockChange[] = [];
  readonly #setting: ClockSetting;
  clocks: CaseClock[];

  constructor(clocks: readonly CaseClock[], setting: ClockSetting) {
    this.clocks = [...clocks];
    this.#setting = setting;
  }

  follow(event: EngineEvent): void {
    switch (event.type) {
      case "process.started":
        if (event.decision?.limit) this.#enter(processToken, event.element, event.decision, event.decision.limit);
        return;
      case "limit.started":
        if (event.decision.limit) this.#enter(event.token, event.element, event.decision, event.decision.limit);
        return;
      case "limit.stopped":
        return this.#leave(event);
      case "clocks.paused":
        return this.#pause({ reason: event.reason, by: event.token });
      case "clocks.resumed":
        return this.#resume({ reason: event.reason, by: event.token });
      case "process.suspended":
        return this.#pause({ reason: event.cause ?? "suspended", by: processToken });
      case "process.resumed":
        return this.#goOnAfterSuspension();
      case "tokens.moved":
        if (event.supplement) this.#awaitLeft();
        return;
      case "process.migrated":
        return this.#rename(event.elements);
      case "process.completed":
        return this.#closeAll("met");
      case "process.terminated":
      case "process.cancelled":
        return this.#closeAll("stopped");
      default:
        return;
    }
  }

  #enter(token: string, element: string, decision: RouteDecision, limit: ResolvedLimit): void {
    const known = this.clocks.find(
      (clock) =>
        clock.resolved.code === limit.code &&
        clock.element === element &&
        clock.organisation.id === decision.organisation.id,
    );
    if (known?.tokens.includes(token)) return;
    this.#letGoOf(token);
    if (!known) return this.#start(token, element, decision, limit);
    const tokens = [...known.tokens, token];
    if (known.awaiting) return this.#enterAgain({ ...known, tokens, awaiting: false }, "supplement");
    if (known.ledger.stoppedAt === null) return this.#change("clock.kept", known, { ...known, tokens });
    const calendar = this.#calendar(known);
    const resolved = { ...limit, calendarRegion: known.ledger.calendarRegion };
    this.#enterAgain({ ...known, tokens, resolved, ledger: adoptLimit(known.ledger, limit, calendar) }, "return");
  }

  #start(token: string, element: string, { organisation }: RouteDecision, limit: ResolvedLimit): void {
    const { now, nextId } = this.#setting;
    const clock: CaseClock = {
      id: nextId(),
      element,
      organisation: { id: organisation.id, region: organisation.region, level: organisation.level },
      tokens: [token],
      awaiting: false,
      pauses: [],
      entries: 1,
      ledger: startClock(limit, this.#setting.calendarOf(limit.calendarRegion), now),
      resolved: limit,
    };
    this.clocks.push(clock);
    this.changes.push({ type: "clock.started", clock, dueBefore: null, reason: null });
    this.#inheritPauses(clock);
  }

  /**
   * A step that is entered while the case rests for a reason that its limit does not count rests as well. What one clock alone
   * waits for, its own supplement, is none of them: nothing would tell the others that it came.
   */
  #inheritPauses(clock: CaseClock): void {
    const open = this.clocks.filter(({ ledger }) => ledger.stoppedAt === null);
    const pauses = open.flatMap((resting) => resting.pauses.filter(({ by }) => by !== resting.id));
    for (const pause of pauses) this.#rest(this.#current(clock), pause);
  }

  /** After a supplement, or after the step had been left: the rule pack says whether the limit goes on or begins anew. */
  #enterAgain(entered: CaseClock, why: "supplement" | "return"): void {
    const known = this.#current(entered);
    const pauses = entered.pauses.filter(({ by }) => by !== entered.id);
    const clock = { ...entered, entries: entered.entries + 1, pauses };
    const rule = why === "supplement" ? clock.resolved.onSupplement : clock.resolved.onReturn;
    if (rule === "none" && (why === "return" || clock.ledger.stoppedAt === null))
      return this.#change("clock.kept", known, clock);
    const { now } = this.#setting;
    const calendar = this.#calendar(clock);
    const goesOn = clock.ledger.stoppedAt === null ? resumeClock : reopenClock;
    const [type, ledger] =
      rule === "restart"
        ? (["clock.restarted", restartClock(clock.ledger, calendar, now)] as const)
        : ([why === "return" ? "clock.reopened" : "clock.resumed", goesOn(clock.ledger, calendar, now)] as const);
    this.#change(type, known, { ...clock, pauses: [], ledger }, why);
    for (const pause of pauses) this.#rest(this.#current(clock), pause);
    this.#inheritPauses(this.#current(clock));
  }

  #leave(event: Extract<EngineEvent, { type: "limit.stopped" }>): void {
    const clock =
      this.clocks.findLast(({ tokens, resolved }) => tokens.includes(event.token) && resolved.code === event.limit) ??
      this.clocks.findLast(({ tokens, element }) => tokens.includes(event.token) && element === event.element);
    if (!clock) return;
    const tokens = clock.tokens.filter((token) => token !== event.token);
    const left = { ...clock, tokens };
    if (tokens.length > 0) return this.#change("clock.kept", clock, left);
    if (event.how === "completed" && event.outcome === "supplement") return this.#await(clock, left);
    const ledger = stopClock(clock.ledger, event.how === "completed" ? "met" : "stopped", this.#setting.now);
    this.#change("clock.stopped", clock, { ...left, pauses: [], ledger });
  }

  /** Stops the clocks of tokens that the case has no more. */
  letGo(state: InstanceState): void {
    for (const { tokens } of this.clocks)
      for (const token of tokens) if (token !== processToken && !state.tokens[token]) this.#letGoOf(token);
  }

  #letGoOf(token: string): void {
    for (const clock of this.clocks.filter(({ tokens }) => tokens.includes(token))) {
      const tokens = clock.tokens.filter((candidate) => candidate !== token);
      if (tokens.length > 0) this.#change("clock.kept", clock, { ...clock, tokens });
      else
        this.#change("clock.stopped", clock, {
          ...clock,
          tokens,
          pauses: [],
          ledger: stopClock(clock.ledger, "stopped", this.#setting.now),
        });
    }
  }

  /** The case is with the applicant; the step will be entered again. Where the rule says so, the limit runs on meanwhile. */
  #await(clock: CaseClock, left: CaseClock): void {
    const waiting = { ...left, awaiting: true };
    this.#change("clock.kept", clock, waiting);
    if (clock.resolved.onSupplement !== "none") this.#rest(waiting, { reason: "supplement", by: clock.id });
  }

  /** The steps that a return for a supplement has just left are entered again by the rule for supplements. */
  #awaitLeft(): void {
    const left = this.clocks.filter(({ ledger }) => ledger.stoppedAt === this.#setting.now && ledger.state !== "met");
    for (const clock of left) this.#change("clock.kept", clock, { ...clock, awaiting: true });
  }

  #goOnAfterSuspension(): void {
    const reasons = this.clocks.flatMap(({ pauses }) => pauses).filter(({ by }) => by === processToken);
    for (const reason of new Set(reasons.map((pause) => pause.reason))) this.#resume({ reason, by: processToken });
  }

  #pause(pause: Pause): void {
    for (const clock of this.clocks) this.#rest(clock, pause);
  }

  /** Every reason is kept, so that the clock goes on only when the last of them has ended. */
  #rest(clock: CaseClock, pause: Pause): void {
    const { ledger, pauses, resolved } = clock;
    if (ledger.stoppedAt !== null) return;
    if (pause.by !== clock.id && !resolved.excludes.includes(pause.reason)) return;
    if (pauses.some(({ reason, by }) => reason === pause.reason && by === pause.by)) return;
    const current = this.#breachIfOverdue(clock);
    const resting = { ...current, pauses: [...pauses, pause] };
    if (current.ledger.state !== "running") return this.#change("clock.kept", current, resting);
    this.#change(
      "clock.paused",
      current,
      { ...resting, ledger: pauseClock(current.ledger, pause.reason, this.#setting.now) },
      pause.reason,
    );
  }

  #resume({ reason, by }: Pause): void {
    const resting = this.clocks.filter(({ pauses }) =>
      pauses.some((pause) => pause.reason === reason && pause.by === by),
    );
    for (const clock of resting) {
      const pauses = clock.pauses.filter((pause) => pause.reason !== reason || pause.by !== by);
      const [next] = pauses;
      if (clock.ledger.state !== "paused") this.#change("clock.kept", clock, { ...clock, pauses });
      else if (next === undefined) this.#goOn({ ...clock, pauses }, reason);
      else if (restartsAfter(reason, clock.resolved)) this.#goOnAndRest({ ...clock, pauses }, reason);
      else
        this.#change("clock.kept", clock, { ...clock, pauses, ledger: { ...clock.ledger, pauseReason: next.reason } });
    }
  }

  /** What a supplement began anew still rests for the reasons that last. */
  #goOnAndRest(clock: CaseClock, reason: string): void {
    this.#goOn({ ...clock, pauses: [] }, reason);
    for (const pause of clock.pauses) this.#rest(this.#current(clock), pause);
  }

  #goOn(clock: CaseClock, reason: string): void {
    const { type, ledger } = goneOn(clock, reason, this.#calendar(clock), this.#setting.now);
    this.#change(type, this.#current(clock), { ...clock, ledger }, reason);
  }

  /** A limit that ran out before it could rest has been broken, whoever notices first. */
  #breachIfOverdue(clock: CaseClock): CaseClock {
    const { ledger } = clock;
    if (ledger.state !== "running" || ledger.dueAt === null || ledger.dueAt >= this.#setting.now) return clock;
    const breached = { ...clock, ledger: breachClock(ledger) };
    this.#change("clock.breached", clock, breached);
    return breached;
  }

  #rename(elements: Readonly<Record<string, string>>): void {
    for (const clock of this.clocks) {
      const element = Object.hasOwn(elements, clock.element) ? elements[clock.element] : undefined;
      if (element !== undefined) this.#change("clock.kept", clock, { ...clock, element });
    }
  }

  #closeAll(how: "met" | "stopped"): void {
    for (const clock of this.clocks.filter(({ ledger }) => ledger.stoppedAt === null))
      this.#change("clock.stopped", clock, {
        ...clock,
        tokens: clock.tokens.filter((token) => token === processToken),
        awaiting: false,
        pauses: [],
        ledger: stopClock(clock.ledger, how, this.#setting.now),
      });
  }

  #current(clock: CaseClock): CaseClock {
    return this.clocks.find(({ id }) => id === clock.id) ?? clock;
  }

  #calendar(clock: CaseClock): WorkingDayCalendar {
    return this.#setting.calendarOf(clock.ledger.calendarRegion);
  }

  #change(type: ClockChangeType, before: CaseClock, clock: CaseClock, reason: string | null = null): void {
    this.clocks = this.clocks.map((candidate) => (candidate.id === clock.id ? clock : candidate));
    this.changes.push({ type, clock, dueBefore: before.ledger.dueAt, reason });
  }
}
