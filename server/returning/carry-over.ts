import { changesBetween, touches } from "../../engine/approval/changes.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { FlowNode } from "../../engine/model/process-model.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { systemActor } from "../runtime/actor.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { outcomeTerms } from "../tasks/outcomes.ts";

interface Opened {
  readonly tx: Transaction;
  readonly instanceId: string;
  readonly state: InstanceState;
  readonly taskId: string;
  readonly node: FlowNode | null;
}

/**
 * When the way is walked again after a return, a step that names what it looks at is not asked again if none of it changed and
 * its decision was favourable. Notes it; the system carries it over afterwards, in a step of its own.
 */
export async function noteCarryOver({ tx, instanceId, state, taskId, node }: Opened): Promise<void> {
  if (node?.kind !== "userTask" || node.reviews.length === 0) return;
  const [row] = await tx.query(
    "SELECT * FROM case_return WHERE instance_id = ? AND state = 'corrected' AND afterwards = 'walkAgain' ORDER BY at DESC, id DESC",
    [instanceId],
  );
  if (!row) return;
  const before = json<readonly { readonly element: string; readonly task: string }[]>(row, "fallen").find(
    ({ element }) => element === node.id,
  );
  if (!before) return;
  const [earlier] = await tx.query("SELECT outcome FROM task WHERE id = ?", [before.task]);
  const outcome = earlier ? optionalText(earlier, "outcome") : null;
  if (outcome === null || outcomeTerms[outcome]?.tone !== "positive") return;
  const root = Object.values(state.scopes).find(({ parent }) => parent === null)?.variables ?? {};
  const now: Json = { request: root["request"] ?? null, forms: root["forms"] ?? {} };
  if (touches(changesBetween(json<Json>(row, "snapshot"), now), node.reviews)) return;
  await tx.insert("carry_over", { id: newId(), instance_id: instanceId, task_id: taskId, from_task_id: before.task });
}

/** Carries over what was noted, each in a transaction of its own, as the system and never as the person. Gives how many. */
export async function carryOver(runtime: Runtime): Promise<number> {
  const rows = await runtime.store.read(
    "SELECT carry_over.* FROM carry_over JOIN instance ON instance.id = carry_over.instance_id WHERE instance.status <> 'suspended' ORDER BY carry_over.id",
  );
  for (const row of rows) await carryOne(runtime, row);
  return rows.length;
}

async function carryOne(runtime: Runtime, row: Row): Promise<void> {
  const taken: { earlier: Row | null; task: Row | null } = { earlier: null, task: null };
  try {
    await runtime.dispatcher.dispatch({
      instanceId: text(row, "instance_id"),
      actor: systemActor,
      commandId: null,
      decide: async ({ tx }) => {
        await tx.execute("DELETE FROM carry_over WHERE id = ?", [text(row, "id")]);
        const [task] = await tx.query("SELECT * FROM task WHERE id = ? AND state = 'open'", [text(row, "task_id")]);
        const [earlier] = await tx.query("SELECT * FROM task WHERE id = ?", [text(row, "from_task_id")]);
        if (!task || !earlier) return null;
        Object.assign(taken, { task, earlier });
        return { type: "completeTask", wait: text(task, "wait_id"), outcome: text(earlier, "outcome"), variables: {} };
      },
      also: async ({ tx, now }) => {
        const { task, earlier } = taken;
        if (!task || !earlier) return [];
        await tx.execute("UPDATE task SET carried_from = ? WHERE id = ?", [text(earlier, "id"), text(task, "id")]);
        const payload = {
          task: text(task, "id"),
          from: text(earlier, "id"),
          who: optionalText(earlier, "assignee_name") ?? "",
          outcome: text(earlier, "outcome"),
          at: text(earlier, "completed_at"),
        };
        return [{ at: now, type: "decision.carriedOver", element: text(task, "element"), actor: systemActor, payload }];
      },
    });
  } catch (error) {
    // Somebody was quicker: the task is theirs, and there is nothing to carry over.
    if (!(error instanceof RuntimeProblem && error.status === 409)) throw error;
    await runtime.store.transaction((tx) => tx.execute("DELETE FROM carry_over WHERE id = ?", [text(row, "id")]));
  }
}
