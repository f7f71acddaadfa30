import { hangsOn } from "../../engine/approval/way-back.ts";
import type { Command, Resumption } from "../../engine/execution/commands.ts";
import type { Principal } from "../identity/sessions.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";
import { kindOf, operateOnCase, operateOnTask } from "../tasks/operate.ts";
import { caseAt, type CaseAt } from "./case-at.ts";
import { homeOf, sharedHome } from "./homes.ts";
import { isOpen, planTaskReturn, stands, type Place, type PlannedReturn } from "./plan.ts";
import { decidesApplication, emptiedBy } from "./added-items.ts";
import { callAgain, endedCallOf } from "./ended-calls.ts";
import { closeAs, markFallen } from "./return-task.ts";
import { takeBackSupplement } from "./supplement-use.ts";

interface TaskWish {
  readonly taskId: string;
  readonly rev: number;
  readonly reason: string | null;
}

/**
 * Whoever took the step before takes it back while nobody has begun with what follows, in none of the branches: the decision
 * stays in the ledger, marked as taken back, and the step is open for them again. Throws 409 that says who has begun.
 */
export async function takeBack(
  runtime: Runtime,
  principal: Principal,
  { taskId, rev, reason }: TaskWish,
  commandId: string | null,
): Promise<void> {
  const request = { principal, taskId, operation: "withdraw", rev, reason, commandId } as const;
  let taken: Row | null = null;
  await operateOnTask(runtime, request, {
    decide: async (within, { task }) => {
      const at = await caseAt(runtime, within.tx.query, within.instance);
      taken = decisionBefore(at, task, principal.id);
      return planTakingBack(within, at, task, taken);
    },
    also: async (within, { task, actor }, events) => {
      if (!taken) throw new Error("a decision was taken back before it was found");
      const waits = events.flatMap((event) => (event.type === "task.cancelled" ? [event.wait] : []));
      await closeAs(within, waits, "takenBack");
      await takeBackSupplement(within, text(taken, "id"));
      await reopenFor(within, taken, principal);
      const payload = { task: text(taken, "id"), next: text(task, "id"), reason: reason ?? "" };
      const line = { at: within.now, type: "decision.takenBack", element: text(taken, "element"), actor, payload };
      return [line, ...(await markFallen(within, [taken], "takenBack"))];
    },
  });
}

/** The decision that opened the task: taken by this person at the moment at which the task came. */
function decisionBefore(at: Pick<CaseAt, "tasks">, task: Row, person: string): Row {
  const found = findDecisionBefore(at, task, person);
  if (!found) throw refused("TAKE_BACK_NOT_FOUND", "没有可以撤回的办理", "there is no decision of yours to take back");
  return found;
}

function findDecisionBefore({ tasks }: Pick<CaseAt, "tasks">, task: Row, person: string): Row | undefined {
  const came = cameAt(tasks, task);
  return tasks.findLast(
    (row) => stands(row) && optionalText(row, "completed_at") === came && optionalText(row, "assignee_id") === person,
  );
}

/** When the step of a task was opened; a signer may have been asked later. */
function cameAt(tasks: readonly Row[], task: Row): string {
  const first = tasks.find((row) => text(row, "wait_id") === text(task, "wait_id")) ?? task;
  return text(first, "created_at");
}

async function planTakingBack(within: Within, at: CaseAt, task: Row, taken: Row): Promise<Command> {
  const opened = openedWith(at, task);
  const ended = await refuseTakingBack(within.tx.query, at, task, taken);
  const scope = sharedHome(task, taken);
  const { cancel, start, siblings } = ended
    ? await planCallAgain(at, { task, kept: ended, scope })
    : await planBefore(at, task, { scope, element: text(taken, "element") });
  const others = siblings.find((row) => !opened.some((own) => text(own, "id") === text(row, "id")));
  if (others) throw alreadyBegun(others);
  return { type: "moveTokens", cancel, start, reason: "takenBack", variables: emptiedBy(at.state, [taken]) };
}

type Plan = Pick<PlannedReturn, "cancel" | "siblings"> & Pick<Extract<Command, { type: "moveTokens" }>, "start">;

