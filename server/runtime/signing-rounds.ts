import type { Signer, SigningRound } from "../../engine/approval/round.ts";
import { newId } from "../store/ids.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";

export interface StoredRound {
  readonly id: string;
  readonly round: SigningRound;
}

/** The open round of a step, or `null` where one person signs it. */
export async function roundOf(
  tx: Pick<Transaction, "query">,
  instanceId: string,
  wait: string,
): Promise<StoredRound | null> {
  const [row] = await tx.query(
    "SELECT id, round FROM signing_round WHERE instance_id = ? AND wait_id = ? AND state = 'open'",
    [instanceId, wait],
  );
  return row ? { id: text(row, "id"), round: json<SigningRound>(row, "round") } : null;
}

/** A round that has no result yet, at the element that its step has now. */
export interface OpenRound extends StoredRound {
  readonly element: string;
  /** Whether the step stands in a called process, which keeps its version. */
  readonly inCall: boolean;
}

/** The rounds of a case that have no result yet. */
export async function openRoundsOf(tx: Pick<Transaction, "query">, instanceId: string): Promise<readonly OpenRound[]> {
  const rows = await tx.query(
    `SELECT signing_round.id, signing_round.round, MIN(task.element) AS element, MIN(task.called) AS called FROM signing_round
     JOIN task ON task.instance_id = signing_round.instance_id AND task.wait_id = signing_round.wait_id
     WHERE signing_round.instance_id = ? AND signing_round.state = 'open' GROUP BY signing_round.id, signing_round.round ORDER BY signing_round.id`,
    [instanceId],
  );
  return rows.map((row) => ({
    id: text(row, "id"),
    round: json<SigningRound>(row, "round"),
    element: text(row, "element"),
    inCall: optionalText(row, "called") !== null,
  }));
}

/**
 * Everybody who has a part of a task's round beside that task: who is or will be asked by name, who has signed, and for whom
 * somebody has. None of them takes another part. Empty where one person signs the step.
 */
export async function partsBeside(tx: Pick<Transaction, "query">, task: Row): Promise<ReadonlySet<string>> {
  const signer = optionalText(task, "signer");
  if (signer === null) return new Set();
  const [instanceId, wait] = [text(task, "instance_id"), text(task, "wait_id")];
  const rows = await tx.query(
    `SELECT assignee_id, on_behalf_id FROM task WHERE instance_id = ? AND wait_id = ? AND id <> ? AND kind = 'decide' AND signer IS NOT NULL
       AND state <> 'cancelled'`,
    [instanceId, wait, text(task, "id")],
  );
  const stored = await roundOf(tx, instanceId, wait);
  const acted = rows.flatMap((row) => [optionalText(row, "assignee_id"), optionalText(row, "on_behalf_id")]);
  return new Set([...acted, ...(stored ? askedBeside(stored.round, signer) : [])].filter((person) => person !== null));
}

/** Who is asked by name in the places of the other signers, also one whose turn comes later. */
export function askedBeside({ signers }: SigningRound, signer: string): readonly string[] {
  return signers.flatMap(({ id, person, state }) =>
    id !== signer && person && state !== "removed" ? [person.id] : [],
  );
}

/** Keeps a new round. `step` is a row of the step's task: whoever is asked now gets a piece of work like it. */
export async function keepNewRound(tx: Transaction, round: SigningRound, step: Row, now: string): Promise<void> {
  await insertRound(tx, round, step, now);
  for (const signer of round.signers) if (signer.state === "active") await insertWork(tx, signer, step, now);
}

/** Begins a round at a step that one person has in hand: their task is from now on the first signer's piece of work. */
export async function keepRoundAround(
  tx: Transaction,
  round: SigningRound,
  task: Row,
  now: string,
): Promise<StoredRound> {
  const id = await insertRound(tx, round, task, now);
  await tx.execute("UPDATE task SET signer = ?, rev = rev + 1 WHERE id = ?", [
    round.signers[0]?.id ?? null,
    text(task, "id"),
  ]);
  return { id, round };
}

async function insertRound(tx: Transaction, round: SigningRound, step: Row, now: string): Promise<string> {
  const id = newId();
  await tx.insert("signing_round", {
    id,
    instance_id: text(step, "instance_id"),
    wait_id: text(step, "wait_id"),
    round: JSON.stringify(round),
    state: "open",
    opened_at: now,
    settled_at: null,
  });
  return id;
}

/** Writes what has changed in a round, and opens, closes or puts aside the signers' pieces of work to match. */
export async function keepRound(
  tx: Transaction,
  { id, round: before }: StoredRound,
  after: SigningRound,
  step: Row,
  now: string,
): Promise<void> {
  await tx.execute("UPDATE signing_round SET round = ?, state = ?, settled_at = ? WHERE id = ?", [
    JSON.stringify(after),
    after.result ? "settled" : "open",
    after.result ? now : null,
    id,
  ]);
  const known = new Map(before.signers.map((signer) => [signer.id, signer.state]));
  for (const signer of after.signers)
    if (known.get(signer.id) !== signer.state) await followSigner(tx, signer, step, now);
  await closeAskedOf(tx, step, now);
}

