import type { SigningRound } from "../../../engine/approval/round.ts";
import type { InstanceState } from "../../../engine/execution/state.ts";
import type { Runtime } from "../../../server/runtime/runtime.ts";
import { json, optionalText, text } from "../../../server/store/rows.ts";
import type { Row } from "../../../server/store/store.ts";
import { isOpen } from "./acts.ts";

/** What the database says of one case, read once for all that is checked of it. */
export interface CaseRows {
  readonly instance: Row;
  readonly state: InstanceState;
  readonly tasks: readonly Row[];
  readonly rounds: readonly Row[];
  readonly records: readonly Row[];
  readonly incidents: readonly Row[];
  /** Whoever is in office, by organisation and role. */
  readonly posts: readonly Row[];
}

export async function caseRows({ store }: Runtime, instanceId: string): Promise<CaseRows> {
  const of = (table: string) => store.read(`SELECT * FROM ${table} WHERE instance_id = ?`, [instanceId]);
  const [instance] = await store.read("SELECT * FROM instance WHERE id = ?", [instanceId]);
  if (!instance) throw new Error(`${instanceId} is gone`);
  return {
    instance,
    state: json<InstanceState>(instance, "state"),
    tasks: await of("task"),
    rounds: await of("signing_round"),
    records: await of("decision_record"),
    incidents: await of("incident"),
    posts: await store.read(
      "SELECT post.* FROM post JOIN person ON person.id = post.person_id WHERE person.left_at IS NULL",
    ),
  };
}

const isAlive = ({ instance }: CaseRows) => instance["status"] === "running" || instance["status"] === "suspended";
const isDecision = (row: Row) => row["kind"] === "decide";

/** Whoever answers for an open task: those who hold its role, or who has it in hand, and who is not left out by the law. */
function accountableFor(rows: CaseRows, task: Row): readonly string[] {
  const holders = rows.posts
    .filter((post) => post["organisation_id"] === task["organisation_id"] && post["role"] === task["role"])
    .map((post) => text(post, "person_id"));
  const assignee = optionalText(task, "assignee_id");
  const isThere = rows.posts.some(
    (post) => post["person_id"] === assignee && post["organisation_id"] === task["organisation_id"],
  );
  const byName = Number(task["by_name"] ?? 0) === 1 && isThere;
  const asked = assignee === null ? holders : byName || holders.includes(assignee) ? [assignee] : [];
  if (task["kind"] === "consult") return asked;
  return asked.filter(
    (person) => !isLeftOut(rows, task, person) && (assignee !== null || !hasPart(rows, task, person)),
  );
}

/** Whoever has a part of a round takes no other. */
function hasPart({ tasks, rounds }: CaseRows, task: Row, person: string): boolean {
  if (task["signer"] === null) return false;
  const acted = tasks.some(
    (row) =>
      row["id"] !== task["id"] &&
      row["wait_id"] === task["wait_id"] &&
      isDecision(row) &&
      row["state"] !== "cancelled" &&
      (row["assignee_id"] === person || row["on_behalf_id"] === person),
  );
  const round = rounds.find((row) => row["wait_id"] === task["wait_id"] && row["state"] === "open");
  const { signers } = round ? json<SigningRound>(round, "round") : { signers: [] };
  const asked = signers.some(
    (each) => each.id !== task["signer"] && each.state !== "removed" && each.person?.id === person,
  );
  return acted || asked;
}

function isLeftOut({ instance, tasks }: CaseRows, task: Row, person: string): boolean {
  if (instance["started_by"] === person && !text(task, "role").startsWith("applicant-")) return true;
  const others = (optionalText(task, "four_eyes") ?? "").split(" ").filter((step) => step !== "");
  return tasks.some(
    (row) =>
      row["state"] === "completed" &&
      others.includes(optionalText(row, "step") ?? "") &&
      (row["assignee_id"] === person || row["on_behalf_id"] === person),
  );
}

/** Open decisions that nobody may take, by task. */
export function nobodysTasks(rows: CaseRows): readonly Row[] {
  if (!isAlive(rows)) return [];
  return rows.tasks.filter((task) => task["state"] === "open" && accountableFor(rows, task).length === 0);
}

