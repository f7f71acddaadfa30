import type { Command } from "../../engine/execution/commands.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import {
  mayOperate,
  operations,
  type Capacity,
  type CaseState,
  type Operation,
  type Situation,
  type TaskState,
  type WorkKind,
} from "../../engine/approval/operations.ts";
import type { Content } from "../content/load-content.ts";
import { participantsOf } from "../identity/participants.ts";
import type { Principal } from "../identity/sessions.ts";
import type { PersonActor } from "../runtime/actor.ts";
import { assignHolders } from "../returning/holders.ts";
import { leadBack } from "../returning/lead-back.ts";
import type { DispatchResult, Within } from "../runtime/dispatch.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { integer, optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";
import { forbiddenAt } from "./forbidden.ts";
import { closedBefore } from "./closed-before.ts";
import { standingOf, type Standing } from "./standing.ts";

/** Who acts, in which capacity, on what: checked in the transaction that acts. */
export interface Acting<T extends Row | null> {
  readonly task: T;
  readonly principal: Principal;
  readonly capacity: Capacity;
  readonly actor: PersonActor;
}

interface Asked {
  readonly principal: Principal;
  readonly operation: Operation;
  readonly reason: string | null;
  /** Key of the request; the same key again changes nothing. */
  readonly commandId: string | null;
}
export interface TaskRequest extends Asked {
  readonly taskId: string;
  /** Revision that the person saw; a newer one is refused. */
  readonly rev: number;
}
export interface CaseRequest extends Asked {
  readonly instanceId: string;
}

/** What an operation does: a command for the engine, if any, and its own rows and journal lines, all in one transaction. */
export interface Effects<T extends Row | null> {
  readonly decide?: (within: Within, acting: Acting<T>) => Promise<Command | null>;
  readonly also: (within: Within, acting: Acting<T>, events: readonly EngineEvent[]) => Promise<readonly JournalLine[]>;
}

/**
 * The one door for operations on a task. Locks the case, looks up the task as it stands now, asks the matrix of operations,
 * and only then lets the effects happen. Throws `RuntimeProblem`: 404 for who may not see the case, 403 for whose it is not,
 * 409 that says who was quicker or which state refuses it, 422 for a missing reason.
 */
export async function operateOnTask(
  runtime: Runtime,
  request: TaskRequest,
  effects: Effects<Row>,
): Promise<DispatchResult> {
  requireReason(request);
  const [found] = await runtime.store.read("SELECT instance_id, organisation_id FROM task WHERE id = ?", [
    request.taskId,
  ]);
  if (!found) throw notFound();
  return perform(runtime, text(found, "instance_id"), request, text(found, "organisation_id"), {
    ...effects,
    admit: async (within) => {
      const [task] = await within.tx.query("SELECT * FROM task WHERE id = ?", [request.taskId]);
      if (!task) throw notFound();
      const admitted = await admit(runtime.content, request, within, task);
      return { task, ...admitted };
    },
  });
}

/** The one door for operations on a whole case. Errors as for a task. */
export async function operateOnCase(
  runtime: Runtime,
  request: CaseRequest,
  effects: Effects<null>,
): Promise<DispatchResult> {
  requireReason(request);
  return perform(runtime, request.instanceId, request, null, {
    ...effects,
    admit: async (within) => ({ task: null, ...(await admit(runtime.content, request, within, null)) }),
  });
}

interface Admitted<T> {
  readonly task: T;
  readonly capacity: Capacity;
  readonly standing: Standing;
}

async function perform<T extends Row | null>(
  runtime: Runtime,
  instanceId: string,
  { principal, commandId, operation, taskId = instanceId }: Asked & { readonly taskId?: string },
  organisation: string | null,
  effects: Effects<T> & { readonly admit: (within: Within) => Promise<Admitted<T>> },
): Promise<DispatchResult> {
  const named = { kind: "person", id: principal.id, name: principal.name } as const;
  const own = { ...named, organisation: organisation ?? principal.posts[0]?.organisation ?? null };
  const acting: { now: Acting<T> | null } = { now: null };
  return runtime.dispatch({
    instanceId,
    actor: own,
    commandId: commandId === null ? null : `${operation}:${taskId}:${commandId}`,
    decide: async (within) => {
      const { task, capacity, standing } = await effects.admit(within);
      const onBehalfOf = standing.onBehalfOf.get(capacity);
      acting.now = { task, principal, capacity, actor: onBehalfOf ? { ...own, onBehalfOf } : own };
      return leadBack(runtime, within, (await effects.decide?.(within, acting.now)) ?? null);
    },
    also: async (within, events) => {
      if (!acting.now) throw new Error("an operation took effect before it was admitted");
      const lines = await effects.also(within, acting.now, events);
      if (events.some(({ type }) => type === "tokens.cameBack")) await assignHolders(within);
      return lines;
    },
  });
}

