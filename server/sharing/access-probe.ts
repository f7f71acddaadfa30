import type { BlockList } from "node:net";
import { addMs } from "../../engine/calendar/dates.ts";
import type { Content } from "../content/load-content.ts";
import { ChannelError } from "../notices/channels/channel-error.ts";
import { guardedGet, requireSuccess } from "../notices/channels/guarded-call.ts";
import { systemActor } from "../runtime/actor.ts";
import type { Dispatcher, Within } from "../runtime/dispatch.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { integer, optionalText, text } from "../store/rows.ts";
import type { Row, Store, Transaction } from "../store/store.ts";
import { grantIn, tellPeople } from "./grants.ts";

/** Probes of one sweep at most; the others come with the next. */
const atOnce = 20;

/** Calls a health address and gives the HTTP status. Throws `ChannelError` where no answer came or none may be asked for. */
export type HealthCall = (url: string) => Promise<number>;

/** The outbound guard of webhooks: public addresses and those that the installation allows, no redirects, one time limit. */
export function guardedHealthCall(allowed: BlockList): HealthCall {
  return async (url) => (await guardedGet(url, allowed)).status;
}

export interface ProbeParts {
  readonly store: Store;
  readonly dispatcher: Dispatcher;
  readonly content: Pick<Content, "use">;
  readonly call: HealthCall;
}

/** Begins to probe what was delivered under a health address; a delivery without one is probed no more. */
export async function beginProbing(
  tx: Transaction,
  {
    instanceId,
    healthUrl,
    now,
  }: { readonly instanceId: string; readonly healthUrl: string | null; readonly now: string },
): Promise<void> {
  await tx.execute("DELETE FROM access_probe WHERE instance_id = ?", [instanceId]);
  if (healthUrl === null) return;
  await tx.insert("access_probe", {
    instance_id: instanceId,
    health_url: healthUrl,
    next_at: now,
    probes: 0,
    failed: 0,
    in_a_row: 0,
    last_at: null,
    last_status: null,
    last_error: null,
    unreachable_since: null,
  });
}

/**
 * Probes the delivered access that is due. Suspended and ended access is left alone: it is not to answer. Any number of nodes may
 * sweep; each probe is taken by a conditional update, and one that a node took and died with is made up for by the next. Gives
 * how many were made.
 */
export async function probeDue(parts: ProbeParts): Promise<number> {
  const now = parts.dispatcher.now();
  const due = await parts.store.read(
    `SELECT access_probe.* FROM access_probe JOIN access_grant ON access_grant.instance_id = access_probe.instance_id
     WHERE access_probe.next_at <= ? AND access_grant.state IN ('delivered', 'active')
     ORDER BY access_probe.next_at, access_probe.instance_id LIMIT ${atOnce}`,
    [now],
  );
  const made = await Promise.all(due.map((row) => probe(parts, row, now)));
  return made.filter((isMade) => isMade).length;
}

async function probe({ store, dispatcher, content, call }: ProbeParts, row: Row, now: string): Promise<boolean> {
  const instanceId = text(row, "instance_id");
  const next = addMs(now, content.use.probeMinutes * 60_000);
  const taken = await store.transaction((tx) =>
    tx.execute("UPDATE access_probe SET next_at = ? WHERE instance_id = ? AND next_at = ?", [
      next,
      instanceId,
      text(row, "next_at"),
    ]),
  );
  if (taken !== 1) return false;
  const found = await askedHealth(call, text(row, "health_url"));
  const result = resultOf(row, found, { now, mostFailures: content.use.probeFailures });
  if (!result.isTurn) await store.transaction((tx) => write(tx, row, result));
  else
    await dispatcher.dispatch({
      instanceId,
      actor: systemActor,
      commandId: null,
      decide: async () => null,
      also: (within) => tell(within, row, result),
    });
  return true;
}

interface Found {
  readonly status: number | null;
  readonly error: string | null;
}

async function askedHealth(call: HealthCall, url: string): Promise<Found> {
  let status: number | null = null;
  try {
    status = await call(url);
    requireSuccess({ status });
    return { status, error: null };
  } catch (error) {
    // Whatever it is, the access does not answer; what failed is kept and shown.
    return { status, error: (error instanceof ChannelError ? error.message : String(error)).slice(0, 200) };
  }
}

interface Result extends Found {
  readonly at: string;
  readonly inARow: number;
  readonly unreachableSince: string | null;
  /** Whether the access has stopped answering with this probe, or answers again. */
  readonly isTurn: boolean;
}

function resultOf(
  row: Row,
  found: Found,
  { now, mostFailures }: { readonly now: string; readonly mostFailures: number },
): Result {
  const inARow = found.error === null ? 0 : integer(row, "in_a_row") + 1;
  const before = optionalText(row, "unreachable_since");
  const unreachableSince = inARow >= mostFailures ? (before ?? now) : null;
  return { ...found, at: now, inARow, unreachableSince, isTurn: (before === null) !== (unreachableSince === null) };
}

/** Writes a result down; not where the data were delivered anew meanwhile, or another node was quicker. */
async function write(tx: Transaction, row: Row, result: Result): Promise<boolean> {
  const written = await tx.execute(
    `UPDATE access_probe SET probes = probes + 1, failed = failed + ?, in_a_row = ?, last_at = ?, last_status = ?,
       last_error = ?, unreachable_since = ? WHERE instance_id = ? AND health_url = ? AND probes = ?`,
    [
      result.error === null ? 0 : 1,
      result.inARow,
      result.at,
      result.status,
      result.error,
      result.unreachableSince,
      text(row, "instance_id"),
      text(row, "health_url"),
      integer(row, "probes"),
    ],
  );
  return written === 1;
}

/** Tells both sides once when the access stops answering, and the history when it answers again. */
async function tell({ tx, now }: Within, row: Row, result: Result): Promise<readonly JournalLine[]> {
  if (!(await write(tx, row, result))) return [];
  const id = text(row, "instance_id");
  const type = result.unreachableSince === null ? "access.reachable" : "access.unreachable";
  const payload = { grant: id, failures: result.inARow, error: result.error ?? "" };
  const line: JournalLine = { at: now, type, element: null, actor: systemActor, payload };
  const grant = await grantIn(tx, id);
  if (grant) await tellPeople(tx, grant, line);
  return [line];
}
