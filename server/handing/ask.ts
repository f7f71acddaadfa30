import { announce } from "../notices/announce.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { sortAt } from "../runtime/clock-rows.ts";
import { newId } from "../store/ids.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { operateOnTask, type Acting } from "../tasks/operate.ts";
import { admitRecipient, organisationFor, recipientNamed, type Recipient } from "./recipient.ts";
import type { HandingRequest } from "./transfer.ts";

/** How work is asked of somebody: with the task (delegate), as a question (consult), or as a part to be done (co-handling). */
export type Asking = "delegate" | "consult" | "coHandle";

const kinds = { delegate: "delegated", consult: "consult", coHandle: "coHandle" } as const;

export interface AskRequest extends HandingRequest {
  readonly operation: Asking;
  readonly to: string;
  readonly question: string;
  /** By when, ISO 8601 (UTC), no later than the step's own due moment; `null` for that. */
  readonly by: string | null;
}

/**
 * Opens a piece of work for somebody else under the task. Whoever asks stays responsible: a delegated task waits for the answer
 * and comes back to be signed; one with a consultation may be decided any time; one with a co-handler when they have answered.
 * The clock of the step runs on. Errors of the door, 422 for a person who is barred or a moment after the step's limit.
 */
export async function askSomebody(runtime: Runtime, request: AskRequest): Promise<void> {
  await operateOnTask(
    runtime,
    { ...request, reason: null },
    {
      also: async (within, acting) => {
        refuseLate(acting.task, within.now, request.by);
        const { tx, instance } = within;
        const to = await recipientNamed(tx.query, request.to);
        const giver = acting.principal.id;
        await admitRecipient({ query: tx.query, instance, task: acting.task, operation: request.operation, giver }, to);
        const id = await openUnder(runtime, within, acting, { ...request, recipient: to });
        await tx.execute(
          `UPDATE task SET ${request.operation === "delegate" ? "state = 'waiting', " : ""}rev = rev + 1 WHERE id = ?`,
          [text(acting.task, "id")],
        );
        await tell(within, acting, { id, to: to.id, question: request.question });
        return [askedLine(within, acting, { ...request, id, recipient: to })];
      },
    },
  );
}

function refuseLate(task: Row, now: string, by: string | null): void {
  const dueAt = optionalText(task, "due_at");
  if (by === null || (by > now && (dueAt === null || by <= dueAt))) return;
  throw new RuntimeProblem(
    422,
    "ASK_BY_OUTSIDE_LIMIT",
    { zh: "答复时限须在现在与本环节截止时间之间", en: "The answer is due between now and the step's own due moment" },
    null,
    [
      {
        code: "ASK_BY_OUTSIDE_LIMIT",
        place: "by",
        message:
          by <= now
            ? { zh: "此时间已过，请改晚", en: "This moment has passed; choose a later one" }
            : { zh: "请改早", en: "Choose an earlier moment" },
      },
    ],
  );
}

async function openUnder(
  runtime: Runtime,
  { tx, now }: Within,
  { task, actor }: Acting<Row>,
  { operation, question, by, recipient }: AskRequest & { readonly recipient: Recipient },
): Promise<string> {
  const id = newId();
  const organisation = organisationFor(task, recipient);
  const { region, level } = runtime.content.organisations.get(organisation) ?? { region: "", level: "" };
  const owner = actor.onBehalfOf ?? actor;
  const dueAt = by ?? optionalText(task, "due_at");
  await tx.insert("task", {
    id,
    instance_id: text(task, "instance_id"),
    wait_id: text(task, "wait_id"),
    token: text(task, "token"),
    element: text(task, "element"),
    called: optionalText(task, "called"),
    name: text(task, "name"),
    name_en: text(task, "name_en"),
    organisation_id: organisation,
    region,
    level,
    role: text(task, "role"),
    assignee_id: recipient.id,
    assignee_name: recipient.name,
    state: "open",
    outcomes: "",
    // With a moment of its own it follows the step's clock no more.
    clock_id: by === null ? optionalText(task, "clock_id") : null,
    due_at: dueAt,
    sort_at: sortAt(dueAt),
    created_at: now,
    rev: 1,
    kind: kinds[operation],
    parent_id: text(task, "id"),
    by_name: 1,
    owner_id: owner.id,
    owner_name: owner.name,
    forbidden: optionalText(task, "forbidden"),
    // Who prepared or shared a step took part in it (two-person rule); who was only asked did not.
    step: operation === "consult" ? null : optionalText(task, "step"),
    four_eyes: operation === "consult" ? null : optionalText(task, "four_eyes"),
    sent_by_id: actor.id,
    transfers: 0,
    ask: question,
  });
  return id;
}

function askedLine(
  { now }: Within,
  { task, actor }: Acting<Row>,
  { id, operation, recipient, question, by }: AskRequest & { readonly id: string; readonly recipient: Recipient },
): JournalLine {
  return {
    at: now,
    type: "work.asked",
    element: text(task, "element"),
    actor,
    payload: {
      task: text(task, "id"),
      work: id,
      kind: kinds[operation],
      to: { id: recipient.id, name: recipient.name },
      question,
      by,
    },
  };
}

async function tell(
  { tx, instance, now }: Within,
  { principal }: Acting<Row>,
  { id, to, question }: { readonly id: string; readonly to: string; readonly question: string },
): Promise<void> {
  await announce(tx, {
    kind: "work.asked",
    instanceId: text(instance, "id"),
    taskId: id,
    to: [{ person: to }],
    params: {
      who: principal.name,
      "subject.zh": text(instance, "subject_zh"),
      "subject.en": text(instance, "subject_en"),
      question,
    },
    at: now,
    by: principal.id,
  });
}

/** A step with co-handlers is decided when each has answered or was dismissed with a reason. Throws 409 `COHANDLING_OPEN`. */
export async function requireCoHandled({ tx }: Pick<Within, "tx">, taskId: string): Promise<void> {
  const open = await tx.query(
    "SELECT assignee_name FROM task WHERE parent_id = ? AND kind = 'coHandle' AND state IN ('open', 'waiting') ORDER BY created_at, id",
    [taskId],
  );
  if (open.length === 0) return;
  const names = open.map((row) => optionalText(row, "assignee_name") ?? "—");
  throw new RuntimeProblem(
    409,
    "COHANDLING_OPEN",
    { zh: `协办尚未完成：${names.join("、")}`, en: `Co-handlers have not answered yet: ${names.join(", ")}` },
    { zh: "请等待其答复，或说明理由后撤回协办", en: "Wait for them, or withdraw the request with a reason" },
  );
}
