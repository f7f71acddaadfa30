import type { EngineEvent } from "../../engine/execution/events.ts";
import { definitionAt } from "../forms/case-steps.ts";
import type { PersonActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { homeOfToken } from "./homes.ts";
import { isSupplement } from "./plan.ts";
import { snapshotOf, type Defect } from "./return-task.ts";

/** What whoever asks for a supplement tells the applicant. */
export interface AskedSupplement {
  readonly task: Row;
  readonly actor: PersonActor;
  readonly reason: string;
  readonly defects: readonly Defect[];
}

/**
 * Where the process itself leads to the step at which the applicant supplements, it is a return like any other: what was asked for
 * is told beside the form, and what the resubmission changed is compared with what the application said now. The way is drawn, so
 * no decision falls and none comes straight back.
 */
export async function noteDrawnSupplement(
  runtime: Runtime,
  { tx, instance, state, now }: Within,
  events: readonly EngineEvent[],
  { task, actor, reason, defects }: AskedSupplement,
): Promise<void> {
  for (const event of events) {
    if (event.type !== "task.created") continue;
    const model = await runtime.models.get(definitionAt(state, event.wait, instance));
    const target = model.elements.get(event.element);
    if (!target || !isSupplement(target)) continue;
    await tx.insert("case_return", {
      id: newId(),
      instance_id: text(instance, "id"),
      task_id: text(task, "id"),
      element: text(task, "element"),
      target: target.id,
      target_scope: homeOfToken(state, state.waits[event.wait]?.token ?? ""),
      kind: "applicant",
      afterwards: "walkAgain",
      reason,
      defects: JSON.stringify(defects),
      supplement: 1,
      way_back: "[]",
      snapshot: JSON.stringify(snapshotOf(state)),
      fallen: "[]",
      by_id: actor.id,
      by_name: actor.name,
      organisation_id: text(task, "organisation_id"),
      role: text(task, "role"),
      at: now,
      state: "open",
      corrected_at: null,
    });
  }
}
