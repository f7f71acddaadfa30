import type { Actor } from "../../../server/runtime/actor.ts";
import { verifyLedger } from "../../../server/runtime/decision-record.ts";
import { verifyJournal } from "../../../server/runtime/journal.ts";
import { toldOnce } from "../../../server/api/instances/told-once.ts";
import type { HistoryLine } from "../../../server/api/instances/instances.schema.ts";
import { integer, json, text } from "../../../server/store/rows.ts";
import type { Row } from "../../../server/store/store.ts";
import { idOf, type World } from "./world.ts";

/** Lines of the engine that are the machine's own; every other line of a journal is told to people. */
const machines =
  /^(element\.(entered|completed|cancelled)|flow\.taken|variables\.changed|limit\.|clocks\.|timer\.|job\.|subscription\.|scope\.|tokens\.cameBack|task\.completed|clock\.kept)/;

/** Journal and ledger are whole, and each event is told in a sentence of both languages. */
export async function traceFaults({ bench }: World, instanceId: string): Promise<readonly string[]> {
  const { store } = bench.runtime;
  const chains = (await verifyJournal(store)).map(({ seq, problem }) => `line ${seq} of the journal is ${problem}`);
  const ledger = (await verifyLedger(store)).map(({ problem }) => `a record of the ledger is ${problem}`);
  const answer = await (await bench.as("huang")).get(`/api/instances/${instanceId}`);
  if (answer.status !== 200) return [...chains, ...ledger, `the case cannot be read: ${answer.text}`];
  const lines = new Map((answer.body.history as HistoryLine[]).map((line) => [line.seq, line]));
  const journal = await store.read("SELECT seq, type, at, actor FROM journal WHERE instance_id = ? ORDER BY seq", [
    instanceId,
  ]);
  // Where another line tells the same act more fully, that one speaks for both.
  const untold = toldOnce(journal).flatMap((row) => {
    const line = lines.get(integer(row, "seq"));
    if (!line) return machines.test(text(row, "type")) ? [] : [`${text(row, "type")} is told to nobody`];
    const { zh, en } = line.sentence;
    const sound = zh !== "" && en !== "" && zh !== en && /[一-龥]/.test(zh) && !/undefined|null|\[object/.test(zh + en);
    return sound ? [] : [`${text(row, "type")} is told as “${zh}” and “${en}”`];
  });
  return [...chains, ...ledger, ...new Set(untold)];
}

/** Lines that have been added to any journal since `known` lines stood in it. */
export async function linesSince({ bench }: World, known: ReadonlyMap<string, number>): Promise<readonly Row[]> {
  const rows = await bench.runtime.store.read("SELECT * FROM journal ORDER BY instance_id, seq");
  return rows.filter((row) => integer(row, "seq") > (known.get(text(row, "instance_id")) ?? 0));
}

export async function journalEnds({ bench }: World): Promise<ReadonlyMap<string, number>> {
  const rows = await bench.runtime.store.read("SELECT instance_id, MAX(seq) AS seq FROM journal GROUP BY instance_id");
  return new Map(rows.map((row) => [text(row, "instance_id"), integer(row, "seq")]));
}

/** What people do themselves; all that follows from it the system does. */
const personal = new RegExp(
  `^(${[
    "decision\\.(taken|takenBack)|items\\.decided|request\\.corrected|supplement\\.permitted|application\\.withdrawn",
    "task\\.(claimed|released|assigned|transferred|handedOver|opened|completed|urged)|work\\.(asked|answered|dismissed)",
    "signer\\.(added|removed|excused)|jump\\.(asked|done|refused)|tokens\\.moved|incident\\.resolved",
    "case\\.(returned|terminated|suspendedUntil|resumed|restarted|restartOf|operated|urged)",
    "process\\.(started|cancelled|suspended|resumed)|comment\\.added|copy\\.sent|watch\\.\\w+",
  ].join("|")})$`,
);

/** Only who asked for it is told to have done something; and who stood in for somebody was named for that. `null`: nobody asked. */
export async function attributionFaults(
  { bench, now }: World,
  lines: readonly Row[],
  account: string | null,
): Promise<readonly string[]> {
  const standing = await bench.runtime.store.read("SELECT * FROM substitution WHERE starts_at <= ? AND ends_at > ?", [
    now,
    now,
  ]);
  return lines.flatMap((line) => {
    const actor = json<Actor>(line, "actor");
    if (actor.kind !== "person") return [];
    const { onBehalfOf } = actor;
    const name = `${text(line, "type")} by ${actor.name}`;
    if (!personal.test(text(line, "type"))) return [`${name}, which nobody does themselves`];
    if (account === null || actor.id !== idOf(account)) return [`${name}, who did not ask for it`];
    if (!onBehalfOf) return [];
    const named = standing.some((row) => row["substitute_id"] === actor.id && row["person_id"] === onBehalfOf.id);
    return named ? [] : [`${name} for ${onBehalfOf.name}, for whom they do not stand in`];
  });
}
