import { requireVisible } from "../../attachments/access.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { addComment, commentsFor, mentionable, withdrawComment } from "../../talk/comments.ts";
import { watchCase, watchersListed } from "../../talk/watchers.ts";
import { organisationOf } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import {
  commentBody,
  commentList,
  commentParams,
  commentView,
  mentionList,
  mentionQuery,
  watchBody,
  watcherList,
  type CommentView,
  type WatcherList,
} from "./comments.schema.ts";

export const commentRoutes = [
  defineRoute({
    method: "get",
    path: "/api/instances/:id/comments",
    summary: "What was said about a case, as far as I may read it, oldest first",
    params: idParams,
    answer: commentList,
    handle: async ({ runtime, principal, params }) => listed(runtime, principal, params.id),
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/comments",
    summary: "Say something about a case; it is never edited",
    params: idParams,
    body: commentBody,
    answer: commentList,
    status: 201,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await addComment(runtime, principal, { instanceId: params.id, ...body }, commandId);
      return listed(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/comments/:comment/withdraw",
    summary: "Take a comment of mine back; a trace stays",
    params: commentParams,
    answer: commentList,
    handle: async ({ runtime, principal, params, commandId }) => {
      await withdrawComment(runtime, principal, { instanceId: params.id, commentId: params.comment }, commandId);
      return listed(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/instances/:id/mentionable",
    summary: "Whom I can call to a comment of this audience",
    params: idParams,
    query: mentionQuery,
    answer: mentionList,
    handle: async ({ runtime, principal, params, query }) => ({
      items: (await mentionable(runtime, principal, params.id, query.audience)).map(({ id, name, posts }) => ({
        id,
        name,
        organisation: organisationOf(runtime, posts[0]?.organisation ?? ""),
      })),
    }),
  }),
  defineRoute({
    method: "get",
    path: "/api/instances/:id/watchers",
    summary: "Who watches a case",
    params: idParams,
    answer: watcherList,
    handle: async ({ runtime, principal, params }) => watching(runtime, principal, params.id),
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/watch",
    summary: "Begin or end to watch a case",
    params: idParams,
    body: watchBody,
    answer: watcherList,
    handle: async ({ runtime, principal, params, body }) => {
      await watchCase(runtime, principal, params.id, body.watching);
      return watching(runtime, principal, params.id);
    },
  }),
];

async function listed(runtime: Runtime, principal: Principal, id: string): Promise<{ items: CommentView[] }> {
  const rows = await commentsFor(runtime, principal, id);
  return { items: rows.map((row) => present(runtime, principal, row)) };
}

function present(runtime: Runtime, principal: Principal, row: Row): CommentView {
  const withdrawnAt = optionalText(row, "withdrawn_at");
  const ageMs = Date.parse(runtime.clock.now()) - Date.parse(text(row, "at"));
  return {
    id: text(row, "id"),
    by: { id: text(row, "person_id"), name: text(row, "person_name") },
    organisation: organisationOf(runtime, text(row, "organisation_id")),
    audience: commentView.shape.audience.parse(text(row, "audience")),
    body: text(row, "body"),
    mentions: json<CommentView["mentions"]>(row, "mentions"),
    at: text(row, "at"),
    withdrawnAt,
    mayWithdraw:
      withdrawnAt === null &&
      text(row, "person_id") === principal.id &&
      ageMs <= runtime.content.talk.comments.withdrawMinutes * 60_000,
  };
}

async function watching(runtime: Runtime, principal: Principal, id: string): Promise<WatcherList> {
  await requireVisible(runtime, principal, id);
  const rows = await watchersListed(runtime, id);
  return {
    items: rows.map((row) => ({
      id: text(row, "person_id"),
      name: text(row, "person_name"),
      at: text(row, "at"),
      because: watcherList.shape.items.element.shape.because.parse(text(row, "because")),
    })),
    watching: rows.some((row) => text(row, "person_id") === principal.id),
  };
}
