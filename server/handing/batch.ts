import { createHash } from "node:crypto";
import type { z } from "zod";
import type { completeBody } from "../api/tasks/tasks.schema.ts";
import type { Principal } from "../identity/sessions.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { forbiddingOf } from "../tasks/forbidden.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import { StoreBusyError } from "../store/retry.ts";
import { completeTask } from "../tasks/complete.ts";
import { claimTask, handTo } from "./transfer.ts";

export type BatchWork =
  | { readonly operation: "claim" }
  | { readonly operation: "transfer"; readonly to: string; readonly reason: string }
  | {
      readonly operation: "decide";
      readonly decision: Omit<z.infer<typeof completeBody>, "rev" | "form" | "objection" | "defects" | "choice">;
    };

export interface BatchRequest {
  readonly principal: Principal;
  readonly tasks: readonly { readonly id: string; readonly rev: number }[];
  readonly work: BatchWork;
  /** Each task gets a key of its own from it, so that the same batch again changes nothing. */
  readonly commandId: string | null;
}

export interface BatchResult {
  readonly taskId: string;
  readonly caseNumber: string | null;
  readonly state: "done" | "refused";
  readonly code: string | null;
  readonly message: { readonly zh: string; readonly en: string } | null;
}

/**
 * Does the same to many tasks: each in its own transaction, through the same door and with the same checks as alone, so that
 * one that is refused holds up no other. Decisions are taken together on tasks of the same step with the same outcomes only.
 * Throws 422 `BATCH_NOT_ALIKE`; whatever concerns one task is in its result.
 */
export async function workThroughBatch(runtime: Runtime, request: BatchRequest): Promise<readonly BatchResult[]> {
  const rows = await rowsOf(
    runtime,
    request.tasks.map(({ id }) => id),
  );
  if (request.work.operation === "decide") refuseUnlike([...rows.values()]);
  const results: BatchResult[] = [];
  for (const task of request.tasks)
    results.push(await one(runtime, request, { ...task, row: rows.get(task.id) ?? null }));
  return results;
}

async function rowsOf({ store }: Runtime, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  const rows = await store.read(
    `SELECT task.id, task.element, task.outcomes, task.forbidden, task.explanation, instance.process_key, instance.case_number
     FROM task JOIN instance ON instance.id = task.instance_id WHERE task.id IN (${placesFor(ids)})`,
    ids,
  );
  return new Map(rows.map((row) => [text(row, "id"), row]));
}

function refuseUnlike(rows: readonly Row[]): void {
  const alike = new Set(
    rows.map((row) => [text(row, "process_key"), text(row, "element"), text(row, "outcomes")].join("|")),
  );
  if (alike.size <= 1) return;
  throw new RuntimeProblem(
    422,
    "BATCH_NOT_ALIKE",
    {
      zh: "只能批量办理同一流程、同一环节、结论选项相同的任务",
      en: "Only tasks of the same process and step, with the same outcomes, are decided together",
    },
    { zh: "请只勾选同一环节的任务", en: "Select tasks of one step only" },
  );
}

interface Single {
  readonly id: string;
  readonly rev: number;
  readonly row: Row | null;
}

async function one(runtime: Runtime, request: BatchRequest, task: Single): Promise<BatchResult> {
  const caseNumber = task.row ? text(task.row, "case_number") : null;
  const result = { taskId: task.id, caseNumber };
  try {
    refuseForbidden(task.row);
    await perform(runtime, request, task);
    return { ...result, state: "done", code: null, message: null };
  } catch (error) {
    // What one task is refused for is its result; anything else is a fault and ends the request.
    if (error instanceof StoreBusyError)
      return {
        ...result,
        state: "refused",
        code: error.code,
        message: { zh: "系统繁忙，请再试", en: "Busy; try again" },
      };
    if (!(error instanceof RuntimeProblem)) throw error;
    // Who may not see the case learns nothing of it, its number included.
    const known = error.status === 404 ? { ...result, caseNumber: null } : result;
    return { ...known, state: "refused", code: error.code, message: sentenceOf(error) };
  }
}

async function perform(
  runtime: Runtime,
  { principal, work, commandId }: BatchRequest,
  { id, rev }: Single,
): Promise<void> {
  const key = commandId === null ? null : keyOf(commandId, id);
  switch (work.operation) {
    case "claim":
      return claimTask(runtime, { principal, taskId: id, rev, commandId: key });
    case "transfer":
      return handTo(runtime, { principal, taskId: id, rev, commandId: key, ...work });
    case "decide":
      return completeTask(
        runtime,
        principal,
        id,
        { ...work.decision, form: {}, objection: null, defects: [], choice: null, rev },
        key,
      );
  }
}

/** A process or a route that wants each case looked at by itself forbids `batch`. */
function refuseForbidden(row: Row | null): void {
  const found = row === null ? undefined : forbiddingOf(row, "batch");
  if (!found) return;
  throw new RuntimeProblem(409, "BATCH_FORBIDDEN", {
    zh: `本环节不允许批量办理（${found.by.zh}）`,
    en: `This step must not be worked through in batches (${found.by.en})`,
  });
}

/** With the particulars, where the general sentence only says that something needs correcting. */
function sentenceOf({ detail, problems }: RuntimeProblem): BatchResult["message"] {
  if (problems.length === 0) return detail;
  return {
    zh: problems.map(({ message }) => message.zh).join("；"),
    en: problems.map(({ message }) => message.en).join("; "),
  };
}

function keyOf(commandId: string, taskId: string): string {
  return createHash("sha256").update(`${commandId} ${taskId}`).digest("hex").slice(0, 40);
}
