import type { SigningRound } from "../../engine/approval/round.ts";
import type { MigrationPlan } from "../../engine/execution/commands.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { problem, type Problem } from "../../engine/model/problems.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { forbiddenByRoute } from "../tasks/forbidden.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Query, Row, Transaction } from "../store/store.ts";
import { sortAt } from "./clock-rows.ts";
import type { CaseClocks } from "./clocks.ts";
import { openRoundsOf } from "./signing-rounds.ts";

interface MigratedCase {
  readonly tx: Transaction;
  readonly instanceId: string;
  readonly state: InstanceState;
  readonly model: ProcessModel;
  readonly clocks: CaseClocks;
}

/**
 * Open work of a migrated case is from now on what the new version asks: with its name, outcomes, form and limit. What the new
 * version forbids is forbidden, and what the route does, by which it came to who has it; what only the old version forbade is not.
 * Who has it keeps it; called processes keep their version.
 */
export async function takeOverWork(migrated: MigratedCase): Promise<void> {
  const rows = await migrated.tx.query(
    "SELECT * FROM task WHERE instance_id = ? AND state IN ('open', 'waiting') AND called IS NULL",
    [migrated.instanceId],
  );
  const decisions = new Map(
    rows.filter((row) => text(row, "kind") === "decide").map((row) => [text(row, "wait_id"), row]),
  );
  for (const row of rows) await takeOver(migrated, row, decisions.get(text(row, "wait_id")) ?? row);
}

/** `decision`: the work of the step itself, to which the route's explanation belongs. */
async function takeOver({ tx, state, model, clocks }: MigratedCase, row: Row, decision: Row): Promise<void> {
  const node = model.elements.get(text(row, "element"));
  if (node?.kind !== "userTask") return;
  const isDecision = text(row, "kind") === "decide";
  // Who was chosen for the step may still not put it back.
  const bound = optionalText(row, "choice_id") === null ? [] : ["release"];
  const forbidden = [...new Set([...node.signing.forbids, ...forbiddenByRoute(decision), ...bound])];
  // Work that was asked of somebody by a moment of its own follows no clock.
  const clock = isDecision || optionalText(row, "clock_id") !== null ? clocks.around(state, text(row, "token")) : null;
  const dueAt = clock ? clock.ledger.dueAt : isDecision ? null : optionalText(row, "due_at");
  await tx.execute(
    "UPDATE task SET name = ?, name_en = ?, outcomes = ?, form = ?, forbidden = ?, clock_id = ?, due_at = ?, sort_at = ? WHERE id = ?",
    [
      node.name ?? node.id,
      node.documentation ?? node.name ?? node.id,
      isDecision ? node.outcomes.join(" ") : text(row, "outcomes"),
      isDecision ? node.form : optionalText(row, "form"),
      forbidden.length > 0 ? forbidden.join(" ") : null,
      clock?.id ?? null,
      dueAt,
      sortAt(dueAt),
      text(row, "id"),
    ],
  );
}

/** Rounds whose votes the new version could not count: they are for an outcome that its step does not know. */
export async function voteProblems(
  query: Query,
  instanceId: string,
  model: ProcessModel,
  plan: MigrationPlan,
): Promise<readonly Problem[]> {
  const rounds = await openRoundsOf({ query }, instanceId);
  return rounds.flatMap(({ round, element, inCall }) => {
    const node = model.elements.get(plan.elements[element] ?? element);
    if (inCall || node?.kind !== "userTask" || node.outcomes.length === 0) return [];
    const strange = votedFor(round).filter((outcome) => !node.outcomes.includes(outcome));
    return strange.length === 0 ? [] : [strangeVotes(element, strange)];
  });
}

function votedFor({ signers }: SigningRound): readonly string[] {
  const outcomes = signers.flatMap(({ vote }) => (vote && vote.stand !== "abstain" ? [vote.outcome] : []));
  return [...new Set(outcomes)];
}

function strangeVotes(element: string, outcomes: readonly string[]): Problem {
  const named = outcomes.join(", ");
  return problem(
    "MIGRATION_VOTES",
    element,
    `${element} 正在签署，已有签署结论 ${named}，新版本中没有；请在签署完成后迁移，或在新版本中保留该结论`,
    `${element} is being signed with votes for ${named}, which the new version does not know; move the case when it is signed, or keep the outcome`,
  );
}
