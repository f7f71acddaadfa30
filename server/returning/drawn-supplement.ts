import type { EngineEvent } from "../../engine/execution/events.ts";
import { definitionAt } from "../forms/case-steps.ts";
import type { PersonActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import type { Row } from "../store/store.ts";
import { homeOfToken } from "./homes.ts";
import { isSupplement } from "./plan.ts";
import { keepReturn } from "./return-row.ts";
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
  within: Within,
  events: readonly EngineEvent[],
  { task, actor, reason, defects }: AskedSupplement,
): Promise<void> {
  const { instance, state } = within;
  for (const event of events) {
    if (event.type !== "task.created") continue;
    const model = await runtime.models.get(definitionAt(state, event.wait, instance));
    const target = model.elements.get(event.element);
    if (!target || !isSupplement(target)) continue;
    await keepReturn(
      within,
      { task, actor },
      {
        id: newId(),
        target: target.id,
        scope: homeOfToken(state, state.waits[event.wait]?.token ?? ""),
        kind: "applicant",
        afterwards: "walkAgain",
        reason,
        defects,
        supplement: true,
        wayBack: [],
        heldWork: [],
        fallen: [],
        snapshot: snapshotOf(state),
      },
    );
  }
}
