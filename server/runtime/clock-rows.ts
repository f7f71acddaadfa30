import type { CaseClock } from "../../engine/calendar/case-clocks.ts";
import type { Clock } from "../../engine/calendar/clock.ts";
import type { ClimbedRung } from "../../engine/calendar/ladder.ts";
import type { Level, ResolvedLimit } from "../../engine/routing/types.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Parameter, Row } from "../store/store.ts";

/** An SLA clock as a row, with what people were told of it. */
export interface StoredClock extends CaseClock {
  /** When its due moment was first told: by the task that carries it, or by the notice of an extension. */
  readonly notifiedAt: string | null;
  readonly climbed: readonly ClimbedRung[];
  /** When at this step a rule was broken that is no limit; the ladder follows it. */
  readonly violatedAt: string | null;
}

type Standing = Pick<CaseClock, "tokens" | "awaiting" | "pauses" | "entries">;

export function clockRow(row: Row): StoredClock {
  return {
    id: text(row, "id"),
    element: text(row, "element"),
    organisation: { id: text(row, "organisation_id"), region: text(row, "region"), level: text(row, "level") as Level },
    ...json<Standing>(row, "standing"),
    ledger: json<Clock>(row, "ledger"),
    resolved: json<ResolvedLimit>(row, "resolved"),
    notifiedAt: optionalText(row, "notified_at"),
    climbed: json<readonly ClimbedRung[]>(row, "climbed"),
    violatedAt: optionalText(row, "violated_at"),
  };
}

/** What changes of a clock's row. `soon_at` and `rung_at` are derived by the caller, who knows the calendar and the ladder. */
export function changingColumns(
  clock: StoredClock,
  derived: { readonly soonAt: string | null; readonly rungAt: string | null; readonly calendarVersion: number },
): Readonly<Record<string, Parameter>> {
  const { ledger, tokens, awaiting, pauses, entries } = clock;
  const standing: Standing = { tokens, awaiting, pauses, entries };
  return {
    element: clock.element,
    state: ledger.state,
    standing: JSON.stringify(standing),
    ledger: JSON.stringify(ledger),
    resolved: JSON.stringify(clock.resolved),
    due_at: ledger.dueAt,
    soon_at: derived.soonAt,
    breached_at: ledger.breachedAt,
    stopped_at: ledger.stoppedAt,
    calendar_version: derived.calendarVersion,
    notified_at: clock.notifiedAt,
    rung_at: derived.rungAt,
    climbed: JSON.stringify(clock.climbed),
    violated_at: clock.violatedAt,
  };
}

/** Columns of a clock that never change after its start. */
export function lastingColumns(clock: StoredClock, instanceId: string): Readonly<Record<string, Parameter>> {
  return {
    id: clock.id,
    instance_id: instanceId,
    limit_code: clock.resolved.code,
    organisation_id: clock.organisation.id,
    region: clock.organisation.region,
    level: clock.organisation.level,
    breach_recorded: 0,
    started_at: clock.ledger.startedAt,
  };
}

/** Open tasks sort by due moment; those whose clock rests, or that have none, come last. */
export function sortAt(dueAt: string | null): string {
  return dueAt ?? "9999-12-31T23:59:59.999Z";
}
