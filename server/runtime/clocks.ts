import {
  clockAround,
  clockFor,
  followEvents,
  processToken,
  type CaseClock,
  type ClockChange,
} from "../../engine/calendar/case-clocks.ts";
import { breachClock, extendClock, momentAt } from "../../engine/calendar/clock.ts";
import { rungsAhead, type ClimbedRung, type DueRung } from "../../engine/calendar/ladder.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { newId } from "../store/ids.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Transaction } from "../store/store.ts";
import { systemActor } from "./actor.ts";
import { changingColumns, clockRow, lastingColumns, sortAt, type StoredClock } from "./clock-rows.ts";
import type { JournalLine } from "./journal.ts";
import type { Rules } from "./rules.ts";

type Payload = Readonly<Record<string, Json>>;

/** The clocks of one case within one transaction. They follow what the engine tells and are never asked by it. */
export class CaseClocks {
  readonly #tx: Transaction;
  readonly #instanceId: string;
  readonly #rules: Rules;
  readonly #now: string;
  readonly #lines: JournalLine[] = [];
  /** When the supervisory order on a clock's present round is to be answered, by clock. */
  readonly #orders: Map<string, string>;
  #clocks: StoredClock[];

  private constructor(
    tx: Transaction,
    instanceId: string,
    { rules, now }: { rules: Rules; now: string },
    rows: { clocks: StoredClock[]; orders: Map<string, string> },
  ) {
    this.#tx = tx;
    this.#instanceId = instanceId;
    this.#rules = rules;
    this.#now = now;
    this.#clocks = rows.clocks;
    this.#orders = rows.orders;
  }

  static async open(tx: Transaction, instanceId: string, rules: Rules, now: string): Promise<CaseClocks> {
    const rows = await tx.query("SELECT * FROM clock WHERE instance_id = ? ORDER BY started_at, id", [instanceId]);
    const clocks = rows.map(clockRow);
    const orders = clocks.some(({ ledger }) => ledger.state === "breached")
      ? await openOrders(tx, instanceId)
      : new Map<string, string>();
    return new CaseClocks(tx, instanceId, { rules, now }, { clocks, orders });
  }

  get lines(): readonly JournalLine[] {
    return this.#lines;
  }

  get all(): readonly StoredClock[] {
    return this.#clocks;
  }

  /** Due moment of the case as a whole; `null` when it has none. */
  get endToEnd(): string | null {
    return this.#clocks.find(({ tokens }) => tokens.includes(processToken))?.ledger.dueAt ?? null;
  }

  /** Takes the events of one step, and the state after it. */
  async follow(events: readonly EngineEvent[], state: InstanceState): Promise<void> {
    if (events.length === 0) return;
    const setting = {
      now: this.#now,
      calendarOf: (region: string) => this.#rules.calendar(region),
      nextId: newId,
    };
    const { clocks, changes } = followEvents(this.#clocks, events, setting, state);
    for (const change of changes) this.#tell(change);
    const changed = new Set(changes.map(({ clock }) => clock.id));
    for (const clock of clocks.filter(({ id }) => changed.has(id))) await this.#put(clock);
  }

  /** The clock that a timer of this limit follows, as it hangs on a token. */
  current(limit: string, at: { state: InstanceState; token: string } | null): StoredClock | null {
    return this.#stored(clockFor(this.#clocks, limit, at));
  }

  around(state: InstanceState, token: string): StoredClock | null {
    return this.#stored(clockAround(this.#clocks, state, token));
  }

  moment(clock: CaseClock, fraction: number): string | null {
    return momentAt(clock.ledger, this.#rules.calendar(clock.ledger.calendarRegion), fraction);
  }

  /** Lengthens a limit within what its rule pack allows, and keeps who approved it. Throws `ClockError`. */
  async extend(clock: StoredClock, days: number, told: { reason: string; approver: string }): Promise<void> {
    const calendar = this.#rules.calendar(clock.ledger.calendarRegion);
    const ledger = extendClock(clock.ledger, days, clock.resolved.extension, calendar);
    const extended = { ...clock, ledger, notifiedAt: this.#now };
    this.#note(extended, "clock.extended", { days, ...told, dueBefore: clock.ledger.dueAt });
    await this.#put(extended);
  }

  /** People have been told the due moment of this clock: by the task that carries it. */
  async notified(clock: StoredClock): Promise<void> {
    if (clock.notifiedAt === null) await this.#put({ ...clock, notifiedAt: this.#now });
  }

  /** Running clocks whose due moment has passed. */
  get overdue(): readonly StoredClock[] {
    return this.#clocks.filter(
      ({ ledger }) => ledger.state === "running" && ledger.dueAt !== null && ledger.dueAt <= this.#now,
    );
  }

  async breach(clock: StoredClock): Promise<void> {
    const breached = { ...clock, ledger: breachClock(clock.ledger) };
    this.#note(breached, "clock.breached", {});
    await this.#put(breached);
  }

  /** Rungs of the ladder that are due now, in order, with the clock that climbs them. */
  ahead(clock: StoredClock): readonly DueRung[] {
    if (!clock.resolved.monitored || clock.tokens.includes(processToken)) return [];
    const { ledger, entries, climbed, violatedAt } = clock;
    const scheme = this.#rules.monitoring(clock.organisation.region);
    if (!scheme) return [];
    const orderDueAt = this.#orders.get(`${clock.id}:${ledger.round}`) ?? null;
    return rungsAhead(
      scheme,
      { ledger, entries, climbed, orderDueAt, violatedAt },
      this.#rules.calendar(ledger.calendarRegion),
    );
  }

  async climb(clock: StoredClock, rungs: readonly ClimbedRung[], orderDueAt: string | null): Promise<void> {
    if (orderDueAt !== null) this.#orders.set(`${clock.id}:${clock.ledger.round}`, orderDueAt);
    await this.#put({ ...clock, climbed: [...clock.climbed, ...rungs] });
  }

  /** A rule that is no limit was broken at the step of this clock; `null` once that has been undone. */
  async violated(clock: StoredClock, at: string | null): Promise<void> {
    await this.#put({ ...clock, violatedAt: at });
  }

  /** Another moment for the next rung: nobody is told in the night or on a rest day. */
  async postponeRung(clock: StoredClock, until: string): Promise<void> {
    await this.#tx.execute("UPDATE clock SET rung_at = ? WHERE id = ?", [until, clock.id]);
  }

  /** Nothing is due after all, as when a supervisory order was answered in time: the sweep comes back for the next rung. */
  async settleRung(clock: StoredClock): Promise<void> {
    await this.#tx.execute("UPDATE clock SET rung_at = ? WHERE id = ? AND rung_at <= ?", [
      this.ahead(clock)[0]?.at ?? null,
      clock.id,
      this.#now,
    ]);
  }

