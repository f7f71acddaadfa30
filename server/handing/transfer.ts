import type { Principal } from "../identity/sessions.ts";
import { announce } from "../notices/announce.ts";
import type { Within } from "../runtime/dispatch.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { passSignature } from "../runtime/signing-rounds.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { operateOnTask, type Acting } from "../tasks/operate.ts";
import { custodyLine, holderOf, putBack, putInHands } from "./hold.ts";
import { admitRecipient, recipientNamed, type Recipient } from "./recipient.ts";

export interface HandingRequest {
  readonly principal: Principal;
  readonly taskId: string;
  readonly rev: number;
  readonly commandId: string | null;
}

/** Takes a task on oneself, or on the person that one stands in for. Errors of the door (`operateOnTask`). */
export async function claimTask(runtime: Runtime, request: HandingRequest): Promise<void> {
  await operateOnTask(
    runtime,
    { ...request, operation: "claim", reason: null },
    {
      also: async (within, { task, actor }) => {
        const { id, name } = actor.onBehalfOf ?? actor;
        await within.tx.execute("UPDATE task SET assignee_id = ?, assignee_name = ?, rev = rev + 1 WHERE id = ?", [
          id,
          name,
          text(task, "id"),
        ]);
        await passSignature(within.tx, task, { id, name });
        return [custodyLine(within, "task.claimed", { task, actor, to: { id, name }, reason: null })];
      },
    },
  );
}

/** Gives a task back to all who may take it. Errors of the door. */
export async function releaseTask(runtime: Runtime, request: HandingRequest): Promise<void> {
  await operateOnTask(
    runtime,
    { ...request, operation: "release", reason: null },
    {
      also: async (within, { task, actor }) => {
        await putBack(within.tx, task);
        return [custodyLine(within, "task.released", { task, actor, to: null, reason: null })];
      },
    },
  );
}

/**
 * Transfer (转办) by whoever has it in hand, the head or an overseer, or assignment by the head to a holder of the role. The
 * limit goes on as it was (features a5: the deadline does not restart). Errors of the door, 422 for a person who is barred.
 */
export async function handTo(
  runtime: Runtime,
  request: HandingRequest & {
    readonly operation: "assign" | "transfer";
    readonly to: string;
    readonly reason: string | null;
  },
): Promise<void> {
  const { operation, reason } = request;
  await operateOnTask(runtime, request, {
    also: async (within, acting) => {
      const to = await admitted(within, acting, request);
      await putInHands(within.tx, acting.task, to, { asTransfer: operation === "transfer" });
      await tellHanded(within, acting.task, { to: to.id, by: acting.principal, reason });
      const type = operation === "assign" ? "task.assigned" : "task.transferred";
      return [custodyLine(within, type, { task: acting.task, actor: acting.actor, to, reason })];
    },
  });
}

async function admitted(
  { tx, instance }: Within,
  { task, principal }: Acting<Row>,
  { operation, to }: { readonly operation: "assign" | "transfer"; readonly to: string },
): Promise<Recipient> {
  const recipient = await recipientNamed(tx.query, to);
  await admitRecipient({ query: tx.query, instance, task, operation, giver: principal.id }, recipient);
  return recipient;
}

/** Tells the new holder, and the old one where somebody else took it from them. */
export async function tellHanded(
  { tx, instance, now }: Within,
  task: Row,
  {
    to,
    by,
    reason,
  }: { readonly to: string; readonly by: { id: string; name: string }; readonly reason: string | null },
): Promise<void> {
  const before = holderOf(task);
  await announce(tx, {
    kind: "task.handed",
    instanceId: text(instance, "id"),
    taskId: text(task, "id"),
    to: [{ person: to }, ...(before ? [{ person: before.id }] : [])],
    params: {
      who: by.name,
      "subject.zh": text(instance, "subject_zh"),
      "subject.en": text(instance, "subject_en"),
      reason: reason ?? "—",
    },
    at: now,
    by: by.id,
  });
}
