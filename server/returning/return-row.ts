import type { Resumption } from "../../engine/execution/commands.ts";
import type { PersonActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import type { HeldWork } from "./holders.ts";
import type { Afterwards, TargetKind } from "./plan.ts";
import type { Defect } from "./return-task.ts";

/** A request for correction: by a return, or by the outcome that a process draws for it. */
interface KeptReturn {
  readonly id: string;
  readonly target: string;
  /** The called process in which the target stands; `null` in the case's own. */
  readonly scope: string | null;
  readonly kind: TargetKind;
  readonly afterwards: Afterwards;
  readonly reason: string;
  readonly defects: readonly Defect[];
  readonly supplement: boolean;
  readonly wayBack: readonly Resumption[];
  /** The open work that it ends. */
  readonly heldWork: readonly HeldWork[];
  /** Decisions that fall with it. */
  readonly fallen: readonly Row[];
  /** What the case held then, for what changes since. */
  readonly snapshot: unknown;
}

/** Keeps it as open, asked for by the person from the task. */
export async function keepReturn(
  { tx, instance, now }: Within,
  { task, actor }: { readonly task: Row; readonly actor: PersonActor },
  kept: KeptReturn,
): Promise<void> {
  await tx.insert("case_return", {
    id: kept.id,
    instance_id: text(instance, "id"),
    task_id: text(task, "id"),
    element: text(task, "element"),
    target: kept.target,
    target_scope: kept.scope,
    kind: kept.kind,
    afterwards: kept.afterwards,
    reason: kept.reason,
    defects: JSON.stringify(kept.defects),
    supplement: kept.supplement ? 1 : 0,
    way_back: JSON.stringify(kept.wayBack),
    held_work: JSON.stringify(kept.heldWork),
    snapshot: JSON.stringify(kept.snapshot),
    fallen: JSON.stringify(kept.fallen.map((row) => ({ element: text(row, "element"), task: text(row, "id") }))),
    by_id: actor.id,
    by_name: actor.name,
    organisation_id: text(task, "organisation_id"),
    role: text(task, "role"),
    at: now,
    state: "open",
    corrected_at: null,
  });
}
