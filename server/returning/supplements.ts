import type { Principal } from "../identity/sessions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import { operateOnTask } from "../tasks/operate.ts";

/** The head of the organisation lets the applicant be asked once more, with the reason. */
export async function permitSecondSupplement(
  runtime: Runtime,
  principal: Principal,
  { taskId, rev, reason }: { readonly taskId: string; readonly rev: number; readonly reason: string },
  commandId: string | null,
): Promise<void> {
  const request = { principal, taskId, operation: "permitSecondSupplement", rev, reason, commandId } as const;
  await operateOnTask(runtime, request, {
    also: async ({ tx, instance, now }, { task, actor }) => {
      await tx.insert("second_supplement", {
        id: newId(),
        instance_id: text(instance, "id"),
        reason,
        by_id: actor.id,
        by_name: actor.name,
        at: now,
        used_at: null,
      });
      return [{ at: now, type: "supplement.permitted", element: text(task, "element"), actor, payload: { reason } }];
    },
  });
}
