import { proposeMigration } from "../../engine/analysis/operations/migration-plan.ts";
import type { MigrationPlan } from "../../engine/execution/commands.ts";
import { migrationProblems } from "../../engine/execution/migration.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { Problem } from "../../engine/model/problems.ts";
import { json, text } from "../store/rows.ts";
import { systemActor, type Actor } from "./actor.ts";
import { notFound, RuntimeProblem } from "./errors.ts";
import type { JournalLine } from "./journal.ts";
import type { Runtime } from "./runtime.ts";
import { voteProblems } from "./migrated-work.ts";
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
    const instanceId = text(row, "id");
    const problems = [
      ...migrationProblems(to, json<InstanceState>(row, "state"), plan),
      ...(await voteProblems(runtime.store.read, instanceId, to, plan)),
    ];
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
    decide: async ({ tx }) => {
      // Somebody may have signed since the cases were looked at.
      const [found] = await voteProblems(tx.query, instanceId, await runtime.models.get(to), plan);
      if (found) throw new RuntimeProblem(409, found.code, found.message);
      return { type: "migrate", plan, reason };
    },
    also: async ({ tx, now }) =>
      (await openRoundsOf(tx, instanceId)).flatMap((open) => (open.inCall ? [] : [roundKept(open, now)])),
  });
}

/** Votes that were cast under one policy are not counted by another: an open round ends as it began. */
function roundKept({ round, element }: OpenRound, at: string): JournalLine {
  const votes = round.signers.filter(({ vote }) => vote !== null).length;
  return { at, type: "round.kept", element, actor: systemActor, payload: { policy: round.policy.kind, votes } };
}
