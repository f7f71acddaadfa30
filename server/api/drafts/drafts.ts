import { requireVisible } from "../../attachments/access.ts";
import { contentOf, draftAt, draftsOf, dropDraft, saveDraft } from "../../drafts/drafts.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { requireAllowed } from "../../tasks/ask.ts";
import { closedBefore } from "../../tasks/closed-before.ts";
import { defineRoute } from "../route.ts";
import { draftAnswer, draftBody, draftList, draftParams, savedDraft, type DraftList } from "./drafts.schema.ts";

export const draftRoutes = [
  defineRoute({
    method: "get",
    path: "/api/drafts",
    summary: "What I have typed and not sent, the newest first",
    answer: draftList,
    handle: async ({ runtime, principal }) => ({
      items: (await draftsOf(runtime.store, principal.id)).map((row) => present(runtime, row)),
    }),
  }),
  defineRoute({
    method: "get",
    path: "/api/drafts/:key",
    summary: "One draft of mine, or none",
    params: draftParams,
    answer: draftAnswer,
    handle: async ({ runtime, principal, params }) => {
      const row = await draftAt(runtime.store, principal.id, params.key);
      return {
        draft: row && { content: { ...contentOf(row) }, rev: integer(row, "rev"), savedAt: text(row, "updated_at") },
      };
    },
  }),
  defineRoute({
    method: "put",
    path: "/api/drafts/:key",
    summary: "Save what I have typed; the last writer wins and is told what it replaced",
    params: draftParams,
    body: draftBody,
    answer: savedDraft,
    handle: async ({ runtime, principal, params, body }) => {
      const subject = await subjectOf(runtime, principal, params.key);
      const saved = await saveDraft(runtime.store, {
        personId: principal.id,
        place: params.key,
        ...subject,
        ...body,
        at: new Date().toISOString(),
      });
      const { overwrote } = saved;
      return { ...saved, overwrote: overwrote && { content: { ...overwrote.content }, savedAt: overwrote.savedAt } };
    },
  }),
  defineRoute({
    method: "delete",
    path: "/api/drafts/:key",
    summary: "Throw a draft of mine away",
    params: draftParams,
    handle: async ({ runtime, principal, params }) => {
      await runtime.store.transaction((tx) => dropDraft(tx, principal.id, params.key));
      return undefined;
    },
  }),
];

/** The task and the case that a draft is about: for whoever may do the task, or see the case. */
async function subjectOf(
  runtime: Runtime,
  principal: Principal,
  key: string,
): Promise<{ instanceId: string | null; taskId: string | null }> {
  const id = key.slice(key.indexOf(".") + 1);
  if (key.startsWith("task.") || key.startsWith("correction.")) {
    const [task] = await runtime.store.read("SELECT * FROM task WHERE id = ?", [id]);
    if (!task) throw notFound();
    const instanceId = text(task, "instance_id");
    await requireVisible(runtime, principal, instanceId);
    if (!["open", "waiting"].includes(text(task, "state"))) throw await closedBefore(runtime.store.read, task);
    const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [instanceId]);
    if (!instance) throw notFound();
    await requireAllowed(runtime, principal, { operation: "saveDraft", instance, task });
    return { instanceId, taskId: id };
  }
  if (key.startsWith("comment.")) {
    await requireVisible(runtime, principal, id);
    return { instanceId: id, taskId: null };
  }
  return { instanceId: null, taskId: null };
}

function present(runtime: Runtime, row: Row): DraftList["items"][number] {
  const key = text(row, "place");
  const kind = draftList.shape.items.element.shape.kind.parse(key.slice(0, key.indexOf(".")));
  return {
    key,
    kind,
    title: titleOf(runtime, kind, key, row),
    caseNumber: optionalText(row, "case_number"),
    instanceId: optionalText(row, "instance_id"),
    taskId: optionalText(row, "task_id"),
    isOpen: optionalText(row, "task_id") === null || row["task_state"] === "open" || row["task_state"] === "waiting",
    savedAt: text(row, "updated_at"),
  };
}

function titleOf(runtime: Runtime, kind: string, key: string, row: Row): { zh: string; en: string } {
  const subject = { zh: optionalText(row, "subject_zh") ?? "", en: optionalText(row, "subject_en") ?? "" };
  switch (kind) {
    case "task":
    case "correction":
      return {
        zh: `${optionalText(row, "step_zh") ?? ""} · ${subject.zh}`,
        en: `${optionalText(row, "step_en") ?? ""} · ${subject.en}`,
      };
    case "application": {
      const resource = runtime.content.resources.find(({ id }) => key === `application.${id}`);
      return resource ? { ...resource.name } : { zh: key, en: key };
    }
    case "start": {
      const [, process = "", start = ""] = key.split(".");
      const folder = runtime.content.processes.find((found) => found.key === process);
      return folder?.starts.find((found) => found.key === start)?.name ?? { zh: process, en: process };
    }
    default:
      return subject;
  }
}
