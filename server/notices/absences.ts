import type { Content } from "../content/load-content.ts";
import { localMinute } from "../../engine/calendar/dates.ts";
import { tasksInHand, workableTasks } from "../identity/policy.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Store, Transaction } from "../store/store.ts";
import { announce } from "./announce.ts";
import { actsInStead, principalInStead, working } from "./stand-ins.ts";

export interface AbsenceParts {
  readonly store: Store;
  readonly content: Content;
  /** By the clock of cases. */
  readonly now: string;
}

/**
 * Tells each substitute once, when the absence begins, how much is open then; nothing where nothing is. Any number of nodes may
 * do so. Gives how many substitutions have begun.
 */
export async function tellOfAbsences({ store, content, now }: AbsenceParts): Promise<number> {
  const begun = await store.read(
    "SELECT id FROM substitution WHERE ends_at > ? AND starts_at <= ? AND told_at IS NULL AND revoked_at IS NULL ORDER BY id",
    [now, now],
  );
  for (const row of begun) await store.transaction((tx) => tellOfAbsence({ tx, content, now }, text(row, "id")));
  return begun.length;
}

interface Within {
  readonly tx: Transaction;
  readonly content: Content;
  readonly now: string;
}

async function tellOfAbsence(within: Within, id: string): Promise<void> {
  const { tx, now } = within;
  const taken = await tx.execute("UPDATE substitution SET told_at = ? WHERE id = ? AND told_at IS NULL", [now, id]);
  if (taken !== 1) return;
  const [row] = await tx.query("SELECT * FROM substitution WHERE id = ?", [id]);
  const count = row ? (await openInStead(within, row)).length : 0;
  if (!row || count === 0) return;
  await announce(tx, {
    kind: "substitution.begun",
    instanceId: null,
    taskId: null,
    to: [{ person: text(row, "substitute_id") }],
    params: { person: text(row, "person_name"), until: localMinute(text(row, "ends_at")), count: String(count) },
    at: now,
    by: null,
  });
}

/** Open tasks that the substitute may do in this one substitution. */
async function openInStead(within: Within, row: Row): Promise<readonly Row[]> {
  const { tx, content } = within;
  const [substitution, person] = [text(row, "id"), text(row, "person_id")];
  const principal = await principalInStead(within, { substitute: text(row, "substitute_id"), substitution });
  const asSubstitute = { ...principal, posts: [] };
  const [free, inHand] = [workableTasks(asSubstitute, content), tasksInHand(asSubstitute, content)];
  const tasks = await tx.query(
    `SELECT task.* FROM task JOIN instance ON instance.id = task.instance_id
     WHERE task.state = 'open' AND instance.status = 'running'
       AND ((task.assignee_id IS NULL AND ${free.sql}) OR (${inHand.sql} AND task.assignee_id = ?)) ORDER BY task.id`,
    [...free.parameters, ...inHand.parameters, person],
  );
  const open: Row[] = [];
  for (const task of tasks) {
    // The lists know no two-person rule and no round of signers; the right itself does.
    const isPlain = optionalText(task, "four_eyes") === null && optionalText(task, "signer") === null;
    const asked = { principal, instanceId: text(task, "instance_id"), task, person, capacities: working };
    if (isPlain || (await actsInStead(within, asked))) open.push(task);
  }
  return open;
}
