import { processToken } from "../../engine/calendar/case-clocks.ts";
import { momentAt, recomputeClock } from "../../engine/calendar/clock.ts";
import { rungsAhead } from "../../engine/calendar/ladder.ts";
import { tellOfMoved } from "../notices/moved-limits.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { placesFor, updateEach, type RowChange } from "../store/update-each.ts";
import { systemActor } from "./actor.ts";
import { clockRow, sortAt, type StoredClock } from "./clock-rows.ts";
import type { DispatchParts } from "./dispatch.ts";
import { appendJournals, type JournalLine } from "./journal.ts";
import type { Rules } from "./rules.ts";

/** Clocks in one transaction: small enough that a command on one of their cases hardly waits. */
const clocksInATransaction = 400;

interface Recomputed {
  readonly instanceId: string;
  readonly before: StoredClock;
  readonly clock: StoredClock;
}

/**
 * Derives the next open deadlines anew that an older calendar gave, in one bounded transaction, with a journal line for each
 * that moves. Every clock keeps the version of the calendar that it was derived from, so this goes on after a crash where it
 * stopped, and several nodes may do it. Gives the number of clocks looked at; 0 when all are up to date.
 */
export async function recomputeSlice({ store, rules, clock }: DispatchParts): Promise<number> {
  const version = rules.calendarVersion;
  if (version === 0) return 0;
  const found = await store.read(
    `SELECT id, instance_id FROM clock WHERE state = 'running' AND calendar_version < ? LIMIT ${clocksInATransaction}`,
    [version],
  );
  if (found.length === 0) {
    await finishChanges({ store, clock }, version);
    return 0;
  }
  const ids = found.map((row) => text(row, "id"));
  const cases = [...new Set(found.map((row) => text(row, "instance_id")))].sort();
  await store.transaction(async (tx) => {
    // The cases first and in order, as every command does: then no command can be between our reading and writing.
    await tx.query(`SELECT id FROM instance WHERE id IN (${placesFor(cases)}) ORDER BY id ${tx.forUpdate}`, cases);
    const rows = await tx.query(
      `SELECT * FROM clock WHERE id IN (${placesFor(ids)}) AND state = 'running' AND calendar_version < ? ORDER BY id`,
      [...ids, version],
    );
    const reason = await reasonOf(tx, version);
    const moved = new Set(await writeMoved(tx, { rows, rules, now: clock.now(), reason }));
    const still = ids.filter((id) => !moved.has(id));
    if (still.length > 0)
      await tx.execute(`UPDATE clock SET calendar_version = ? WHERE id IN (${placesFor(still)})`, [version, ...still]);
    // A command on another node that read one of these cases before must see that it was changed.
    await tx.execute(`UPDATE instance SET rev = rev + 1 WHERE id IN (${placesFor(cases)})`, cases);
  });
  return ids.length;
}

interface Slice {
  readonly rows: readonly Row[];
  readonly rules: Rules;
  readonly now: string;
  readonly reason: { readonly zh: string; readonly en: string };
}

/** Gives the ids of the clocks that it has written. */
async function writeMoved(tx: Transaction, slice: Slice): Promise<readonly string[]> {
  const { rows, rules } = slice;
  const recomputed = rows.map((row) => recomputeRow(row, rules));
  const moved = recomputed.filter(({ before, clock }) => changed(before, clock));
  await updateEach(
    tx,
    { table: "clock", by: "id" },
    moved.map(({ clock }) => clockChange(clock, rules)),
  );
  await moveTimers(tx, moved, rules);
  await updateEach(
    tx,
    { table: "task", by: "clock_id", and: "state IN ('open', 'waiting')" },
    moved.map(({ clock: { id, ledger } }) => ({
      key: id,
      values: { due_at: ledger.dueAt, sort_at: sortAt(ledger.dueAt) },
    })),
  );
  await updateEach(
    tx,
    { table: "instance", by: "id" },
    moved
      .filter(({ clock }) => clock.tokens.includes(processToken))
      .map(({ instanceId, clock }) => ({ key: instanceId, values: { due_at: clock.ledger.dueAt } })),
  );
  const lines = new Map<string, JournalLine[]>();
  for (const { instanceId, before, clock } of moved)
    lines.set(instanceId, [...(lines.get(instanceId) ?? []), lineOf(before, clock, slice)]);
  await appendJournals(tx, lines);
  const onAnotherDay = moved.filter(({ before, clock }) => before.ledger.dueAt !== clock.ledger.dueAt);
  await tellOfMoved(
    tx,
    onAnotherDay.map(({ instanceId, before, clock }) => ({ instanceId, clock, dueBefore: before.ledger.dueAt })),
    slice,
  );
  await tx.execute("UPDATE calendar_change SET looked_at = looked_at + ?, moved = moved + ? WHERE version = ?", [
    rows.length,
    onAnotherDay.length,
    rules.calendarVersion,
  ]);
  return moved.map(({ clock }) => clock.id);
}

