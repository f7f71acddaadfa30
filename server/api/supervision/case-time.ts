import {
  attributeDays,
  type AttributedDay,
  type LedgerClock,
  type LedgerLine,
} from "../../../engine/calendar/attribution.ts";
import { processToken } from "../../../engine/calendar/case-clocks.ts";
import { calendarOfUnit } from "../../../engine/calendar/clock.ts";
import { clockRow } from "../../runtime/clock-rows.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { placesFor } from "../../store/update-each.ts";

interface LedgerPayload {
  readonly clock: string;
  readonly reason?: unknown;
}

/** The days of several cases, each with what it went to; read in two statements. `rows` are rows of `instance`. */
export async function daysOfCases(
  runtime: Runtime,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, readonly AttributedDay[]>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map((row) => text(row, "id"));
  const clocks = await runtime.store.read(`SELECT * FROM clock WHERE instance_id IN (${placesFor(ids)})`, ids);
  const journal = await runtime.store.read(
    `SELECT instance_id, at, type, payload FROM journal WHERE instance_id IN (${placesFor(ids)})
     AND type IN ('clock.started', 'clock.paused', 'clock.resumed', 'clock.restarted', 'clock.reopened', 'clock.stopped') ORDER BY instance_id, seq`,
    ids,
  );
  return new Map(
    rows.map((row) => {
      const id = text(row, "id");
      const own = (found: Row) => text(found, "instance_id") === id;
      return [id, daysOf(runtime, row, clocks.filter(own), journal.filter(own))];
    }),
  );
}

function daysOf(
  runtime: Runtime,
  instance: Row,
  clocks: readonly Row[],
  journal: readonly Row[],
): readonly AttributedDay[] {
  const calendar = runtime.rules.calendar(text(instance, "applicant_region"));
  const span = {
    startedAt: text(instance, "started_at"),
    until: optionalText(instance, "ended_at") ?? runtime.clock.now(),
    calendar,
  };
  return attributeDays(
    span,
    clocks.map((row) => ledgerClock(runtime, row)),
    journal.map(ledgerLine),
  );
}

function ledgerClock(runtime: Runtime, row: Row): LedgerClock {
  const { id, resolved, organisation, ledger, tokens } = clockRow(row);
  return {
    id,
    limit: resolved.code,
    organisation: organisation.id,
    level: organisation.level,
    calendar: calendarOfUnit(ledger.unit, runtime.rules.calendar(ledger.calendarRegion)),
    isEndToEnd: tokens.includes(processToken),
  };
}

function ledgerLine(row: Row): LedgerLine {
  const { clock, reason } = json<LedgerPayload>(row, "payload");
  return { at: text(row, "at"), type: text(row, "type"), clock, reason: typeof reason === "string" ? reason : null };
}
