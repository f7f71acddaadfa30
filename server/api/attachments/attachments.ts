import type { InstanceState } from "../../../engine/execution/state.ts";
import { attachmentOf, scanStateOf, upload, withdrawUpload } from "../../attachments/attachments.ts";
import { isOpenFile, requireField, requireVisible } from "../../attachments/access.ts";
import { bindAttachments } from "../../attachments/bind.ts";
import type { AttachmentKind } from "../../content/talk.schema.ts";
import { readerOf } from "../../forms/reader.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound, RuntimeProblem } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { operateOnCase } from "../../tasks/operate.ts";
import { defineRoute, idParams } from "../route.ts";
import {
  attachmentBounds,
  attachmentList,
  attachmentView,
  bindBody,
  uploadQuery,
  type AttachmentView,
} from "./attachments.schema.ts";
import { contentRoute, previewRoute } from "./content.ts";

export const attachmentRoutes = [
  defineRoute({
    method: "get",
    path: "/api/attachments/bounds",
    summary: "What may be uploaded",
    answer: attachmentBounds,
    handle: async ({ runtime }) => {
      const { maximumBytes, caseQuotaBytes, kinds, source, verified } = runtime.content.talk.attachments;
      return { maximumBytes, caseQuotaBytes, endings: kinds.flatMap(({ endings }) => endings), source, verified };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/attachments",
    summary: "Upload a file; it belongs to me until it is bound to a case",
    query: uploadQuery,
    upload: true,
    answer: attachmentView,
    status: 201,
    handle: async ({ runtime, principal, query, context }) => {
      if (!context.is("application/octet-stream"))
        throw new RuntimeProblem(422, "UPLOAD_NOT_RAW", {
          zh: "请以 application/octet-stream 原样上传文件内容",
          en: "Send the content of the file itself, as application/octet-stream",
        });
      const announced = context.get("content-length");
      try {
        const row = await upload(runtime.attachments, principal, {
          name: query.name,
          content: context.req,
          announcedBytes: /^\d+$/.test(announced) ? Number(announced) : null,
        });
        return present(runtime, row);
      } catch (error) {
        // What is left of a refused file is read by nobody.
        if (!context.req.readableEnded) context.set("connection", "close");
        throw error;
      }
    },
  }),
  defineRoute({
    method: "delete",
    path: "/api/attachments/:id",
    summary: "Remove an upload of mine that is bound to nothing",
    params: idParams,
    handle: async ({ runtime, principal, params }) => {
      await withdrawUpload(runtime.attachments, principal, params.id);
      return undefined;
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/attachments/:id/facts",
    summary: "Name, size, hash and scan of an upload of mine",
    params: idParams,
    answer: attachmentView,
    handle: async ({ runtime, principal, params }) => {
      const row = await attachmentOf(runtime.attachments, params.id);
      const instanceId = optionalText(row, "instance_id");
      if (instanceId !== null) await requireField(runtime, principal, row, instanceId);
      else if (text(row, "person_id") !== principal.id) throw notFound();
      return present(runtime, row);
    },
  }),
  contentRoute,
  previewRoute,
  defineRoute({
    method: "get",
    path: "/api/instances/:id/attachments",
    summary: "The files of a case, oldest first",
    params: idParams,
    answer: attachmentList,
    handle: async ({ runtime, principal, params }) => {
      await requireVisible(runtime, principal, params.id);
      return { items: await attachmentsOfCase(runtime, principal, params.id) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/attachments",
    summary: "Make uploads of mine part of a case",
    params: idParams,
    body: bindBody,
    answer: attachmentList,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await operateOnCase(
        runtime,
        { instanceId: params.id, principal, operation: "attach", reason: null, commandId },
        {
          also: async ({ tx, now }, { actor }) =>
            bindAttachments(tx, runtime.content, {
              ids: body.attachmentIds,
              instanceId: params.id,
              taskId: body.taskId,
              actor,
              at: now,
            }),
        },
      );
      return { items: await attachmentsOfCase(runtime, principal, params.id) };
    },
  }),
];

/** Those that this reader may open. */
async function attachmentsOfCase(
  runtime: Runtime,
  principal: Principal,
  instanceId: string,
): Promise<AttachmentView[]> {
  const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [instanceId]);
  if (!instance) throw notFound();
  const reader = await readerOf(runtime, principal, instance, json<InstanceState>(instance, "state"));
  const rows = await runtime.store.read("SELECT * FROM attachment WHERE instance_id = ? ORDER BY created_at, id", [
    instanceId,
  ]);
  return rows.filter((row) => isOpenFile(reader, row)).map((row) => present(runtime, row));
}

function present(runtime: Runtime, row: Row): AttachmentView {
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    media: text(row, "media"),
    bytes: integer(row, "bytes"),
    sha256: text(row, "sha256"),
    by: { id: text(row, "person_id"), name: text(row, "person_name") },
    at: text(row, "created_at"),
    taskId: optionalText(row, "task_id"),
    scan: scanStateOf(row),
    preview: previewOf(runtime, text(row, "media")),
  };
}

export function previewOf(runtime: Runtime, media: string): AttachmentKind["preview"] {
  return runtime.content.talk.attachments.kinds.find((kind) => kind.media === media)?.preview ?? null;
}
