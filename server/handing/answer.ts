import { announce } from "../notices/announce.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { operateOnTask, type Acting } from "../tasks/operate.ts";
import type { HandingRequest } from "./transfer.ts";

/** Answers what one was asked. It is an opinion, no decision: it enters no ledger. Errors of the door, 422 for an empty one. */
export async function answerWork(
  runtime: Runtime,
  request: HandingRequest & { readonly opinion: string },
): Promise<void> {
  const { opinion } = request;
  await operateOnTask(
    runtime,
    { ...request, operation: "answer", reason: null },
    {
      also: async (within, acting) => {
        const { task, actor } = acting;
        await within.tx.execute(
          `UPDATE task SET state = 'completed', outcome = 'answered', opinion = ?, completed_at = ?, assignee_id = ?, assignee_name = ?,
             on_behalf_id = ?, on_behalf_name = ?, rev = rev + 1 WHERE id = ?`,
          [
            opinion,
            within.now,
            actor.id,
            actor.name,
            actor.onBehalfOf?.id ?? null,
            actor.onBehalfOf?.name ?? null,
            text(task, "id"),
          ],
        );
        await giveBack(within, task);
        await tellAnswered(within, acting);
        return [workLine(within, acting, "work.answered", { opinion })];
      },
    },
  );
}

/** Takes a delegated task back before it was answered. Errors of the door. */
export async function recallTask(runtime: Runtime, request: HandingRequest): Promise<void> {
  await operateOnTask(
    runtime,
    { ...request, operation: "recall", reason: null },
    {
      also: async (within, acting) => {
        const { tx, now } = within;
        const id = text(acting.task, "id");
        const [delegated] = await tx.query(
          "SELECT * FROM task WHERE parent_id = ? AND kind = 'delegated' AND state = 'open'",
          [id],
        );
        // A task also waits for a signer who was added before: that is no delegation.
        if (!delegated)
          throw new RuntimeProblem(409, "NOT_DELEGATED", {
            zh: "此任务没有委派给他人",
            en: "The task is not delegated",
          });
        await tx.execute(
          "UPDATE task SET state = 'cancelled', closed_because = 'dismissed', completed_at = ?, rev = rev + 1 WHERE id = ?",
          [now, text(delegated, "id")],
        );
        await giveBack(within, delegated);
        return [workLine(within, { ...acting, task: delegated }, "work.dismissed", {})];
      },
    },
  );
}

/** Withdraws a question or a request to co-handle; the latter with a reason. Errors of the door, 422 without it. */
export async function dismissWork(
  runtime: Runtime,
  request: HandingRequest & { readonly reason: string | null },
): Promise<void> {
  const { reason } = request;
  await operateOnTask(
    runtime,
    { ...request, operation: "dismiss" },
    {
      also: async (within, acting) => {
        const { task } = acting;
        if (text(task, "kind") === "coHandle" && (reason ?? "").trim() === "")
          throw new RuntimeProblem(
            422,
            "REASON_MISSING",
            { zh: "撤回协办须说明理由", en: "A reason is needed to withdraw a request to co-handle" },
            { zh: "请填写理由", en: "Say why" },
          );
        await within.tx.execute(
          "UPDATE task SET state = 'cancelled', closed_because = 'dismissed', completed_at = ?, rev = rev + 1 WHERE id = ?",
          [within.now, text(task, "id")],
        );
        return [workLine(within, acting, "work.dismissed", reason === null ? {} : { reason })];
      },
    },
  );
}

/** A delegated piece of work that is over opens its task again, for its owner to sign. */
export async function giveBack({ tx }: Pick<Within, "tx">, work: Row): Promise<void> {
  const parent = optionalText(work, "parent_id");
  if (parent === null) return;
  const state = text(work, "kind") === "delegated" ? "state = 'open', " : "";
  await tx.execute(`UPDATE task SET ${state}rev = rev + 1 WHERE id = ? AND state IN ('open', 'waiting')`, [parent]);
}

function workLine(
  { now }: Within,
  { task, actor }: Acting<Row>,
  type: "work.answered" | "work.dismissed",
  more: Readonly<Record<string, string>>,
): JournalLine {
  const to = optionalText(task, "assignee_name");
  const payload = { task: text(task, "parent_id"), work: text(task, "id"), kind: text(task, "kind"), to, ...more };
  return { at: now, type, element: text(task, "element"), actor, payload };
}

async function tellAnswered({ tx, instance, now }: Within, { task, principal }: Acting<Row>): Promise<void> {
  const owner = optionalText(task, "owner_id");
  if (owner === null) return;
  await announce(tx, {
    kind: "work.answered",
    instanceId: text(instance, "id"),
    taskId: text(task, "parent_id"),
    to: [{ person: owner }],
    params: {
      who: principal.name,
      "subject.zh": text(instance, "subject_zh"),
      "subject.en": text(instance, "subject_en"),
    },
    at: now,
    by: principal.id,
  });
}