async function planBefore(at: CaseAt, task: Row, place: Place): Promise<Plan> {
  const planned = await planTaskReturn(at, task, place);
  const [problem] = planned?.problems ?? [];
  if (planned && !problem) return planned;
  throw new RuntimeProblem(
    409,
    problem?.code ?? "TAKE_BACK_NOT_FOUND",
    problem?.message ?? { zh: "没有可以撤回的办理", en: "There is no decision of yours to take back" },
  );
}

interface CallEnded {
  readonly task: Row;
  /** What the call held before the decision. */
  readonly kept: Resumption;
  /** The process in which the call stands, and what has come of it. */
  readonly scope: string | null;
}

/** The call that the decision ended is taken up again as it stood before it, also where its next run has begun. */
async function planCallAgain(at: CaseAt, { task, kept, scope }: CallEnded): Promise<Plan> {
  const running = Object.values(at.state.tokens).find(
    (token) => token.at === "hosting" && token.element === kept.element && token.scope === kept.scope,
  );
  const isNextRun = running !== undefined && hangsOn(at.state, text(task, "token"), new Set([running.id]));
  const plan = isNextRun ? nextRun(at, task, running.id) : await planBefore(at, task, { scope, element: kept.element });
  const place = callAgain(at, kept, plan.cancel);
  if (!place) throw callGone();
  return { ...plan, start: [place] };
}

function nextRun({ state, tasks }: CaseAt, task: Row, host: string): Plan {
  const ends = (row: Row) => isOpen(row) && hangsOn(state, text(row, "token"), new Set([host]));
  return { cancel: [host], start: [], siblings: tasks.filter((row) => row !== task && ends(row)) };
}

function callGone(): RuntimeProblem {
  return refused(
    "TAKE_BACK_CALLED",
    "被调用的流程已经结束，且不能恢复到办理前的状态，请由后一环节退回",
    "the called process in which you decided has ended and cannot be taken up as it was before; whoever has the case now can return it",
  );
}

/** Everything that came with the task by the same person's decision, in all branches. */
function openedWith({ tasks }: Pick<CaseAt, "tasks">, task: Row): readonly Row[] {
  const came = cameAt(tasks, task);
  return tasks.filter(
    (row) => text(row, "created_at") === came && optionalText(row, "sent_by_id") === text(task, "sent_by_id"),
  );
}

/**
 * Throws 409 with what stands in the way of taking a decision back, as far as it shows without planning the way. Gives what the
 * call held that ended by the decision; `null` where none did.
 */
async function refuseTakingBack(
  query: Query,
  at: Pick<CaseAt, "tasks">,
  task: Row,
  taken: Row,
): Promise<Resumption | null> {
  const begun = openedWith(at, task).find((row) => !isOpen(row) || row["opened_at"] !== null || isTaken(row));
  if (begun) throw alreadyBegun(begun);
  refuseOthersVotes(at, taken);
  await refuseAfterNotice(query, text(task, "instance_id"), cameAt(at.tasks, task));
  if (sharedHome(task, taken) === homeOf(taken)) return null;
  const kept = await endedCallOf(query, taken);
  if (!kept) throw callGone();
  return kept;
}

/** The open task that would go when a decision is taken back, with what stands in the way. */
export interface TakingBack {
  readonly task: Row;
  readonly refused: RuntimeProblem["detail"] | null;
}

/**
 * What this person could take back, seen from the task that followed their decision or from the decision itself, where one looks
 * for it; `null` where they decided nothing that is still open behind it.
 */
export async function takingBackOf(query: Query, seen: Row, person: string): Promise<TakingBack | null> {
  const tasks = await query("SELECT * FROM task WHERE instance_id = ? ORDER BY created_at, id", [
    text(seen, "instance_id"),
  ]);
  const task = tasks.find(
    (row) =>
      isOpen(row) &&
      optionalText(row, "sent_by_id") === person &&
      kindOf(row) === "decide" &&
      (text(row, "id") === text(seen, "id") || cameAt(tasks, row) === optionalText(seen, "completed_at")),
  );
  const taken = task && findDecisionBefore({ tasks }, task, person);
  if (!taken || (!isOpen(seen) && text(taken, "id") !== text(seen, "id"))) return null;
  try {
    await refuseTakingBack(query, { tasks }, task, taken);
    return { task, refused: null };
  } catch (problem) {
    if (!(problem instanceof RuntimeProblem)) throw problem;
    return { task, refused: problem.detail };
  }
}