  note(clock: CaseClock, type: string, payload: Payload): void {
    this.#note(clock, type, payload);
  }

  #stored(clock: CaseClock | null): StoredClock | null {
    return this.#clocks.find(({ id }) => id === clock?.id) ?? null;
  }

  async #put(changed: CaseClock & Partial<StoredClock>): Promise<void> {
    const known = this.#clocks.find(({ id }) => id === changed.id);
    // The end-to-end due moment is told to the applicant with the receipt; others when a task carries them.
    const notifiedAt = changed.tokens.includes(processToken) ? this.#now : null;
    const clock: StoredClock = { notifiedAt, climbed: [], violatedAt: null, ...known, ...changed };
    const values = changingColumns(clock, {
      soonAt: this.moment(clock, 0.8),
      rungAt: this.ahead(clock)[0]?.at ?? null,
      calendarVersion: this.#rules.calendarVersion,
    });
    if (!known) {
      this.#clocks.push(clock);
      await this.#tx.insert("clock", { ...lastingColumns(clock, this.#instanceId), ...values });
      return;
    }
    this.#clocks = this.#clocks.map((candidate) => (candidate.id === clock.id ? clock : candidate));
    const names = Object.keys(values);
    await this.#tx.execute(`UPDATE clock SET ${names.map((name) => `${name} = ?`).join(", ")} WHERE id = ?`, [
      ...Object.values(values),
      clock.id,
    ]);
    if (known.ledger !== clock.ledger) await this.#carry(clock);
  }

  /** Timers and tasks follow their clock. */
  async #carry(clock: StoredClock): Promise<void> {
    const { dueAt } = clock.ledger;
    for (const timer of await this.#tx.query("SELECT id, fraction FROM timer WHERE clock_id = ?", [clock.id])) {
      await this.#tx.execute("UPDATE timer SET due_at = ? WHERE id = ?", [
        this.moment(clock, Number(optionalText(timer, "fraction") ?? 1)),
        text(timer, "id"),
      ]);
    }
    await this.#tx.execute(
      "UPDATE task SET due_at = ?, sort_at = ? WHERE clock_id = ? AND state IN ('open', 'waiting')",
      [dueAt, sortAt(dueAt), clock.id],
    );
    if (clock.tokens.includes(processToken))
      await this.#tx.execute("UPDATE instance SET due_at = ? WHERE id = ?", [dueAt, this.#instanceId]);
  }

  #tell({ type, clock, dueBefore, reason }: ClockChange): void {
    if (type === "clock.kept") return;
    const moved = dueBefore === clock.ledger.dueAt ? {} : { dueBefore };
    this.#note(clock, type, { ...moved, ...(reason === null ? {} : { reason }) });
  }

  #note(clock: CaseClock, type: string, payload: Payload): void {
    const { ledger } = clock;
    this.#lines.push({
      at: type === "clock.breached" ? (ledger.breachedAt ?? this.#now) : this.#now,
      type,
      element: null,
      actor: systemActor,
      payload: {
        clock: clock.id,
        limit: clock.resolved.code,
        organisation: clock.organisation.id,
        state: ledger.state,
        dueAt: ledger.dueAt,
        round: ledger.round,
        ...payload,
      },
    });
  }
}

async function openOrders(tx: Transaction, instanceId: string): Promise<Map<string, string>> {
  const rows = await tx.query(
    "SELECT clock_id, round, due_at FROM supervisory_order WHERE instance_id = ? AND state IN ('open', 'returned')",
    [instanceId],
  );
  return new Map(rows.map((row) => [`${text(row, "clock_id")}:${String(row["round"])}`, text(row, "due_at")]));
}
