import type { z } from "zod";
import { operationNames, operations, type OperationRule } from "../../../engine/approval/operations.ts";
import type { Actor } from "../../runtime/actor.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { kindOf } from "../../tasks/operate.ts";
import type { Verdicts } from "../../tasks/ask.ts";
import { actorName } from "../instances/history.ts";
import { organisationOf } from "../present.ts";
import { personIn, taskStateOf } from "./task-summary.ts";
import type { custodyStep, operationVerdict, TaskDetail } from "./tasks.schema.ts";

/** Every operation on a task, with what the matrix says to this reader now: screens show what is possible, and why not the rest. */
export function verdictViews(verdicts: Verdicts): z.infer<typeof operationVerdict>[] {
  return operationNames.map((operation) => {
    const { name, needsReason }: OperationRule = operations[operation];
    const verdict = verdicts(operation);
    if (verdict.allowed) return { operation, name, needsReason, allowed: true, code: null, message: null };
    return { operation, name, needsReason, allowed: false, code: verdict.code, message: { ...verdict.message } };
  });
}

/** What was asked of others under a task, oldest first. */
export async function workUnder(
  runtime: Runtime,
  task: Row,
  verdicts: readonly z.infer<typeof operationVerdict>[],
): Promise<TaskDetail["work"]> {
  const rows = await runtime.store.read(
    "SELECT * FROM task WHERE parent_id = ? AND kind <> 'decide' ORDER BY created_at, id",
    [text(task, "id")],
  );
  const mayAsk = verdicts.some(({ operation, allowed }) => operation === "consult" && allowed);
  return rows.map((row) => ({
    id: text(row, "id"),
    kind: kindOf(row),
    state: taskStateOf(row),
    assignee: personIn(row, "assignee"),
    onBehalfOf: personIn(row, "on_behalf"),
    organisation: organisationOf(runtime, text(row, "organisation_id")),
    askedBy: personIn(row, "owner"),
    question: optionalText(row, "ask") ?? "",
    answer: optionalText(row, "opinion"),
    dueAt: optionalText(row, "due_at"),
    createdAt: text(row, "created_at"),
    completedAt: optionalText(row, "completed_at"),
    rev: integer(row, "rev"),
    mayDismiss: mayAsk && text(row, "state") === "open" && kindOf(row) !== "delegated",
  }));
}

const custodyTypes = {
  "task.claimed": "claimed",
  "task.released": "released",
  "task.assigned": "assigned",
  "task.transferred": "transferred",
  "task.handedOver": "handedOver",
  "task.freed": "freed",
} as const;

interface CustodyPayload {
  readonly task: string;
  readonly from?: { readonly id: string; readonly name: string } | null;
  readonly to?: { readonly id: string; readonly name: string } | null;
  readonly reason?: string;
}

/** Through whose hands a task went, as the journal tells it. */
export async function custodyOf(runtime: Runtime, task: Row): Promise<z.infer<typeof custodyStep>[]> {
  const types = Object.keys(custodyTypes);
  const rows = await runtime.store.read(
    `SELECT at, type, actor, payload FROM journal WHERE instance_id = ? AND type IN (${types.map(() => "?").join(", ")}) ORDER BY seq`,
    [text(task, "instance_id"), ...types],
  );
  return rows.flatMap((row) => {
    const { task: about, from = null, to = null, reason = null } = json<CustodyPayload>(row, "payload");
    if (about !== text(task, "id")) return [];
    const type = custodyTypes[text(row, "type") as keyof typeof custodyTypes];
    return [{ at: text(row, "at"), type, by: actorName(json<Actor>(row, "actor")), from, to, reason }];
  });
}
