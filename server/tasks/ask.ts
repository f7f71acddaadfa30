import { mayOperate, type Operation, type Verdict } from "../../engine/approval/operations.ts";
import { participantsOf } from "../identity/participants.ts";
import type { Principal } from "../identity/sessions.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { situationOf } from "./operate.ts";
import { standingOf } from "./standing.ts";

/** What the matrix says of one operation after another, on one task or on the case itself. */
export type Verdicts = (operation: Operation) => Verdict;

/** Answers for one reader of one case what the door would say now, task by task. */
export type Asking = (task: Row | null) => Promise<Verdicts>;

/** Lets a reader ask about the tasks of a case. Throws 404 for whoever has nothing to do with what they ask about. */
export async function askingAbout(runtime: Runtime, principal: Principal, instance: Row): Promise<Asking> {
  const query = runtime.store.read;
  const involved = await participantsOf(query, text(instance, "id"));
  return async (task) => {
    const { held } = await standingOf({ query, content: runtime.content, principal, instance, involved, task });
    if (held.size === 0) throw notFound();
    const situation = await situationOf(query, instance, task);
    return (operation) => mayOperate(operation, held, situation);
  };
}

/**
 * Refuses, as the door would, whoever may not do this to the task (or, without one, to the case) now: for what is only shown
 * before it is done.
 */
export async function requireAllowed(
  runtime: Runtime,
  principal: Principal,
  { operation, instance, task }: { readonly operation: Operation; readonly instance: Row; readonly task: Row | null },
): Promise<void> {
  const asking = await askingAbout(runtime, principal, instance);
  const verdict = (await asking(task))(operation);
  if (!verdict.allowed)
    throw new RuntimeProblem(verdict.code === "OPERATION_NOT_YOURS" ? 403 : 409, verdict.code, verdict.message);
}