/** Someone answers for each open step, and nothing is open that no step asks for. */
export function stepFaults(rows: CaseRows): readonly string[] {
  const { state, tasks, rounds, instance } = rows;
  const open = tasks.filter(isOpen);
  if (!isAlive(rows))
    return open.map((task) => `${String(task["element"])} is open in a case that is ${String(instance["status"])}`);
  const faults: string[] = [];
  const waits = Object.values(state.waits).filter(({ type }) => type === "task");
  for (const wait of waits) {
    const work = open.filter((task) => task["wait_id"] === wait.id && isDecision(task));
    const round = rounds.find((row) => row["wait_id"] === wait.id && row["state"] === "open");
    if (work.length === 0) faults.push(`${wait.element}: nobody is asked`);
    if (!round && work.length > 1) faults.push(`${wait.element}: ${work.length} decisions are open without a round`);
    faults.push(...waitingFaults(rows, work));
  }
  for (const task of open)
    if (!waits.some(({ id }) => id === task["wait_id"]))
      faults.push(`${String(task["element"])} is open and no step waits for it`);
  for (const task of open) faults.push(...parentFaults(rows, task));
  return faults;
}

/** Whatever waits, waits for somebody: for the answer of a delegate, or for a signer who was asked before it. */
function waitingFaults({ tasks, rounds }: CaseRows, work: readonly Row[]): readonly string[] {
  return work.flatMap((task) => {
    if (task["state"] !== "waiting") return [];
    const asked = tasks.some(
      (row) => row["parent_id"] === task["id"] && row["kind"] === "delegated" && row["state"] === "open",
    );
    const round = rounds.find((row) => row["wait_id"] === task["wait_id"] && row["state"] === "open");
    const { signers } = round ? json<SigningRound>(round, "round") : { signers: [] };
    const before = signers.filter(({ added }) => added?.by === task["signer"] && added?.place === "before");
    const isAsked = before.some(({ id }) => work.some((row) => row["signer"] === id));
    return asked || isAsked ? [] : [`${String(task["element"])} of ${String(task["assignee_name"])} waits for nobody`];
  });
}

function parentFaults({ tasks }: CaseRows, task: Row): readonly string[] {
  const parent = optionalText(task, "parent_id");
  if (parent === null) return [];
  const asking = tasks.find((row) => row["id"] === parent);
  const fits = asking && isOpen(asking) && (task["kind"] !== "delegated" || asking["state"] === "waiting");
  return fits ? [] : [`what ${String(task["assignee_name"])} was asked (${String(task["kind"])}) has no task any more`];
}

type Stand = "for" | "against" | "abstain" | "interrupts";
const stands: Readonly<Record<string, Stand>> = {
  approve: "for",
  pass: "for",
  resubmit: "for",
  refuse: "against",
  reject: "against",
  fail: "against",
  withdraw: "against",
  supplement: "interrupts",
  abstain: "abstain",
};

/** No vote of one person counts twice, and the tally is that of the votes which are in the ledger. */
export function voteFaults(rows: CaseRows): readonly string[] {
  return rows.rounds.flatMap((row) => roundFaults(rows, row, json<SigningRound>(row, "round")));
}

