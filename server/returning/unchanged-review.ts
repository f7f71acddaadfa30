import { changesBetween, touches } from "../../engine/approval/changes.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { TaskActivity } from "../../engine/model/process-model.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { json, optionalText } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { outcomeTerms } from "../tasks/outcomes.ts";
import { snapshotOf } from "./return-task.ts";

/**
 * The decision of a step that fell by a return and holds all the same when the way is walked again: the step names what it looks
 * at (`jieli:reviews`), none of it changed, and the decision was favourable. `null` where the step is to be asked again.
 */
export async function unchangedReview(
  { tx, instanceId }: { readonly tx: Transaction; readonly instanceId: string },
  state: InstanceState,
  node: TaskActivity,
): Promise<Row | null> {
  if (node.reviews.length === 0) return null;
  const [row] = await tx.query(
    "SELECT * FROM case_return WHERE instance_id = ? AND state = 'corrected' AND afterwards = 'walkAgain' ORDER BY at DESC, id DESC",
    [instanceId],
  );
  if (!row) return null;
  const before = json<readonly { readonly element: string; readonly task: string }[]>(row, "fallen").find(
    ({ element }) => element === node.id,
  );
  if (!before) return null;
  const [earlier] = await tx.query("SELECT id, outcome, assignee_name, completed_at FROM task WHERE id = ?", [
    before.task,
  ]);
  const outcome = earlier ? optionalText(earlier, "outcome") : null;
  if (!earlier || outcome === null || outcomeTerms[outcome]?.tone !== "positive") return null;
  return touches(changesBetween(json<Json>(row, "snapshot"), snapshotOf(state)), node.reviews) ? null : earlier;
}
