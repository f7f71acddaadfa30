import { localDate } from "../../engine/calendar/dates.ts";
import { processToken } from "../../engine/calendar/case-clocks.ts";
import { authorsOf } from "../identity/authors.ts";
import type { StoredClock } from "../runtime/clock-rows.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import { announceAll, type Announcement, type Recipient } from "./announce.ts";

/** A limit that ends on another day because the calendar changed. */
export interface MovedLimit {
  readonly instanceId: string;
  readonly clock: StoredClock;
  readonly dueBefore: string | null;
}

export interface WhyMoved {
  readonly now: string;
  readonly reason: { readonly zh: string; readonly en: string };
}

/**
 * Tells of limits that moved: whoever works under one, and the applicant of the limit of the case as a whole. One query and one
 * statement for all of them, as a calendar moves many at once.
 */
export async function tellOfMoved(tx: Transaction, moved: readonly MovedLimit[], why: WhyMoved): Promise<void> {
  if (moved.length === 0) return;
  const tasks = await tx.query(
    `SELECT task.clock_id, task.organisation_id, task.role, task.assignee_id, instance.started_by, instance.drafted_by
     FROM task JOIN instance ON instance.id = task.instance_id
     WHERE task.clock_id IN (${placesFor(moved)}) AND task.state IN ('open', 'waiting')`,
    moved.map(({ clock }) => clock.id),
  );
  const whole = moved.filter(({ clock }) => clock.tokens.includes(processToken));
  const cases = whole.length === 0 ? [] : await startersOf(tx, whole);
  await announceAll(
    tx,
    moved.map((limit) => announcementOf(limit, recipientsOf(limit, tasks, cases), why)),
  );
}

async function startersOf(tx: Transaction, limits: readonly MovedLimit[]): Promise<readonly Row[]> {
  return tx.query(
    `SELECT id, started_by FROM instance WHERE id IN (${placesFor(limits)}) AND started_by <> 'system'`,
    limits.map(({ instanceId }) => instanceId),
  );
}

function recipientsOf(
  { instanceId, clock }: MovedLimit,
  tasks: readonly Row[],
  cases: readonly Row[],
): readonly Recipient[] {
  const workers = tasks.filter((task) => text(task, "clock_id") === clock.id).map(workerOf);
  const starters = clock.tokens.includes(processToken)
    ? cases.filter((row) => text(row, "id") === instanceId).map((row) => ({ person: text(row, "started_by") }))
    : [];
  const all = [...workers, ...starters].map((recipient) => [JSON.stringify(recipient), recipient] as const);
  return [...new Map(all).values()];
}

/** Whoever has the task in hand, else whoever may take it. */
function workerOf(task: Row): Recipient {
  const assignee = optionalText(task, "assignee_id");
  if (assignee !== null) return { person: assignee };
  return {
    organisation: text(task, "organisation_id"),
    role: text(task, "role"),
    ...authorsOf(task),
  };
}

function announcementOf(
  { instanceId, clock, dueBefore }: MovedLimit,
  to: readonly Recipient[],
  { now, reason }: WhyMoved,
): Announcement {
  const { name } = clock.resolved;
  const dayOf = (due: string | null) => (due === null ? "—" : localDate(due));
  return {
    kind: "limit.moved",
    instanceId,
    taskId: null,
    to,
    params: {
      "limit.zh": name.zh,
      "limit.en": name.en,
      "why.zh": reason.zh,
      "why.en": reason.en,
      before: dayOf(dueBefore),
      due: dayOf(clock.ledger.dueAt),
    },
    at: now,
    by: null,
  };
}