function roundFaults({ tasks, records }: CaseRows, row: Row, round: SigningRound): readonly string[] {
  const faults: string[] = [];
  const work = tasks.filter(
    (task) => task["wait_id"] === row["wait_id"] && isDecision(task) && task["signer"] !== null,
  );
  const cast = work.filter((task) => task["state"] === "completed");
  const recorded = records.filter((record) => work.some((task) => task["id"] === record["task_id"]));
  const persons = cast.flatMap((task) => [
    ...new Set([text(task, "assignee_id"), optionalText(task, "on_behalf_id") ?? text(task, "assignee_id")]),
  ]);
  if (new Set(persons).size !== persons.length) faults.push(`somebody signed twice: ${persons.join(" ")}`);
  const asked = round.signers
    .filter(({ state }) => state !== "removed")
    .flatMap(({ person }) => (person ? [person.id] : []));
  if (new Set(asked).size !== asked.length) faults.push(`somebody is asked twice: ${asked.join(" ")}`);
  const votes = round.signers.filter(({ vote }) => vote !== null);
  const told = (list: readonly string[]) => list.toSorted().join(" ");
  const byRound = told(votes.map(({ id, vote }) => `${id}:${vote?.outcome}`));
  const byTask = told(cast.map((task) => `${text(task, "signer")}:${text(task, "outcome")}`));
  const byLedger = told(
    recorded.map(
      (record) =>
        `${String(work.find((task) => task["id"] === record["task_id"])?.["signer"])}:${text(record, "outcome")}`,
    ),
  );
  if (byRound !== byTask || byRound !== byLedger)
    faults.push(`the round says ${byRound}, the tasks ${byTask}, the ledger ${byLedger}`);
  const weight = (wanted: (signer: SigningRound["signers"][number]) => boolean) =>
    round.signers
      .filter((signer) => signer.counts && signer.state !== "removed" && signer.state !== "absent" && wanted(signer))
      .reduce((sum, signer) => sum + signer.weight, 0);
  const of = (stand: Stand) => weight(({ vote }) => vote !== null && stands[vote.outcome] === stand);
  const tally = {
    for: of("for"),
    against: of("against"),
    abstain: of("abstain"),
    open: weight(({ vote }) => vote === null),
    total: weight(() => true),
  };
  if (round.result && JSON.stringify(round.result.tally) !== JSON.stringify(tally))
    faults.push(`the tally is ${JSON.stringify(round.result.tally)}, the votes make ${JSON.stringify(tally)}`);
  if (row["state"] === "open") faults.push(...openRoundFaults(work, round));
  else if (work.some(isOpen)) faults.push(`a round that is ${String(row["state"])} still asks`);
  return faults;
}

/** Whoever is asked now has a piece of work, and nobody else. */
function openRoundFaults(work: readonly Row[], { signers, result }: SigningRound): readonly string[] {
  const expected = signers.filter(({ state }) => state === "active" || state === "waiting");
  const wanted = expected
    .map(({ id, state, person }) => `${id} ${state === "active" ? "open|waiting" : "waiting"} ${person?.id ?? "-"}`)
    .toSorted();
  const found = work
    .filter(isOpen)
    .map((task) => {
      const state = signers.find(({ id }) => id === task["signer"])?.state;
      const told = state === "active" ? "open|waiting" : text(task, "state");
      return `${text(task, "signer")} ${told} ${optionalText(task, "assignee_id") ?? "-"}`;
    })
    .toSorted();
  const faults = result ? ["an open round has a result"] : [];
  return wanted.join(", ") === found.join(", ")
    ? faults
    : [...faults, `the round asks ${wanted.join(", ")}; there is ${found.join(", ")}`];
}

/** Nobody decides on their own application, for nobody and in no way; and every decision of a person is in the ledger once. */
export function decisionFaults({ instance, tasks, records }: CaseRows): readonly string[] {
  const own = (person: unknown) => person === instance["started_by"];
  const faults: string[] = [];
  for (const record of records) {
    const { onBehalfOf } = json<{ onBehalfOf: { id: string } | null }>(record, "basis");
    if (!text(record, "role").startsWith("applicant-") && (own(record["person_id"]) || own(onBehalfOf?.id)))
      faults.push(`${text(record, "person_name")} decided ${text(record, "element")} on their own application`);
  }
  for (const task of tasks.filter((row) => row["state"] === "completed")) {
    const mine = records.filter((record) => record["task_id"] === task["id"]);
    const expected = isDecision(task) && optionalText(task, "carried_from") === null ? 1 : 0;
    if (mine.length !== expected)
      faults.push(`${text(task, "element")} (${text(task, "kind")}) has ${mine.length} decisions in the ledger`);
    const part = task["kind"] !== "consult" && !text(task, "role").startsWith("applicant-");
    if (part && own(task["assignee_id"]))
      faults.push(`the applicant did ${text(task, "element")} (${text(task, "kind")})`);
    const [record] = mine;
    if (record && (record["person_id"] !== task["assignee_id"] || record["outcome"] !== task["outcome"]))
      faults.push(`${text(task, "element")}: the ledger and the task tell of different decisions`);
  }
  for (const record of records)
    if (!tasks.some((task) => task["id"] === record["task_id"] && task["state"] === "completed"))
      faults.push(`the ledger holds a decision on ${text(record, "element")} that was not taken`);
  return faults;
}
