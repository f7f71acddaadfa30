import { callsAround } from "../../engine/execution/process-scope.ts";
import type { Resumption } from "../../engine/execution/commands.ts";
import { renamedPlace } from "../../engine/execution/operations/migrate.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";

export interface Renaming {
  readonly tx: Transaction;
  readonly instanceId: string;
  /** The case after its migration. */
  readonly state: InstanceState;
}

type Names = Readonly<Record<string, string>>;

/** Gives the rows of a migrated case the names that its elements have in the new version. Called processes keep theirs. */
export async function renameElements(renaming: Renaming, elements: Names): Promise<void> {
  if (Object.keys(elements).length === 0) return;
  await renameReturns(renaming, elements);
  await renameEndedCalls(renaming, elements);
  await renameChoices(renaming, elements);
  await renameSupplements(renaming, elements);
  await renameTasks(renaming, elements);
  for (const [table, names] of naming) await renameRows(renaming, elements, table, names);
}

/** Tables whose rows name elements, and what of the running case each row hangs on. Clocks follow the event themselves. */
const naming = [
  ["timer", "wait_id"],
  ["job", "wait_id"],
  ["subscription", "wait_id"],
  ["incident", "token"],
  // Jumps go to elements of the case's own process.
  ["case_jump", null],
] as const;

async function renameRows(
  { tx, instanceId, state }: Renaming,
  elements: Names,
  table: (typeof naming)[number][0],
  hangsOn: "wait_id" | "token" | null,
): Promise<void> {
  const column = hangsOn === null ? "" : `, ${hangsOn}`;
  const rows = await tx.query(`SELECT id, element${column} FROM ${table} WHERE instance_id = ?`, [instanceId]);
  for (const row of rows) {
    const hook = hangsOn === null ? null : text(row, hangsOn);
    const token = hangsOn === "wait_id" ? state.waits[hook ?? ""]?.token : hook;
    if (isInCall(state, state.tokens[token ?? ""]?.scope ?? null)) continue;
    await tx.execute(`UPDATE ${table} SET element = ? WHERE id = ?`, [
      renamed(elements, text(row, "element")),
      text(row, "id"),
    ]);
  }
}

/** Work in a called process keeps its name; the outermost call that it stands in is named by the case's own process. */
async function renameTasks({ tx, instanceId }: Renaming, elements: Names): Promise<void> {
  for (const row of await tx.query("SELECT id, element, called FROM task WHERE instance_id = ?", [instanceId])) {
    const [outermost, ...inner] = optionalText(row, "called") === null ? [] : json<readonly Named[]>(row, "called");
    const calls = outermost && [{ ...outermost, call: renamed(elements, outermost.call) }, ...inner];
    await tx.execute("UPDATE task SET element = ?, called = ? WHERE id = ?", [
      calls ? text(row, "element") : renamed(elements, text(row, "element")),
      calls ? JSON.stringify(calls) : null,
      text(row, "id"),
    ]);
  }
}

interface Named {
  readonly call: string;
  readonly scope: string;
}

/** What was chosen for later steps names them: steps of the process in which it was chosen. */
async function renameChoices({ tx, instanceId }: Renaming, elements: Names): Promise<void> {
  const own = await ownTasks(tx, instanceId);
  for (const row of await tx.query("SELECT id, task_id, element, target FROM manual_choice WHERE instance_id = ?", [
    instanceId,
  ])) {
    if (!own.has(text(row, "task_id"))) continue;
    await tx.execute("UPDATE manual_choice SET element = ?, target = ? WHERE id = ?", [
      renamed(elements, text(row, "element")),
      renamed(elements, text(row, "target")),
      text(row, "id"),
    ]);
  }
}

/** Requests for a supplement are told by the step that asked. */
async function renameSupplements({ tx, instanceId }: Renaming, elements: Names): Promise<void> {
  const own = await ownTasks(tx, instanceId);
  for (const row of await tx.query("SELECT id, task_id, element FROM supplement_request WHERE instance_id = ?", [
    instanceId,
  ])) {
    if (!own.has(text(row, "task_id"))) continue;
    await tx.execute("UPDATE supplement_request SET element = ? WHERE id = ?", [
      renamed(elements, text(row, "element")),
      text(row, "id"),
    ]);
  }
}

/** The way back of a return names elements, too. */
async function renameReturns({ tx, instanceId, state }: Renaming, elements: Names): Promise<void> {
  const own = await ownTasks(tx, instanceId);
  const rows = await tx.query("SELECT * FROM case_return WHERE instance_id = ?", [instanceId]);
  for (const row of rows) {
    const wayBack = json<readonly Resumption[]>(row, "way_back").map((place) =>
      isInCall(state, place.scope) ? place : renamedPlace(place, { elements, flows: {} }),
    );
    const fallen = json<readonly Fallen[]>(row, "fallen").map((decision) =>
      own.has(decision.task) ? { ...decision, element: renamed(elements, decision.element) } : decision,
    );
    const [element, target] = [text(row, "element"), text(row, "target")];
    await tx.execute("UPDATE case_return SET element = ?, target = ?, way_back = ?, fallen = ? WHERE id = ?", [
      own.has(text(row, "task_id")) ? renamed(elements, element) : element,
      optionalText(row, "target_scope") === null ? renamed(elements, target) : target,
      JSON.stringify(wayBack),
      JSON.stringify(fallen),
      text(row, "id"),
    ]);
  }
}

async function renameEndedCalls({ tx, instanceId, state }: Renaming, elements: Names): Promise<void> {
  for (const row of await tx.query("SELECT id, place FROM ended_call WHERE instance_id = ?", [instanceId])) {
    const place = json<Resumption>(row, "place");
    if (isInCall(state, place.scope)) continue;
    const renamedTo = JSON.stringify(renamedPlace(place, { elements, flows: {} }));
    await tx.execute("UPDATE ended_call SET place = ? WHERE id = ?", [renamedTo, text(row, "id")]);
  }
}

interface Fallen {
  readonly element: string;
  readonly task: string;
}

/** Pieces of work that stand in no called process. */
async function ownTasks(tx: Transaction, instanceId: string): Promise<ReadonlySet<string>> {
  const rows = await tx.query("SELECT id FROM task WHERE instance_id = ? AND called IS NULL", [instanceId]);
  return new Set(rows.map((row: Row) => text(row, "id")));
}

function isInCall({ scopes }: InstanceState, scope: string | null): boolean {
  return scope !== null && callsAround({ get: (id) => scopes[id] }, scope).length > 0;
}

function renamed(elements: Names, element: string): string {
  return Object.hasOwn(elements, element) ? (elements[element] ?? element) : element;
}
