import type { Command } from "../../engine/execution/commands.ts";
import { rootVariables, variablesAt } from "../../engine/execution/variables.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { announce } from "../notices/announce.ts";
import { milestone } from "../notices/milestones.ts";
import { authorsOf } from "../identity/authors.ts";
import type { Principal } from "../identity/sessions.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Within } from "../runtime/dispatch.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { emptiedBy } from "./added-items.ts";
import { withdrawGrant } from "./fallen-grant.ts";
import { heldWork, type HeldWork } from "./holders.ts";
import { keepReturn } from "./return-row.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import { operateOnTask, type Acting } from "../tasks/operate.ts";
import { systemActor } from "../runtime/actor.ts";
import { caseAt } from "./case-at.ts";
import { fallenBy, nameOf, type Afterwards, type PlannedReturn, type TargetKind } from "./plan.ts";
import { returnTargets, targetFor, type ReturnTo } from "./targets.ts";
import { recordSupplement, requireSupplement, supplementUse, type SupplementUse } from "./supplement-use.ts";

/** One thing that is wrong, told with all others at once (一次性告知, State Council Order 809). */
export interface Defect {
  readonly place: string;
  readonly what: string;
  readonly basis: string;
}

export interface ReturnRequest {
  readonly to: ReturnTo;
  readonly afterwards: Afterwards;
  readonly defects: readonly Defect[];
  readonly reason: string;
  readonly rev: number;
  /** Open work of others that the returner has seen will end. */
  readonly confirmedSiblings: readonly string[];
}

interface Chosen {
  readonly kind: TargetKind;
  readonly planned: PlannedReturn;
  readonly fallen: readonly Row[];
  readonly heldWork: readonly HeldWork[];
  /** What of the permitted supplements was used before; `null` where it asks for none. */
  readonly supplement: SupplementUse | null;
}

/**
 * Sends a case back from a task to an earlier step. Decisions that fall stay in the ledger and are marked; the way back is kept
 * with the return. Errors of the door; 409 where it cannot be returned there, 422 where something must be corrected first.
 */
export async function returnTask(
  runtime: Runtime,
  principal: Principal,
  taskId: string,
  request: ReturnRequest,
  commandId: string | null,
): Promise<void> {
  const asked = {
    principal,
    taskId,
    operation: "return",
    rev: request.rev,
    reason: request.reason,
    commandId,
  } as const;
  let chosen: Chosen | null = null;
  await operateOnTask(runtime, asked, {
    decide: async (within, { task }) => {
      chosen = await chooseReturn(runtime, within, task, request);
      return { ...commandFor(chosen.planned, request.reason), variables: emptiedBy(within.state, chosen.fallen) };
    },
    also: async (within, acting, events) => {
      if (!chosen) throw new Error("a return took effect before it was planned");
      const waits = events.flatMap((event) => (event.type === "task.cancelled" ? [event.wait] : []));
      await closeAs(within, waits, "returned");
      return settle(within, acting, { request, chosen });
    },
  });
}

type MoveTokens = Extract<Command, { type: "moveTokens" }>;

/** The command of a planned return, for the act and for its preview. */
export function commandFor({ cancel, start, supplement }: PlannedReturn, reason: string): MoveTokens {
  return { type: "moveTokens", cancel, start, reason, ...(supplement ? { supplement: true } : {}) };
}

/** The target that was asked for, with everything checked that could refuse it. */
export async function chooseReturn(
  runtime: Runtime,
  within: Pick<Within, "tx" | "instance">,
  task: Row,
  request: Omit<ReturnRequest, "rev">,
): Promise<Chosen> {
  const { tx, instance } = within;
  const at = await caseAt(runtime, tx.query, instance);
  const { possible, impossible } = await returnTargets(at, task);
  const { to, afterwards } = request;
  const wanted = typeof to === "string" ? null : to.element;
  const found = targetFor(possible, to);
  if (!found) {
    const why = impossible.find(({ element }) => element === wanted)?.problem ?? impossible[0]?.problem;
    throw new RuntimeProblem(
      409,
      why?.code ?? "RETURN_NOT_FOUND",
      why?.message ?? { zh: "没有可以退回的环节", en: "There is no such step to return to" },
      { zh: "请从列出的环节中选择", en: "Choose one of the steps that are listed" },
    );
  }
  const { planned, kinds } = found;
  requireWayBack(planned, afterwards);
  const missing = planned.siblings.filter((row) => !request.confirmedSiblings.includes(text(row, "id")));
  if (missing.length > 0) throw siblingsProblem(missing);
  let supplement: SupplementUse | null = null;
  if (planned.supplement) {
    supplement = await supplementUse(tx.query, task, variablesAt(at.state, text(task, "wait_id")));
    requireSupplement(supplement);
  }
  return {
    supplement,
    kind: kinds[0] ?? "element",
    planned,
    fallen: fallenBy(at, planned, afterwards),
    heldWork: heldWork(at.state, [task, ...planned.siblings]),
  };
}

/** Throws 409 `RETURN_NO_WAY_BACK` where the case is to come straight back and cannot, for the act and for its preview. */
export function requireWayBack({ wayBack }: PlannedReturn, afterwards: Afterwards): void {
  if (afterwards === "walkAgain" || wayBack.possible) return;
  throw new RuntimeProblem(409, "RETURN_NO_WAY_BACK", wayBack.because, {
    zh: "请选择“更正后重新逐步办理”",
    en: "Choose that the way is walked again after the correction",
  });
}