/** What a signer had asked of others is no longer needed once their own piece of work is over. */
async function closeAskedOf(tx: Transaction, step: Row, now: string): Promise<void> {
  const over = await tx.query(
    `SELECT asked.id FROM task AS asked JOIN task AS parent ON parent.id = asked.parent_id
     WHERE asked.instance_id = ? AND asked.wait_id = ? AND asked.kind <> 'decide' AND asked.state IN ('open', 'waiting')
       AND parent.state IN ('completed', 'cancelled')`,
    [text(step, "instance_id"), text(step, "wait_id")],
  );
  for (const asked of over)
    await tx.execute(
      "UPDATE task SET state = 'cancelled', closed_because = 'notNeeded', completed_at = ?, rev = rev + 1 WHERE id = ?",
      [now, text(asked, "id")],
    );
}

async function followSigner(tx: Transaction, signer: Signer, step: Row, now: string): Promise<void> {
  const ofSigner = "instance_id = ? AND wait_id = ? AND signer = ?";
  const key = [text(step, "instance_id"), text(step, "wait_id"), signer.id];
  switch (signer.state) {
    case "pending":
      return;
    case "active": {
      const reopened = await tx.execute(
        `UPDATE task SET state = 'open', rev = rev + 1 WHERE ${ofSigner} AND state = 'waiting'`,
        key,
      );
      if (reopened === 0) await insertWork(tx, signer, step, now);
      return;
    }
    case "waiting":
      await tx.execute(`UPDATE task SET state = 'waiting', rev = rev + 1 WHERE ${ofSigner} AND state = 'open'`, key);
      return;
    case "held":
    case "signed":
      await tx.execute(
        `UPDATE task SET state = 'completed', outcome = ?, completed_at = ?, rev = rev + 1 WHERE ${ofSigner} AND state = 'open'`,
        [signer.vote?.outcome ?? null, now, ...key],
      );
      return;
    case "notNeeded":
    case "removed":
    case "absent":
      await tx.execute(
        `UPDATE task SET state = 'cancelled', closed_because = ?, completed_at = ?, rev = rev + 1 WHERE ${ofSigner} AND state IN ('open', 'waiting')`,
        [signer.state, now, ...key],
      );
  }
}

/** Another person signs in a signer's stead, where the signer's piece of work was handed on. */
export async function passSignature(
  tx: Transaction,
  task: Row,
  person: { readonly id: string; readonly name: string } | null,
): Promise<void> {
  const signer = optionalText(task, "signer");
  const stored = signer === null ? null : await roundOf(tx, text(task, "instance_id"), text(task, "wait_id"));
  if (!stored) return;
  const signers = stored.round.signers.map((known) => (known.id === signer ? { ...known, person } : known));
  await tx.execute("UPDATE signing_round SET round = ? WHERE id = ?", [
    JSON.stringify({ ...stored.round, signers }),
    stored.id,
  ]);
}

/** Opens the piece of work of a signer, like the step's own task but for whom it is. */
async function insertWork(tx: Transaction, signer: Signer, step: Row, now: string): Promise<void> {
  const { added } = signer;
  const asker = added ? await askerOf(tx, step, added.by) : null;
  await tx.insert("task", {
    ...step,
    id: newId(),
    signer: signer.id,
    organisation_id: signer.organisation,
    role: signer.role,
    assignee_id: signer.person?.id ?? null,
    assignee_name: signer.person?.name ?? null,
    by_name: added ? 1 : null,
    owner_id: asker ? optionalText(asker, "assignee_id") : null,
    owner_name: asker ? optionalText(asker, "assignee_name") : null,
    ask: null,
    ...(added && { choice_id: null }),
    ...fresh,
    created_at: now,
  });
}

async function askerOf(tx: Transaction, step: Row, signer: string): Promise<Row | null> {
  const [row] = await tx.query(
    "SELECT assignee_id, assignee_name FROM task WHERE instance_id = ? AND wait_id = ? AND signer = ?",
    [text(step, "instance_id"), text(step, "wait_id"), signer],
  );
  return row ?? null;
}

/** What no piece of work takes over from another. */
const fresh = {
  state: "open",
  outcome: null,
  reason_code: null,
  citation: null,
  opinion: null,
  completed_at: null,
  closed_because: null,
  opened_at: null,
  on_behalf_id: null,
  on_behalf_name: null,
  parent_id: null,
  kind: "decide",
  transfers: 0,
  rev: 1,
} as const;
