import { changesBetween, touches } from "../../engine/approval/changes.ts";
import { stillPossible } from "../../engine/approval/way-back.ts";
import type { Command, Resumption } from "../../engine/execution/commands.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import { systemActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import { appendJournal, type JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";
import { outcomeTerms } from "../tasks/outcomes.ts";
import { addedItems, emptiedBy } from "./added-items.ts";
import { homeAt, homeOfToken, modelsAt } from "./homes.ts";
import { followsOf, stands } from "./plan.ts";
import { markFallen, snapshotOf } from "./return-task.ts";

type Completion = Extract<Command, { type: "completeTask" }>;

/** Where a decision leads that completes what a return asked for. */
type Way =
  | { readonly how: "asDrawn" }
  /** The outcome says something else than “corrected”. */
  | { readonly how: "over"; readonly row: Row }
  | { readonly how: "walkAgain"; readonly row: Row; readonly because: "asked" | "items" | "material" | "wayGone" }
  | { readonly how: "back"; readonly row: Row; readonly start: readonly Resumption[] };

/** The case in which it is asked; inside a transaction for what is done, outside for what is only shown. */
interface Asked {
  readonly query: Query;
  readonly instance: Row;
  readonly state: InstanceState;
}

/**
 * Where a decision completes what a return asked for, the case goes straight back to the returner by this rule, and not on as
 * drawn: unless a material field changed or an item was added, the way back is gone, or the outcome says something else than “corrected”.
 */
export async function leadBack(runtime: Runtime, within: Within, command: Command | null): Promise<Command | null> {
  if (command?.type !== "completeTask") return command;
  const { tx, instance, state } = within;
  const way = await wayOf(runtime, { query: tx.query, instance, state }, command);
  if (way.how === "asDrawn") return command;
  if (way.how === "over") return over(within, way.row, command);
  await tx.execute("UPDATE case_return SET state = 'corrected', corrected_at = ? WHERE id = ?", [
    within.now,
    text(way.row, "id"),
  ]);
  if (way.how === "back") return { ...command, type: "comeBack", start: way.start };
  if (way.because === "material" || way.because === "items") {
    const fallen = await walkAgain(runtime, within, way.row, way.because);
    await tell(within, [line(within, way.row, `return.${way.because}`)]);
    return { ...command, variables: { ...command.variables, ...emptiedBy(state, fallen) } };
  }
  if (way.because === "wayGone") await tell(within, [line(within, way.row, "return.wayGone")]);
  return command;
}

/** Whether a decision would lead straight back to whoever returned the case: then no flow onward is taken. */
export async function leadsBack(runtime: Runtime, asked: Asked, command: Completion): Promise<boolean> {
  return (await wayOf(runtime, asked, command)).how === "back";
}

/** An open step that a return asked for and that will lead straight back, with who returned the case. */
export interface WayBack {
  readonly wait: string;
  /** The step from which the case was returned. */
  readonly to: string;
  readonly by: { readonly id: string; readonly name: string };
  /** Where the case stands again when the step is done. */
  readonly start: readonly Resumption[];
  /** The same for an outcome; `null` where it then goes on as drawn. */
  readonly startFor: (outcome: string | null) => readonly Resumption[] | null;
}

/** The steps that will lead straight back, as the application stands now. */
export async function waysBack(runtime: Runtime, { query, instance, state }: Asked): Promise<readonly WayBack[]> {
  const rows = await query(
    "SELECT * FROM case_return WHERE instance_id = ? AND state = 'open' AND afterwards <> 'walkAgain' ORDER BY at DESC, id DESC",
    [text(instance, "id")],
  );
  const found: WayBack[] = [];
  for (const row of rows) {
    const wait = Object.values(state.waits).find(
      ({ type, element, token }) =>
        type === "task" &&
        element === text(row, "target") &&
        homeOfToken(state, token) === optionalText(row, "target_scope"),
    );
    if (!wait || (await walksAgainFor(runtime, instance, { row, state, written: {} }))) continue;
    const start = await wayOnward(runtime, { instance, state }, row);
    if (!start) continue;
    const startFor = (outcome: string | null) => (isCorrected({ outcome }) ? start : null);
    const by = { id: text(row, "by_id"), name: text(row, "by_name") };
    found.push({ wait: wait.id, to: text(row, "element"), by, start, startFor });
  }
  return found;
}