function siblingsProblem(rows: readonly Row[]): RuntimeProblem {
  return new RuntimeProblem(
    409,
    "SIBLINGS_NOT_CONFIRMED",
    { zh: "退回会终止其他人正在办理的任务，须先确认", en: "The return ends work of others; confirm it first" },
    { zh: "请核对并逐一确认", en: "Look at each and confirm it" },
    rows.map((row) => ({
      code: "SIBLING_OPEN",
      place: text(row, "id"),
      message: { zh: text(row, "name"), en: text(row, "name_en") },
    })),
  );
}

interface Settling {
  readonly request: ReturnRequest;
  readonly chosen: Chosen;
}

async function settle(
  within: Within,
  acting: Acting<Row>,
  { request, chosen }: Settling,
): Promise<readonly JournalLine[]> {
  const { now } = within;
  const { task, actor } = acting;
  const { planned, fallen, kind, supplement } = chosen;
  const id = newId();
  await keepReturn(
    within,
    { task, actor },
    {
      id,
      target: planned.target.id,
      scope: planned.scope,
      kind,
      afterwards: request.afterwards,
      reason: request.reason,
      defects: request.defects,
      supplement: planned.supplement,
      wayBack: request.afterwards === "backToMe" && planned.wayBack.possible ? planned.wayBack.start : [],
      heldWork: chosen.heldWork,
      fallen,
      snapshot: snapshotOf(within.state),
    },
  );
  const violation = supplement ? await recordSupplement(within, { task, actor, use: supplement }) : [];
  await tellTarget(within, acting, planned);
  const payload = {
    return: id,
    task: text(task, "id"),
    to: planned.target.id,
    toName: nameOf(planned.target),
    kind,
    afterwards: request.afterwards,
    reason: request.reason,
    defects: request.defects.map((defect) => ({ ...defect })),
    supplement: planned.supplement,
  };
  const line = { at: now, type: "case.returned", element: text(task, "element"), actor, payload };
  return [line, ...violation, ...(await markFallen(within, fallen, "returned"))];
}

/** Marks decisions that count no more. Their rows and ledger entries stay as they are. */
export async function markFallen(
  within: Within,
  fallen: readonly Row[],
  how: "returned" | "takenBack" | "material" | "items",
): Promise<readonly JournalLine[]> {
  if (fallen.length === 0) return [];
  const { tx, now } = within;
  const ids = fallen.map((row) => text(row, "id"));
  await tx.execute(`UPDATE task SET fallen_at = ? WHERE id IN (${placesFor(ids)})`, [now, ...ids]);
  const lines = fallen.map((row) => ({
    at: now,
    type: "decision.fallen",
    element: text(row, "element"),
    actor: systemActor,
    payload: {
      task: text(row, "id"),
      who: row["assignee_name"] === null ? "" : text(row, "assignee_name"),
      outcome: row["outcome"] === null ? "" : text(row, "outcome"),
      how,
    },
  }));
  return [...lines, ...(await withdrawGrant(within, fallen))];
}

/** Says why the tasks of these waits, that the step has cancelled, are over. */
export async function closeAs(
  { tx, instance }: Within,
  waits: readonly string[],
  because: "returned" | "jumped" | "takenBack",
): Promise<void> {
  if (waits.length === 0) return;
  await tx.execute(
    `UPDATE task SET closed_because = ? WHERE instance_id = ? AND state = 'cancelled' AND closed_because IS NULL AND wait_id IN (${placesFor(waits)})`,
    [because, text(instance, "id"), ...waits],
  );
}

async function tellTarget(
  { tx, instance, now }: Within,
  { principal }: Acting<Row>,
  { target, supplement }: PlannedReturn,
): Promise<void> {
  // A call begins with whatever step of its process comes first.
  const isCall = target.kind === "callActivity";
  const [opened] = await tx.query(
    `SELECT * FROM task WHERE instance_id = ? AND ${isCall ? "called IS NOT NULL AND created_at" : "element"} = ? AND state = 'open'
     ORDER BY created_at DESC, id DESC LIMIT 1`,
    [text(instance, "id"), isCall ? now : target.id],
  );
  if (!opened) return;
  const holder = {
    organisation: text(opened, "organisation_id"),
    role: text(opened, "role"),
    ...authorsOf(instance),
  };
  const instanceId = text(instance, "id");
  await announce(tx, {
    kind: supplement ? "case.supplement" : "case.returned",
    instanceId,
    taskId: text(opened, "id"),
    to: [holder],
    params: { "subject.zh": text(instance, "subject_zh"), "subject.en": text(instance, "subject_en") },
    at: now,
    by: principal.id,
  });
  const step = { "step.zh": text(opened, "name"), "step.en": text(opened, "name_en") };
  await announce(
    tx,
    milestone({ instanceId, at: now, by: principal.id }, supplement ? "supplement" : "returned", step),
  );
}

/** What a later comparison is made with: the request, and what earlier steps wrote. */
export function snapshotOf(state: Within["state"]): { readonly request: Json; readonly forms: Json } {
  const { request, forms } = rootVariables(state);
  return { request: request ?? null, forms: forms ?? {} };
}
