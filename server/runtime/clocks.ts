import {
  breachClock,
  extendClock,
  momentAt,
  pauseClock,
  restartClock,
  resumeClock,
  startClock,
  stopClock,
  type Clock,
} from "../../engine/calendar/clock.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { ResolvedLimit, RouteDecision } from "../../engine/routing/types.ts";
import { newId } from "../store/ids.ts";
import { integer, json, optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import type { JournalLine } from "./journal.ts";
import { systemActor } from "./actor.ts";
import type { Rules } from "./rules.ts";

/** An SLA clock as a row: the ledger, what it was resolved from, and where it stands in the case. */
export interface ClockRow {
  readonly id: string;
  readonly limitCode: string;
  readonly token: string;
  readonly organisationId: string;
  readonly region: string;
  /** Its activity was left for a supplement; the next start of the same limit goes on with this clock. */
  readonly awaiting: boolean;
  readonly ledger: Clock;
  readonly resolved: ResolvedLimit;
}

export function clockRow(row: Row): ClockRow {
  return {
    id: text(row, "id"),
    limitCode: text(row, "limit_code"),
    token: text(row, "token"),
    organisationId: text(row, "organisation_id"),
    region: text(row, "region"),
    awaiting: integer(row, "awaiting") === 1,
    ledger: json<Clock>(row, "ledger"),
    resolved: json<ResolvedLimit>(row, "resolved"),
  };
}

const processToken = "process";

/** The clocks of one case within one transaction. They follow what the engine tells and are never asked by it. */
export class CaseClocks {
  readonly #tx: Transaction;
  readonly #instanceId: string;
  readonly #rules: Rules;
  readonly #now: string;
  readonly #lines: JournalLine[] = [];
  #clocks: ClockRow[];

  private constructor(tx: Transaction, instanceId: string, rules: Rules, now: string, clocks: ClockRow[]) {
    this.#tx = tx;
    this.#instanceId = instanceId;
    this.#rules = rules;
    this.#now = now;
    this.#clocks = clocks;
  }

  static async open(tx: Transaction, instanceId: string, rules: Rules, now: string): Promise<CaseClocks> {
    const rows = await tx.query("SELECT * FROM clock WHERE instance_id = ? ORDER BY started_at, id", [instanceId]);
    return new CaseClocks(tx, instanceId, rules, now, rows.map(clockRow));
  }

  get lines(): readonly JournalLine[] {
    return this.#lines;
  }

  get all(): readonly ClockRow[] {
    return this.#clocks;
  }

  async follow(event: EngineEvent): Promise<void> {
    switch (event.type) {
      case "process.started":
        if (event.decision?.limit) await this.#start(event.decision.limit, event.decision, processToken, event.element);
        return;
      case "limit.started":
        return this.#begin(event.token, event.element, event.decision);
      case "limit.stopped":
        return this.#end(event);
      case "clocks.paused":
        return this.#pauseAll(event.reason);
      case "clocks.resumed":
        return this.#resumeAll(event.reason);
      case "process.suspended":
        return this.#pauseAll("suspended");
      case "process.resumed":
        return this.#resumeAll("suspended");
      case "process.completed":
        return this.#closeAll("met");
      case "process.terminated":
      case "process.cancelled":
        return this.#closeAll("stopped");
      default:
        return;
    }
  }

  /** The clock that a timer of this limit follows: the latest that still runs or rests. */
  current(limitCode: string): ClockRow | null {
    return this.#clocks.findLast((clock) => clock.limitCode === limitCode && clock.ledger.stoppedAt === null) ?? null;
  }

  /** The clock that a wait is measured by: its own activity's, else that of what encloses it. */
  around(state: InstanceState, token: string): ClockRow | null {
    for (let current: string | null = token; current !== null;) {
      const found = this.#clocks.findLast((clock) => clock.token === current && clock.ledger.stoppedAt === null);
      if (found) return found;
      current = state.scopes[state.tokens[current]?.scope ?? ""]?.host ?? null;
    }
    return null;
  }

  moment(clock: ClockRow, fraction: number): string | null {
    return momentAt(clock.ledger, this.#rules.calendar(clock.ledger.calendarRegion), fraction);
  }

  async extend(limitCode: string, days: number, reason: string): Promise<ClockRow> {
    const clock = this.current(limitCode);
    if (!clock) throw new Error(`no clock of ${limitCode} runs in this case`);
    const ledger = extendClock(
      clock.ledger,
      days,
      clock.resolved.extension,
      this.#rules.calendar(clock.ledger.calendarRegion),
    );
    return this.#save({ ...clock, ledger }, "clock.extended", { days, reason });
  }

  /** Marks every running clock whose due moment has passed. */
  async breachOverdue(): Promise<readonly ClockRow[]> {
    const overdue = this.#clocks.filter(
      (clock) => clock.ledger.state === "running" && clock.ledger.dueAt !== null && clock.ledger.dueAt <= this.#now,
    );
    const breached: ClockRow[] = [];
    for (const clock of overdue)
      breached.push(await this.#save({ ...clock, ledger: breachClock(clock.ledger) }, "clock.breached", {}));
    return breached;
  }

  async #begin(token: string, element: string, decision: RouteDecision): Promise<void> {
    if (!decision.limit) return;
    const resting = this.#clocks.findLast(
      (clock) =>
        clock.awaiting && clock.limitCode === decision.limit?.code && clock.organisationId === decision.organisation.id,
    );
    if (!resting) return this.#start(decision.limit, decision, token, element);
    const calendar = this.#rules.calendar(resting.ledger.calendarRegion);
    const ledger =
      resting.resolved.onSupplement === "restart"
        ? restartClock(resting.ledger, calendar, this.#now)
        : resumeClock(resting.ledger, calendar, this.#now);
    await this.#save(
      { ...resting, token, awaiting: false, ledger },
      resting.resolved.onSupplement === "restart" ? "clock.restarted" : "clock.resumed",
      { reason: "supplement" },
    );
  }

  async #start(limit: ResolvedLimit, decision: RouteDecision, token: string, element: string): Promise<void> {
    const ledger = startClock(limit, this.#rules.calendar(limit.calendarRegion), this.#now);
    const clock: ClockRow = {
      id: newId(),
      limitCode: limit.code,
      token,
      organisationId: decision.organisation.id,
      region: decision.organisation.region,
      awaiting: false,
      ledger,
      resolved: limit,
    };
    await this.#tx.insert("clock", {
      id: clock.id,
      instance_id: this.#instanceId,
      limit_code: limit.code,
      token,
      element,
      organisation_id: clock.organisationId,
      region: clock.region,
      level: decision.organisation.level,
      state: ledger.state,
      awaiting: 0,
      ledger: JSON.stringify(ledger),
      resolved: JSON.stringify(limit),
      due_at: ledger.dueAt,
      soon_at: this.moment(clock, 0.8),
      breached_at: null,
      breach_recorded: 0,
      started_at: this.#now,
      stopped_at: null,
    });
    this.#clocks.push(clock);
    this.#note(clock, "clock.started", {});
  }

  async #end(event: Extract<EngineEvent, { type: "limit.stopped" }>): Promise<void> {
    const clock = this.#clocks.findLast(
      (candidate) =>
        candidate.token === event.token && candidate.limitCode === event.limit && candidate.ledger.stoppedAt === null,
    );
    if (!clock) return;
    if (event.how === "completed" && event.outcome === "supplement" && clock.ledger.state === "running") {
      await this.#save(
        { ...clock, awaiting: true, ledger: pauseClock(clock.ledger, "supplement", this.#now) },
        "clock.paused",
        { reason: "supplement" },
      );
      return;
    }
    const ledger = stopClock(clock.ledger, event.how === "completed" ? "met" : "stopped", this.#now);
    await this.#save({ ...clock, ledger }, "clock.stopped", {});
  }

  async #pauseAll(reason: string): Promise<void> {
    const running = this.#clocks.filter(
      (clock) => clock.ledger.state === "running" && clock.resolved.excludes.includes(reason),
    );
    for (const clock of running)
      await this.#save({ ...clock, ledger: pauseClock(clock.ledger, reason, this.#now) }, "clock.paused", { reason });
  }

  async #resumeAll(reason: string): Promise<void> {
    const resting = this.#clocks.filter(
      (clock) => clock.ledger.state === "paused" && clock.ledger.pauseReason === reason && !clock.awaiting,
    );
    for (const clock of resting) {
      const calendar = this.#rules.calendar(clock.ledger.calendarRegion);
      const restarts = reason === "supplement" && clock.resolved.onSupplement === "restart";
      const ledger = restarts
        ? restartClock(clock.ledger, calendar, this.#now)
        : resumeClock(clock.ledger, calendar, this.#now);
      await this.#save({ ...clock, ledger }, restarts ? "clock.restarted" : "clock.resumed", { reason });
    }
  }

  async #closeAll(how: "met" | "stopped"): Promise<void> {
    for (const clock of this.#clocks.filter(({ ledger }) => ledger.stoppedAt === null)) {
      await this.#save(
        { ...clock, awaiting: false, ledger: stopClock(clock.ledger, how, this.#now) },
        "clock.stopped",
        {},
      );
    }
  }

  async #save(clock: ClockRow, type: string, payload: Readonly<Record<string, string | number>>): Promise<ClockRow> {
    const { ledger } = clock;
    await this.#tx.execute(
      "UPDATE clock SET token = ?, awaiting = ?, state = ?, ledger = ?, due_at = ?, soon_at = ?, breached_at = ?, stopped_at = ? WHERE id = ?",
      [
        clock.token,
        clock.awaiting ? 1 : 0,
        ledger.state,
        JSON.stringify(ledger),
        ledger.dueAt,
        this.moment(clock, 0.8),
        ledger.breachedAt,
        ledger.stoppedAt,
        clock.id,
      ],
    );
    this.#clocks = this.#clocks.map((candidate) => (candidate.id === clock.id ? clock : candidate));
    await this.#moveTimers(clock);
    await this.#tx.execute("UPDATE task SET due_at = ?, sort_at = ? WHERE clock_id = ? AND state = 'open'", [
      ledger.dueAt,
      sortAt(ledger.dueAt),
      clock.id,
    ]);
    if (clock.token === processToken)
      await this.#tx.execute("UPDATE instance SET due_at = ? WHERE id = ?", [ledger.dueAt, this.#instanceId]);
    this.#note(clock, type, payload);
    return clock;
  }

  async #moveTimers(clock: ClockRow): Promise<void> {
    for (const timer of await this.#tx.query("SELECT id, fraction FROM timer WHERE clock_id = ?", [clock.id])) {
      await this.#tx.execute("UPDATE timer SET due_at = ? WHERE id = ?", [
        this.moment(clock, Number(optionalText(timer, "fraction") ?? 1)),
        text(timer, "id"),
      ]);
    }
  }

  #note(clock: ClockRow, type: string, payload: Readonly<Record<string, string | number>>): void {
    const { ledger } = clock;
    this.#lines.push({
      at: type === "clock.breached" ? (ledger.breachedAt ?? this.#now) : this.#now,
      type,
      element: null,
      actor: systemActor,
      payload: {
        limit: clock.limitCode,
        organisation: clock.organisationId,
        state: ledger.state,
        dueAt: ledger.dueAt,
        round: ledger.round,
        ...payload,
      },
    });
  }
}

/** Open tasks sort by due moment; those whose clock rests, or that have none, come last. */
export function sortAt(dueAt: string | null): string {
  return dueAt ?? "9999-12-31T23:59:59.999Z";
}