/** The places that a return left, as they can be taken again now; `null` where they cannot. */
async function wayOnward(
  runtime: Runtime,
  { instance, state }: Pick<Asked, "instance" | "state">,
  row: Row,
): Promise<readonly Resumption[] | null> {
  const places = json<readonly Resumption[]>(row, "way_back");
  const model = await runtime.models.get(text(instance, "definition_id"));
  const moment = { state, startedAt: text(instance, "started_at"), resumed: places };
  const { resolve } = await runtime.models.called(model, moment);
  return stillPossible(modelsAt({ model, state, calledProcess: resolve }), state, places);
}

async function wayOf(runtime: Runtime, { query, instance, state }: Asked, command: Completion): Promise<Way> {
  const wait = state.waits[command.wait];
  const [row] = await query(
    `SELECT * FROM case_return WHERE instance_id = ? AND state = 'open' AND target = ? AND COALESCE(target_scope, '') = ?
     ORDER BY at DESC, id DESC`,
    [text(instance, "id"), wait?.element ?? "", homeOfToken(state, wait?.token ?? "") ?? ""],
  );
  if (!row) return { how: "asDrawn" };
  if (!isCorrected(command)) return { how: "over", row };
  if (text(row, "afterwards") === "walkAgain") return { how: "walkAgain", row, because: "asked" };
  const because = await walksAgainFor(runtime, instance, { row, state, written: command.variables });
  if (because) return { how: "walkAgain", row, because };
  const start = await wayOnward(runtime, { instance, state }, row);
  return start ? { how: "back", row, start } : { how: "walkAgain", row, because: "wayGone" };
}

interface Since {
  readonly row: Row;
  readonly state: InstanceState;
  /** What is being written now. */
  readonly written: Variables;
}

/** What has changed since a return so that whoever decided has to decide again; `null` where nothing of that kind has. */
async function walksAgainFor(
  runtime: Runtime,
  instance: Row,
  { row, state, written }: Since,
): Promise<"items" | "material" | null> {
  const before = json<ReturnType<typeof snapshotOf>>(row, "snapshot");
  const now = { ...snapshotOf(state), ...pick(written, ["request", "forms"]) };
  // Nobody has decided on an item that is asked for only now.
  if (addedItems(before.request, now.request).length > 0) return "items";
  const { material } = await runtime.models.get(text(instance, "definition_id"));
  return touches(changesBetween({ ...before }, now), material) ? "material" : null;
}

function pick(variables: Variables, names: readonly string[]): Record<string, Json> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));
}

function isCorrected({ outcome }: Pick<Completion, "outcome">): boolean {
  return outcome === null || outcomeTerms[outcome]?.tone !== "negative";
}

async function over({ tx }: Within, row: Row, command: Command): Promise<Command> {
  await tx.execute("UPDATE case_return SET state = 'over' WHERE id = ?", [text(row, "id")]);
  return command;
}

/** A material change: whoever decided on the old facts decides again. */
async function walkAgain(
  runtime: Runtime,
  within: Within,
  row: Row,
  because: "items" | "material",
): Promise<readonly Row[]> {
  const { tx, instance, state } = within;
  const model = await runtime.models.get(text(instance, "definition_id"));
  const { resolve } = await runtime.models.called(model, { state, startedAt: text(instance, "started_at") });
  const scope = optionalText(row, "target_scope");
  const home = homeAt({ model, state, calledProcess: resolve }, scope);
  if (!home) throw new Error(`return ${text(row, "id")} leads into a call that has ended`);
  const rows = await tx.query(
    "SELECT * FROM task WHERE instance_id = ? AND state = 'completed' AND completed_at <= ? ORDER BY created_at, id",
    [text(instance, "id"), text(row, "at")],
  );
  const follows = followsOf(home, text(row, "target"), rows);
  const fallen = rows.filter((task) => stands(task) && follows(task));
  await tell(within, await markFallen(within, fallen, because));
  const known = json<readonly Json[]>(row, "fallen");
  const added = fallen.map((task) => ({ element: text(task, "element"), task: text(task, "id") }));
  await tx.execute("UPDATE case_return SET fallen = ?, afterwards = 'walkAgain' WHERE id = ?", [
    JSON.stringify([...known, ...added]),
    text(row, "id"),
  ]);
  return fallen;
}

function line({ now }: Within, row: Row, type: string): JournalLine {
  const payload = { return: text(row, "id"), by: optionalText(row, "by_name") ?? "" };
  return { at: now, type, element: text(row, "target"), actor: systemActor, payload };
}

async function tell({ tx, instance }: Within, lines: readonly JournalLine[]): Promise<void> {
  await appendJournal(tx, text(instance, "id"), lines);
}
