import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import type { RouterContext } from "@koa/router";
import { requireReadable } from "../../attachments/access.ts";
import { attachmentOf } from "../../attachments/attachments.ts";
import { byteRangeOf } from "../../attachments/byte-range.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound, RuntimeProblem } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { idParams, type Route } from "../route.ts";

/** Nothing in a file may run, load or be framed by others. Chromium shows no PDF in a sandboxed frame, so a PDF has none. */
const lockedUp = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'";
const policies: Readonly<Record<"saved" | "image" | "pdf", string>> = {
  saved: `sandbox; ${lockedUp}`,
  image: `sandbox; ${lockedUp}`,
  pdf: lockedUp,
};

export const contentRoute = fileRoute({
  path: "/api/attachments/:id",
  summary: "The content of an attachment, to be saved",
  send: (runtime, context, row) => sendFile(runtime, context, row, "saved"),
});

export const previewRoute = fileRoute({
  path: "/api/attachments/:id/preview",
  summary: "The content of an attachment that is an image or a PDF, to be shown",
  send: async (runtime, context, row) => {
    const { kinds } = runtime.content.talk.attachments;
    const preview = kinds.find(({ media }) => media === text(row, "media"))?.preview ?? null;
    if (preview === null)
      throw new RuntimeProblem(
        409,
        "ATTACHMENT_NO_PREVIEW",
        { zh: "此类文件不能预览", en: "Files of this kind are not shown in the browser" },
        { zh: "请下载后查看", en: "Save it and open it" },
      );
    await sendFile(runtime, context, row, preview);
  },
});

interface FileRoute {
  readonly path: string;
  readonly summary: string;
  readonly send: (runtime: Runtime, context: RouterContext, row: Row) => Promise<void>;
}

function fileRoute({ path, summary, send }: FileRoute): Route {
  return {
    register(router, runtime): void {
      router.get(path, async (context) => {
        const principal = context.state["principal"] as Principal | null;
        if (!principal) throw new RuntimeProblem(404, "NOT_SIGNED_IN", { zh: "请先登录", en: "Sign in first" });
        const { id } = idParams.parse(context.params);
        const row = await attachmentOf(runtime.attachments, id);
        await requireReadable(runtime, principal, row);
        await send(runtime, context, row);
      });
    },
    document(registry: OpenAPIRegistry): void {
      registry.registerPath({
        method: "get",
        path: path.replace(":id", "{id}"),
        summary,
        request: { params: idParams },
        responses: {
          200: { description: "the content" },
          206: { description: "the part asked for" },
          304: { description: "unchanged" },
          416: { description: "no such part" },
        },
      });
    },
  };
}

async function sendFile(runtime: Runtime, context: RouterContext, row: Row, how: keyof typeof policies): Promise<void> {
  const bytes = integer(row, "bytes");
  context.attachment(text(row, "name"), { type: how === "saved" ? "attachment" : "inline" });
  context.set({
    "content-type": text(row, "media"),
    "content-security-policy": policies[how],
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    // Kept by the reader's own browser, and asked about each time: rights may end.
    "cache-control": "private, no-cache",
    etag: `"${text(row, "sha256")}"`,
    "accept-ranges": "bytes",
  });
  context.compress = false;
  context.status = 200;
  if (context.fresh) {
    context.status = 304;
    return;
  }
  const range = byteRangeOf(context.get("range"), bytes);
  if (range === "unsatisfiable") {
    context.set("content-range", `bytes */${bytes}`);
    context.status = 416;
    return;
  }
  const content = await runtime.attachments.files.read(text(row, "sha256"), range);
  if (content === null) throw notFound();
  context.status = range ? 206 : 200;
  if (range) context.set("content-range", `bytes ${range.first}-${range.last}/${bytes}`);
  context.length = range ? range.last - range.first + 1 : bytes;
  const type = context.response.get("content-type");
  context.body = content;
  context.set("content-type", type);
}
