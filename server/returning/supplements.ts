import type { Json } from "../../engine/expressions/json.ts";
import type { Principal } from "../identity/sessions.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Query, Row, Transaction } from "../store/store.ts";
import { operateOnTask } from "../tasks/operate.ts";
import { usedUp } from "../tasks/used-up.ts";

/** Whether the one supplement that may be asked for has been used, and whether a head has permitted another. */
export async function supplementUse(
  runtime: Runtime,
  query: Query,
  instance: Row,
  variables: Readonly<Record<string, Json>>,
): Promise<{ readonly used: boolean; readonly permitted: boolean }> {
  const id = text(instance, "id");
  const returns = await query("SELECT id FROM case_return WHERE instance_id = ? AND supplement = 1", [id]);
  const permits = await query("SELECT id FROM second_supplement WHERE instance_id = ? AND used_at IS NULL", [id]);
  const used = returns.length > 0 || usedUp(runtime, instance, variables, "supplement") !== null;
  return { used, permitted: permits.length > 0 };
}

/** Why a supplement may not be asked for now; `null` where it may. The applicant is told once (State Council Order 809). */
export async function supplementProblem(
  runtime: Runtime,
  tx: Pick<Transaction, "query">,
  instance: Row,
  variables: Readonly<Record<string, Json>>,
): Promise<RuntimeProblem | null> {
  const { query } = tx;
  const { used, permitted } = await supplementUse(runtime, query, instance, variables);
  if (!used || permitted) return null;
  return new RuntimeProblem(
    409,
    "SUPPLEMENT_USED_UP",
    {
      zh: "只能一次性告知补正，本案已退回补正过一次",
      en: "A supplement is asked for once; this case has been returned already",
    },
    {
      zh: "确有必要的，须由本单位负责人说明理由批准；批准的二次补正计入违规统计",
      en: "Where it cannot be helped the head of the organisation approves it with the reason, and it is counted as a violation",
    },
  );
}

/** The head of the organisation lets the applicant be asked once more, with the reason. */
export async function permitSecondSupplement(
  runtime: Runtime,
  principal: Principal,
  { taskId, rev, reason }: { readonly taskId: string; readonly rev: number; readonly reason: string },
): Promise<void> {
  const request = { principal, taskId, operation: "permitSecondSupplement", rev, reason, commandId: null } as const;
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
