import type { Json } from "../../engine/expressions/json.ts";
import { digestOf } from "../store/digest.ts";
import { integer, text } from "../store/rows.ts";
import type { Row, Store, Transaction } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import type { Actor } from "./actor.ts";

/** One line of a case's journal before it is chained. */
export interface JournalLine {
  readonly at: string;
  readonly type: string;
  readonly element: string | null;
  readonly actor: Actor;
  readonly payload: Readonly<Record<string, Json>>;
}

/** Appends lines to a case's journal, each chained to the one before by hash. */
export async function appendJournal(tx: Transaction, instanceId: string, lines: readonly JournalLine[]): Promise<void> {
  await appendJournals(tx, new Map([[instanceId, lines]]));
}

/** Appends lines to the journals of several cases, in one statement. */
export async function appendJournals(
  tx: Transaction,
  lines: ReadonlyMap<string, readonly JournalLine[]>,
): Promise<void> {
  const cases = [...lines].filter(([, added]) => added.length > 0).map(([instanceId]) => instanceId);
  if (cases.length === 0) return;
  const ends = await endsOf(tx, cases);
  const rows = cases.flatMap((instanceId) => {
    let { seq, hash: previous } = ends.get(instanceId) ?? { seq: 0, hash: "" };
    return (lines.get(instanceId) ?? []).map((line) => {
      seq += 1;
      const row = {
        instance_id: instanceId,
        seq,
        at: line.at,
        type: line.type,
        element: line.element,
        actor: JSON.stringify(line.actor),
        payload: JSON.stringify(line.payload),
        prev_hash: previous,
      };
      previous = hashOf(row);
      return { id: `${instanceId}:${seq}`, ...row, hash: previous };
    });
  });
  await tx.insertAll("journal", rows);
}

async function endsOf(
  tx: Transaction,
  cases: readonly string[],
): Promise<ReadonlyMap<string, { readonly seq: number; readonly hash: string }>> {
  const rows = await tx.query(
    `SELECT journal.instance_id, journal.seq, journal.hash FROM journal JOIN
       (SELECT instance_id, MAX(seq) AS seq FROM journal WHERE instance_id IN (${placesFor(cases)}) GROUP BY instance_id) AS last
       ON last.instance_id = journal.instance_id AND last.seq = journal.seq`,
    cases,
  );
  return new Map(
    rows.map((row) => [text(row, "instance_id"), { seq: integer(row, "seq"), hash: text(row, "hash") }] as const),
  );
}

type Chained = Readonly<Record<"instance_id" | "at" | "type" | "actor" | "payload" | "prev_hash", string>> & {
  readonly seq: number;
  readonly element: string | null;
};

function hashOf(row: Chained): string {
  const content = JSON.stringify([
    row.prev_hash,
    row.instance_id,
    row.seq,
    row.at,
    row.type,
    row.element,
    row.actor,
    row.payload,
  ]);
  return digestOf(content);
}

export interface JournalFault {
  readonly instanceId: string;
  readonly seq: number;
  readonly problem: "altered" | "missing";
}

/** Walks every chain and gives the first bad row of each case: altered, missing or out of order. */
export async function verifyJournal(store: Store): Promise<readonly JournalFault[]> {
  const faults = new Map<string, JournalFault>();
  const ends = new Map<string, { seq: number; hash: string }>();
  for (const row of await store.read("SELECT * FROM journal ORDER BY instance_id, seq")) {
    const instanceId = text(row, "instance_id");
    const fault = faultOf(row, ends.get(instanceId) ?? { seq: 0, hash: "" });
    if (fault && !faults.has(instanceId)) faults.set(instanceId, fault);
    ends.set(instanceId, { seq: integer(row, "seq"), hash: text(row, "hash") });
  }
  return [...faults.values()];
}

function faultOf(row: Row, before: { seq: number; hash: string }): JournalFault | null {
  const chained: Chained = {
    instance_id: text(row, "instance_id"),
    seq: integer(row, "seq"),
    at: text(row, "at"),
    type: text(row, "type"),
    element: row["element"] === null ? null : text(row, "element"),
    actor: text(row, "actor"),
    payload: text(row, "payload"),
    prev_hash: text(row, "prev_hash"),
  };
  if (chained.seq !== before.seq + 1) return { instanceId: chained.instance_id, seq: chained.seq, problem: "missing" };
  const sound = chained.prev_hash === before.hash && hashOf(chained) === text(row, "hash");
  return sound ? null : { instanceId: chained.instance_id, seq: chained.seq, problem: "altered" };
}
