import type { Principal } from "../identity/sessions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { operateOnCase } from "../tasks/operate.ts";

/** Begins or ends to watch a case. Errors of the door. */
export async function watchCase(
  runtime: Runtime,
  principal: Principal,
  instanceId: string,
  watching: boolean,
): Promise<void> {
  await operateOnCase(
    runtime,
    { instanceId, principal, operation: "watch", reason: null, commandId: null },
    {
      also: async ({ tx, now }) => {
        if (watching) await addWatchers(tx, instanceId, [principal], "own", now);
        else
          await tx.execute("DELETE FROM watcher WHERE instance_id = ? AND person_id = ?", [instanceId, principal.id]);
        // Who watches is no part of the case's history.
        return [];
      },
    },
  );
}

/** Makes these people watchers; those who are already stay as they were. The caller holds the lock of the case. */
export async function addWatchers(
  tx: Transaction,
  instanceId: string,
  people: readonly { readonly id: string; readonly name: string }[],
  because: "own" | "mention",
  at: string,
): Promise<void> {
  const known = new Set(await watchersOf(tx, instanceId));
  await tx.insertAll(
    "watcher",
    people
      .filter(({ id }) => !known.has(id))
      .map(({ id, name }) => ({
        id: `${instanceId}:${id}`,
        instance_id: instanceId,
        person_id: id,
        person_name: name,
        because,
        at,
      })),
  );
}

/** Ids of the people who watch a case. What they may be told is asked of their rights at that moment. */
export async function watchersOf(tx: Pick<Transaction, "query">, instanceId: string): Promise<readonly string[]> {
  const rows = await tx.query("SELECT person_id FROM watcher WHERE instance_id = ? ORDER BY at, id", [instanceId]);
  return rows.map((row) => text(row, "person_id"));
}

export async function watchersListed(runtime: Runtime, instanceId: string): Promise<readonly Row[]> {
  return runtime.store.read("SELECT * FROM watcher WHERE instance_id = ? ORDER BY at, id", [instanceId]);
}

/** What somebody who leaves was watching, the successor watches from now on; without one, nobody does. */
export async function passWatching(
  tx: Transaction,
  from: string,
  to: { readonly id: string; readonly name: string } | null,
): Promise<void> {
  const watched = await tx.query("SELECT instance_id, because, at FROM watcher WHERE person_id = ?", [from]);
  const known = to
    ? new Set(
        (await tx.query("SELECT instance_id FROM watcher WHERE person_id = ?", [to.id])).map((row) =>
          text(row, "instance_id"),
        ),
      )
    : new Set<string>();
  if (to)
    await tx.insertAll(
      "watcher",
      watched
        .filter((row) => !known.has(text(row, "instance_id")))
        .map((row) => ({
          id: `${text(row, "instance_id")}:${to.id}`,
          instance_id: text(row, "instance_id"),
          person_id: to.id,
          person_name: to.name,
          because: text(row, "because"),
          at: text(row, "at"),
        })),
    );
  await tx.execute("DELETE FROM watcher WHERE person_id = ?", [from]);
}
