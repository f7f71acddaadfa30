import type { Principal } from "../identity/sessions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";

/** What gives a receipt when it is opened. */
export type Receivable = "task" | "copy";

export interface Reading {
  readonly what: Receivable;
  readonly objectId: string;
  readonly instanceId: string | null;
  readonly person: { readonly id: string; readonly name: string };
  readonly at: string;
}

/** Notes that somebody opened something. True the first time. */
export async function noteReading(
  tx: Transaction,
  { what, objectId, instanceId, person, at }: Reading,
): Promise<boolean> {
  const id = `${what}:${objectId}:${person.id}`;
  const again = await tx.execute("UPDATE reading SET last_at = ? WHERE id = ?", [at, id]);
  if (again > 0) return false;
  // MySQL counts no row as changed when the moment is the same.
  if ((await tx.query("SELECT id FROM reading WHERE id = ?", [id])).length > 0) return false;
  await tx.insert("reading", {
    id,
    what,
    object_id: objectId,
    instance_id: instanceId,
    person_id: person.id,
    person_name: person.name,
    first_at: at,
    last_at: at,
  });
  return true;
}

/** Whether one who may act on a task has opened it: from then on its sender does not take the case back. */
export async function hasBeenOpened(tx: Pick<Transaction, "query">, taskId: string): Promise<boolean> {
  const [row] = await tx.query("SELECT opened_at FROM task WHERE id = ?", [taskId]);
  return row !== undefined && optionalText(row, "opened_at") !== null;
}

/**
 * The receipt of a task: its first opening by one who may act. Written once, under the lock of the case, with a line of history.
 * `task` is a row of an open task.
 */
export async function receiveTask(runtime: Runtime, principal: Principal, task: Row): Promise<void> {
  if (optionalText(task, "opened_at") !== null) return;
  const taskId = text(task, "id");
  const instanceId = text(task, "instance_id");
  const { id, name } = principal;
  const actor = { kind: "person", id, name, organisation: text(task, "organisation_id") } as const;
  await runtime.dispatch({
    instanceId,
    actor,
    commandId: null,
    decide: async () => null,
    also: async ({ tx, now }) => {
      const opened = await tx.execute(
        "UPDATE task SET opened_at = ? WHERE id = ? AND opened_at IS NULL AND state IN ('open', 'waiting')",
        [now, taskId],
      );
      if (opened === 0) return [];
      await noteReading(tx, { what: "task", objectId: taskId, instanceId, person: principal, at: now });
      return [{ at: now, type: "task.opened", element: text(task, "element"), actor, payload: { task: taskId } }];
    },
  });
}
