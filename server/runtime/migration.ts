import { proposeMigration } from "../../engine/analysis/operations/migration-plan.ts";
import type { MigrationPlan } from "../../engine/execution/commands.ts";
import { migrationProblems } from "../../engine/execution/migration.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { Problem } from "../../engine/model/problems.ts";
import { json, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { systemActor, type Actor } from "./actor.ts";
import { notFound, RuntimeProblem } from "./errors.ts";
import type { JournalLine } from "./journal.ts";
import type { Runtime } from "./runtime.ts";
import { openRoundsOf, type OpenRound } from "./signing-rounds.ts";

export interface MigrationRequest {
  readonly from: string;
  readonly to: string;
  /** `null` takes the proposed plan. */
  readonly plan: MigrationPlan | null;
  readonly reason: string;
  /** False only tells what would happen. */
  readonly apply: boolean;
}

export interface MigratedCase {
  readonly instanceId: string;
  readonly caseNumber: string;
  /** Why this case cannot go on with the new version; empty when it can. */
  readonly problems: readonly Problem[];
  readonly migrated: boolean;
}

/** Checks every running case of one version against another, and takes over those that fit, each in a transaction of its own. */
export async function migrateCases(
  runtime: Runtime,
  request: MigrationRequest,
  actor: Actor,
): Promise<{ plan: MigrationPlan; cases: readonly MigratedCase[] }> {
  await requireSameProcess(runtime, request);
  const [from, to] = [await runtime.models.get(request.from), await runtime.models.get(request.to)];
  const plan = request.plan ?? proposeMigration(from, to);
  const rows = await runtime.store.read(
    "SELECT id, case_number, state FROM instance WHERE definition_id = ? AND status IN ('running', 'suspended') ORDER BY started_at, id",
    [request.from],
  );
  const cases: MigratedCase[] = [];
  for (const row of rows) {
    const problems = migrationProblems(to, json<InstanceState>(row, "state"), plan);
    const instanceId = text(row, "id");
    const migrated = request.apply && problems.length === 0;
    if (migrated) await migrateOne(runtime, instanceId, plan, request, actor);
    cases.push({ instanceId, caseNumber: text(row, "case_number"), problems, migrated });
  }
  return { plan, cases };
}

async function requireSameProcess(runtime: Runtime, { from, to }: MigrationRequest): Promise<void> {
  const rows = await runtime.store.read("SELECT id, process_key FROM definition WHERE id IN (?, ?)", [from, to]);
  const keys = new Set(rows.map((row) => text(row, "process_key")));
  if (rows.length < 2) throw notFound();
  if (keys.size > 1) {
    throw new RuntimeProblem(422, "MIGRATION_OTHER_PROCESS", {
      zh: "只能迁移到同一流程的另一版本",
      en: "Cases move to another version of the same process only",
    });
  }
}

async function migrateOne(
  runtime: Runtime,
  instanceId: string,
  plan: MigrationPlan,
  { to, reason }: MigrationRequest,
  actor: Actor,
): Promise<void> {
  await runtime.dispatch({
    instanceId,
    actor,
    commandId: null,
    definitionId: to,
    decide: async () => ({ type: "migrate", plan, reason }),
    also: async ({ tx, now }) => (await openRoundsOf(tx, instanceId)).map((open) => roundKept(open, now)),
  });
}

/** Votes that were cast under one policy are not counted by another: an open round ends as it began. */
function roundKept({ round, element }: OpenRound, at: string): JournalLine {
  const votes = round.signers.filter(({ vote }) => vote !== null).length;
  return { at, type: "round.kept", element, actor: systemActor, payload: { policy: round.policy.kind, votes } };
}

/** Tables whose rows name elements of the running process. Clocks follow the event themselves. */
const naming = ["task", "timer", "job", "subscription", "incident"] as const;

/** Gives the rows of a migrated case the names that its elements have in the new version. */
export async function renameElements(
  tx: Transaction,
  instanceId: string,
  elements: Readonly<Record<string, string>>,
): Promise<void> {
  await renameReturns(tx, instanceId, elements);
  await renameChoices(tx, instanceId, elements);
  // By way of a name that no element has, so that two elements may change places.
  for (const table of naming) {
    for (const [old] of Object.entries(elements))
      await tx.execute(`UPDATE ${table} SET element = ? WHERE instance_id = ? AND element = ?`, [
        ` ${old}`,
        instanceId,
        old,
      ]);
    for (const [old, renamed] of Object.entries(elements))
      await tx.execute(`UPDATE ${table} SET element = ? WHERE instance_id = ? AND element = ?`, [
        renamed,
        instanceId,
        ` ${old}`,
      ]);
  }
}

/** What was chosen for later steps names them. */
async function renameChoices(
  tx: Transaction,
  instanceId: string,
  elements: Readonly<Record<string, string>>,
): Promise<void> {
  for (const row of await tx.query("SELECT id, element, target FROM manual_choice WHERE instance_id = ?", [instanceId]))
    await tx.execute("UPDATE manual_choice SET element = ?, target = ? WHERE id = ?", [
      elements[text(row, "element")] ?? text(row, "element"),
      elements[text(row, "target")] ?? text(row, "target"),
      text(row, "id"),
    ]);
}

/** The way back of a return names elements, too. */
async function renameReturns(
  tx: Transaction,
  instanceId: string,
  elements: Readonly<Record<string, string>>,
): Promise<void> {
  const renamed = (element: string) => (Object.hasOwn(elements, element) ? (elements[element] ?? element) : element);
  const rename = (row: Row, column: string) =>
    JSON.stringify(
      json<readonly { readonly element: string }[]>(row, column).map((place) => ({
        ...place,
        element: renamed(place.element),
      })),
    );
  for (const row of await tx.query("SELECT * FROM case_return WHERE instance_id = ?", [instanceId]))
    await tx.execute("UPDATE case_return SET element = ?, target = ?, way_back = ?, fallen = ? WHERE id = ?", [
      renamed(text(row, "element")),
      renamed(text(row, "target")),
      rename(row, "way_back"),
      rename(row, "fallen"),
      text(row, "id"),
    ]);
}