function recomputeRow(row: Row, rules: Rules): Recomputed {
  const before = clockRow(row);
  const keeping = before.notifiedAt !== null && before.resolved.onCalendarChange === "keepLater";
  const ledger = recomputeClock(before.ledger, rules.calendar(before.ledger.calendarRegion), keeping);
  return { instanceId: text(row, "instance_id"), before, clock: { ...before, ledger } };
}

function changed(before: StoredClock, { ledger }: StoredClock): boolean {
  return (
    before.ledger.dueAt !== ledger.dueAt ||
    before.ledger.promisedDueAt !== ledger.promisedDueAt ||
    before.ledger.keptDueAt !== ledger.keptDueAt ||
    before.ledger.dueConfidence !== ledger.dueConfidence
  );
}

function clockChange(clock: StoredClock, rules: Rules): RowChange {
  const calendar = rules.calendar(clock.ledger.calendarRegion);
  const scheme = clock.resolved.monitored ? rules.monitoring(clock.organisation.region) : null;
  const { ledger, entries, climbed, violatedAt } = clock;
  const isMonitored = scheme !== null && !clock.tokens.includes(processToken);
  const standing = { ledger, entries, climbed, orderDueAt: null, violatedAt };
  const [next] = isMonitored ? rungsAhead(scheme, standing, calendar) : [];
  return {
    key: clock.id,
    values: {
      ledger: JSON.stringify(ledger),
      due_at: ledger.dueAt,
      soon_at: momentAt(ledger, calendar, 0.8),
      rung_at: next?.at ?? null,
      calendar_version: rules.calendarVersion,
    },
  };
}

async function moveTimers(tx: Transaction, moved: readonly Recomputed[], rules: Rules): Promise<void> {
  if (moved.length === 0) return;
  const clocks = new Map(moved.map(({ clock }) => [clock.id, clock]));
  const timers = await tx.query(`SELECT id, clock_id, fraction FROM timer WHERE clock_id IN (${placesFor(moved)})`, [
    ...clocks.keys(),
  ]);
  const changes = timers.flatMap((timer): RowChange[] => {
    const clock = clocks.get(text(timer, "clock_id"));
    if (!clock) return [];
    const calendar = rules.calendar(clock.ledger.calendarRegion);
    const dueAt = momentAt(clock.ledger, calendar, Number(optionalText(timer, "fraction") ?? 1));
    return [{ key: text(timer, "id"), values: { due_at: dueAt } }];
  });
  await updateEach(tx, { table: "timer", by: "id" }, changes);
}

function lineOf(before: StoredClock, clock: StoredClock, { now, reason, rules }: Slice): JournalLine {
  const { ledger, resolved, organisation } = clock;
  return {
    at: now,
    type: "clock.recalculated",
    element: null,
    actor: systemActor,
    payload: {
      clock: clock.id,
      limit: resolved.code,
      organisation: organisation.id,
      state: ledger.state,
      dueBefore: before.ledger.dueAt,
      dueAt: ledger.dueAt,
      /** The new calendar alone would have shortened it. */
      kept: ledger.keptDueAt !== null,
      confidence: ledger.dueConfidence,
      reason: { ...reason },
      calendarVersion: rules.calendarVersion,
    },
  };
}

async function reasonOf(tx: Transaction, version: number): Promise<{ zh: string; en: string }> {
  const [row] = await tx.query("SELECT reason_zh, reason_en FROM calendar_change WHERE version = ?", [version]);
  return row
    ? { zh: text(row, "reason_zh"), en: text(row, "reason_en") }
    : { zh: "工作日历变化", en: "the calendar changed" };
}

async function finishChanges({ store, clock }: Pick<DispatchParts, "store" | "clock">, version: number): Promise<void> {
  const open = await store.read("SELECT id FROM calendar_change WHERE finished_at IS NULL AND version <= ? LIMIT 1", [
    version,
  ]);
  if (open.length === 0) return;
  await store.transaction((tx) =>
    tx.execute("UPDATE calendar_change SET finished_at = ? WHERE finished_at IS NULL AND version <= ?", [
      clock.now(),
      version,
    ]),
  );
}
