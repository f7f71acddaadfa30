import type { Within } from "../runtime/dispatch.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Actor } from "../runtime/actor.ts";
import { passSignature } from "../runtime/signing-rounds.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import type { Recipient } from "./recipient.ts";

interface Person {
  readonly id: string;
  readonly name: string;
}

/** Who has the task in hand; `null` for one that is still to be claimed. */
export function holderOf(task: Row): Person | null {
  const id = optionalText(task, "assignee_id");
  return id === null ? null : { id, name: optionalText(task, "assignee_name") ?? "" };
}

/** Puts the task into somebody's hands, with what its holder had asked of others. The due moment stays what it is. */
export async function putInHands(
  tx: Transaction,
  task: Row,
  to: Recipient,
  counts: { readonly asTransfer: boolean },
): Promise<void> {
  const holdsRole = to.posts.some(
    ({ organisation, role }) => organisation === text(task, "organisation_id") && role === text(task, "role"),
  );
  await tx.execute(
    `UPDATE task SET assignee_id = ?, assignee_name = ?, by_name = ?, transfers = COALESCE(transfers, 0) + ?, rev = rev + 1 WHERE id = ?`,
    [to.id, to.name, holdsRole ? 0 : 1, counts.asTransfer ? 1 : 0, text(task, "id")],
  );
  await tx.execute(
    "UPDATE task SET owner_id = ?, owner_name = ? WHERE parent_id = ? AND state IN ('open', 'waiting')",
    [to.id, to.name, text(task, "id")],
  );
  await passSignature(tx, task, { id: to.id, name: to.name });
}

/** Gives the task back to all who hold its role. */
export async function putBack(tx: Transaction, task: Row): Promise<void> {
  await tx.execute(
    "UPDATE task SET assignee_id = NULL, assignee_name = NULL, by_name = 0, rev = rev + 1 WHERE id = ?",
    [text(task, "id")],
  );
  await passSignature(tx, task, null);
}

/** A line of the chain of custody. */
export function custodyLine(
  { now }: Within,
  type: "task.claimed" | "task.released" | "task.assigned" | "task.transferred" | "task.handedOver" | "task.freed",
  {
    task,
    actor,
    to,
    reason,
  }: { readonly task: Row; readonly actor: Actor; readonly to: Person | null; readonly reason: string | null },
): JournalLine {
  const from = holderOf(task);
  return {
    at: now,
    type,
    element: text(task, "element"),
    actor,
    payload: {
      task: text(task, "id"),
      from: from && { ...from },
      to: to && { id: to.id, name: to.name },
      ...(reason === null ? {} : { reason }),
    },
  };
}