async function admit(
  content: Content,
  request: Asked & { readonly rev?: number },
  { tx, instance }: Within,
  task: Row | null,
): Promise<{ capacity: Capacity; standing: Standing }> {
  const { query } = tx;
  const involved = await participantsOf(query, text(instance, "id"));
  const standing = await standingOf({ query, content, principal: request.principal, instance, involved, task });
  if (standing.held.size === 0) throw notFound();
  if (task) await refuseStale(query, task, request, standing);
  const situation = await situationOf(query, instance, task);
  const verdict = mayOperate(request.operation, standing.held, situation);
  if (verdict.allowed) return { capacity: verdict.capacity, standing };
  throw new RuntimeProblem(verdict.code === "OPERATION_NOT_YOURS" ? 403 : 409, verdict.code, verdict.message);
}

/** Says who was quicker, to whoever could have acted. */
async function refuseStale(
  query: Query,
  task: Row,
  { rev, principal, operation }: Pick<Asked, "principal" | "operation"> & { readonly rev?: number },
  { held }: Standing,
): Promise<void> {
  const state = text(task, "state");
  if (state === "completed" || state === "cancelled") throw await closedBefore(query, task);
  const assignee = optionalText(task, "assignee_id");
  const who = optionalText(task, "assignee_name");
  const couldClaim = principal.posts.some(
    (post) => post.organisation === text(task, "organisation_id") && post.role === text(task, "role"),
  );
  if (couldClaim && assignee !== null && assignee !== principal.id && !mayWhoeverHasIt(operation, held)) {
    throw new RuntimeProblem(
      409,
      "TASK_CLAIMED",
      { zh: `${who ?? ""} 已认领此任务`, en: `${who ?? ""} has claimed this task` },
      { zh: "请由认领人办理或先释放", en: "Let them act, or have them release it first" },
    );
  }
  if (rev !== undefined && integer(task, "rev") !== rev) {
    throw new RuntimeProblem(
      409,
      "TASK_CHANGED",
      who === null
        ? { zh: "您打开之后任务已有变化", en: "The task has changed since you opened it" }
        : {
            zh: `您打开之后任务已有变化，现由 ${who} 承办`,
            en: `The task has changed since you opened it; ${who} has it in hand now`,
          },
      { zh: "请刷新后再办理", en: "Refresh and decide again" },
    );
  }
}

/** Whether somebody may do it whoever has the task in hand. */
function mayWhoeverHasIt(operation: Operation, held: Standing["held"]): boolean {
  const { by }: { readonly by: readonly Capacity[] } = operations[operation];
  return by.some((capacity) => held.has(capacity));
}

/** The situation of a task, or of the case itself, as the matrix asks for it. */
export async function situationOf(query: Query, instance: Row, task: Row | null): Promise<Situation> {
  const status = text(instance, "status");
  const caseState: CaseState = status === "running" || status === "suspended" ? status : "ended";
  if (!task) return { task: null, case: caseState, clockPaused: await isCasePaused(query, instance), forbidden: [] };
  const clock = optionalText(task, "clock_id");
  const [row] = clock === null ? [] : await query("SELECT state FROM clock WHERE id = ?", [clock]);
  return {
    task: { state: text(task, "state") as TaskState, kind: kindOf(task) },
    case: caseState,
    clockPaused: row !== undefined && text(row, "state") === "paused",
    forbidden: forbiddenAt(task),
  };
}

/** The case stands still when every clock in it that has not ended is paused. */
async function isCasePaused(query: Query, instance: Row): Promise<boolean> {
  const rows = await query("SELECT state FROM clock WHERE instance_id = ? AND stopped_at IS NULL", [
    text(instance, "id"),
  ]);
  return rows.length > 0 && rows.every((row) => text(row, "state") === "paused");
}

export function kindOf(task: Row): WorkKind {
  return text(task, "kind") as WorkKind;
}

function requireReason({ operation, reason }: Asked): void {
  const { needsReason, name } = operations[operation];
  if (!needsReason || (reason ?? "").trim() !== "") return;
  throw new RuntimeProblem(
    422,
    "REASON_MISSING",
    { zh: `${name.zh}须说明理由`, en: `A reason is needed to ${name.en}` },
    { zh: "请填写理由", en: "Say why" },
    [{ code: "REASON_MISSING", place: "reason", message: { zh: "请填写理由", en: "Say why" } }],
  );
}
