import { addMs } from "../../engine/calendar/dates.ts";
import { integer, optionalText, text } from "../store/rows.ts";
import type { Row, Store, Transaction } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import { steadColumns, steadJoin, toldColumns, toldJoins } from "./outgoing.ts";

/** Long enough for any attempt; a node that died meanwhile leaves its batch to the others. By the database's clock. */
const leaseMs = 60_000;

/** Deliveries of one batch at most. */
const mostGathered = 100;

/** Waits after each failed attempt, in minutes; after the last one the delivery is dead. */
const backoffMinutes = [1, 5, 15, 60, 180, 360, 720, 1_440] as const;

/** What goes out together: one mail, one message of a robot, one call of a webhook. */
export interface Batch {
  readonly id: string;
  readonly rows: readonly [Row, ...Row[]];
}

/** Everything that waits for one way out: one mail server, one endpoint. A way that is stuck holds up no other. */
export type Lane = { readonly channel: "mail" } | { readonly channel: "endpoint"; readonly endpoint: string };

/** The ways out on which something is due. */
export async function dueLanes(store: Store, now: string): Promise<readonly Lane[]> {
  const rows = await store.read(
    "SELECT DISTINCT endpoint_id FROM notice_delivery WHERE state = 'waiting' AND next_at <= ?",
    [now],
  );
  return rows.map((row) => {
    const endpoint = optionalText(row, "endpoint_id");
    return endpoint === null ? { channel: "mail" } : { channel: "endpoint", endpoint };
  });
}

/**
 * Takes the next batch of a lane, and keeps it for this node. What belongs to a batch is written down before it is sent: after a
 * crash the very same goes out again under the same id. `null` when nothing is due.
 */
export async function claimBatch(
  store: Store,
  lane: Lane,
  { owner, now }: { readonly owner: string; readonly now: string },
): Promise<Batch | null> {
  const real = store.time.now();
  const [where, parameters] = inLane(lane);
  const candidates = await store.read(
    `SELECT id FROM notice_delivery WHERE state = 'waiting' AND next_at <= ? AND ${where}
     AND (lease_until IS NULL OR lease_until < ?) ORDER BY next_at, id LIMIT 20`,
    [now, ...parameters, real],
  );
  for (const candidate of candidates) {
    const rows = await store.transaction((tx) => claim(tx, text(candidate, "id"), { owner, now, real }));
    const [first] = rows;
    if (first) return { id: text(first, "batch_id"), rows: [first, ...rows.slice(1)] };
  }
  return null;
}

function inLane(lane: Lane): readonly [string, readonly string[]] {
  return lane.channel === "mail" ? ["endpoint_id IS NULL", []] : ["endpoint_id = ?", [lane.endpoint]];
}

interface Claim {
  /** This node. */
  readonly owner: string;
  readonly now: string;
  readonly real: string;
}

async function claim(tx: Transaction, id: string, { owner, now, real }: Claim): Promise<readonly Row[]> {
  // Writes before it reads: SQLite lets no reader become a writer once another has written.
  const isNew = await tx.execute(
    "UPDATE notice_delivery SET batch_id = id WHERE id = ? AND state = 'waiting' AND batch_id IS NULL",
    [id],
  );
  const [row] = await tx.query("SELECT * FROM notice_delivery WHERE id = ?", [id]);
  if (!row) return [];
  if (isNew === 1 && integer(row, "gathered") === 1) await gather(tx, row, now);
  const batch = text(row, "batch_id");
  const claimed = await tx.execute(
    "UPDATE notice_delivery SET lease_owner = ?, lease_until = ? WHERE batch_id = ? AND state = 'waiting' AND (lease_until IS NULL OR lease_until < ?)",
    [owner, addMs(real, leaseMs), batch, real],
  );
  if (claimed === 0) return [];
  return tx.query(
    `SELECT notice_delivery.id, notice_delivery.batch_id, notice_delivery.channel, notice_delivery.person_id,
       notice_delivery.endpoint_id, notice_delivery.attempts, ${toldColumns}, ${steadColumns}
     FROM notice_delivery JOIN announcement ON announcement.id = notice_delivery.announcement_id ${toldJoins}
       LEFT JOIN notice_message ON notice_message.announcement_id = notice_delivery.announcement_id
         AND notice_message.person_id = notice_delivery.person_id ${steadJoin}
     WHERE notice_delivery.batch_id = ? AND notice_delivery.state = 'waiting' ORDER BY told_at, notice_delivery.id`,
    [now, batch],
  );
}

/** Adds what else is due for the same person or robot to the row's batch. */
async function gather(tx: Transaction, row: Row, now: string): Promise<void> {
  const endpoint = optionalText(row, "endpoint_id");
  const others = await tx.query(
    `SELECT id FROM notice_delivery WHERE ${endpoint === null ? "person_id" : "endpoint_id"} = ? AND state = 'waiting'
     AND batch_id IS NULL AND gathered = 1 AND next_at <= ? ORDER BY next_at, id LIMIT ${mostGathered - 1}`,
    [endpoint ?? text(row, "person_id"), now],
  );
  const ids = others.map((other) => text(other, "id"));
  if (ids.length === 0) return;
  await tx.execute(`UPDATE notice_delivery SET batch_id = ? WHERE batch_id IS NULL AND id IN (${placesFor(ids)})`, [
    text(row, "id"),
    ...ids,
  ]);
}

/** How an attempt ended. */
export type Outcome =
  | { readonly state: "sent"; readonly at: string }
  | { readonly state: "overtaken" }
  | { readonly state: "failed"; readonly error: string; readonly passes: boolean; readonly now: string };

/** Writes down how an attempt ended, for these deliveries of a batch that this node holds. */
export async function settle(
  store: Store,
  rows: readonly Row[],
  { owner, outcome }: { readonly owner: string; readonly outcome: Outcome },
): Promise<void> {
  if (rows.length === 0) return;
  const attempts = Math.max(...rows.map((row) => Number(row["attempts"]))) + (outcome.state === "overtaken" ? 0 : 1);
  const wait = outcome.state === "failed" && outcome.passes ? backoffMinutes[attempts - 1] : undefined;
  const ids = rows.map((row) => text(row, "id"));
  await store.transaction((tx) =>
    tx.execute(
      `UPDATE notice_delivery SET state = ?, attempts = ?, last_error = ?, sent_at = ?, next_at = COALESCE(?, next_at),
         lease_owner = NULL, lease_until = NULL
       WHERE lease_owner = ? AND state = 'waiting' AND id IN (${placesFor(ids)})`,
      [
        outcome.state !== "failed" ? outcome.state : wait === undefined ? "dead" : "waiting",
        attempts,
        outcome.state === "failed" ? outcome.error.slice(0, 500) : null,
        outcome.state === "sent" ? outcome.at : null,
        outcome.state === "failed" && wait !== undefined ? addMs(outcome.now, wait * 60_000) : null,
        owner,
        ...ids,
      ],
    ),
  );
}