/** Whether somebody took it on themselves: a signer was asked by name, and has not begun by that. */
function isTaken(row: Row): boolean {
  return optionalText(row, "assignee_id") !== null && optionalText(row, "signer") === null;
}

/** Where several did the step, it would begin anew for all of them: nobody takes back with their own what others decided. */
function refuseOthersVotes({ tasks }: Pick<CaseAt, "tasks">, taken: Row): void {
  const beside = tasks.find(
    (row) =>
      stands(row) &&
      text(row, "id") !== text(taken, "id") &&
      (text(row, "wait_id") === text(taken, "wait_id") ||
        // Instances of one step have waits of their own and come together.
        (text(row, "element") === text(taken, "element") && text(row, "created_at") === text(taken, "created_at"))),
  );
  if (!beside) return;
  const who = optionalText(beside, "assignee_name") ?? "—";
  throw refused(
    "TAKE_BACK_SEVERAL",
    `该环节由多人办理，${who} 的办理会随之失效`,
    `several did that step, and what ${who} decided would fall with it`,
  );
}

/** What has gone out to others is not taken back: a message to another case or to the applicant. */
async function refuseAfterNotice(query: Query, instanceId: string, since: string): Promise<void> {
  const sent = await query(
    "SELECT id FROM journal WHERE instance_id = ? AND at >= ? AND type IN ('message.thrown', 'signal.thrown', 'job.completed')",
    [instanceId, since],
  );
  if (sent.length > 0)
    throw refused("TAKE_BACK_SENT", "通知已经发出", "what it set off has already gone out to others");
}

function alreadyBegun(row: Row): RuntimeProblem {
  const who = optionalText(row, "assignee_name");
  return refused(
    "TAKE_BACK_BEGUN",
    `“${text(row, "name")}”已由${who ?? "下一环节承办人"}开始办理`,
    `${who ?? "the next step"} has begun with “${text(row, "name_en")}”`,
  );
}

function refused(code: string, zh: string, en: string): RuntimeProblem {
  return new RuntimeProblem(409, code, { zh: `不能撤回：${zh}`, en: `Cannot take back: ${en}` });
}

async function reopenFor({ tx, instance, now }: Within, taken: Row, principal: Principal): Promise<void> {
  await tx.execute(
    "UPDATE task SET assignee_id = ?, assignee_name = ? WHERE instance_id = ? AND element = ? AND created_at = ? AND state = 'open' AND role = ? AND signer IS NULL",
    [principal.id, principal.name, text(instance, "id"), text(taken, "element"), now, text(taken, "role")],
  );
}

/** The applicant withdraws the application before it is decided: the case ends with a code of its own, and its data are kept. */
export async function withdrawApplication(
  runtime: Runtime,
  principal: Principal,
  { instanceId, reason }: { readonly instanceId: string; readonly reason: string },
  commandId: string | null,
): Promise<void> {
  const request = { principal, instanceId, operation: "withdrawApplication", reason, commandId } as const;
  await operateOnCase(runtime, request, {
    decide: async ({ tx, instance }) => {
      const tasks = await tx.query("SELECT * FROM task WHERE instance_id = ?", [instanceId]);
      const decided = tasks.filter((row) => stands(row) && decidesApplication(row));
      if (decided.length > 0)
        throw new RuntimeProblem(
          409,
          "ALREADY_DECIDED",
          { zh: "本案已作出决定，不能撤销申请", en: "The case is decided; the application can no longer be withdrawn" },
          { zh: "不再需要数据的，可申请终止使用", en: "Where the data are not needed any more, end their use instead" },
        );
      await tx.execute("UPDATE application SET state = 'withdrawn' WHERE instance_id = ?", [text(instance, "id")]);
      return { type: "cancel", reason };
    },
    also: async ({ now }, { actor }) => [
      { at: now, type: "application.withdrawn", element: null, actor, payload: { code: "WITHDRAWN", reason } },
    ],
  });
}
