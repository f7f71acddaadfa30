import { mayOperate, type Operation } from "../../engine/approval/operations.ts";
import type { Principal } from "../identity/sessions.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Row } from "../store/store.ts";
import { situationOf } from "./operate.ts";
import { standingOf, type Query } from "./standing.ts";

/**
 * Refuses, as the door would, whoever may not do this to the task (or, without one, to the case) now: for what is only shown
 * before it is done.
 */
export async function requireAllowed(
  runtime: Runtime,
  principal: Principal,
  { operation, instance, task }: { readonly operation: Operation; readonly instance: Row; readonly task: Row | null },
): Promise<void> {
  const query: Query = (sql, parameters) => runtime.store.read(sql, parameters);
  const { held } = await standingOf({ query, content: runtime.content, principal, instance, task });
  if (held.size === 0) throw notFound();
  const verdict = mayOperate(operation, held, await situationOf(query, instance, task));
  if (!verdict.allowed)
    throw new RuntimeProblem(verdict.code === "OPERATION_NOT_YOURS" ? 403 : 409, verdict.code, verdict.message);
}
