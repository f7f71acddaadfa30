import { answerWork, dismissWork, recallTask } from "../../handing/answer.ts";
import { askSomebody, type Asking } from "../../handing/ask.ts";
import { workThroughBatch } from "../../handing/batch.ts";
import { handTo } from "../../handing/transfer.ts";
import { defineRoute, idParams, type Route } from "../route.ts";
import { taskDetailOf } from "../tasks/task-detail.ts";
import { revBody, taskDetail } from "../tasks/tasks.schema.ts";
import {
  answerBody,
  askBody,
  assignBody,
  batchBody,
  batchResult,
  dismissBody,
  transferBody,
} from "./handing.schema.ts";

/** Ways in which work passes from one person to another. */
export const handingRoutes: readonly Route[] = [
  defineRoute({
    method: "post",
    path: "/api/tasks/batch",
    summary: "Claim, transfer or decide many tasks, each in its own transaction, with a result for each",
    body: batchBody,
    answer: batchResult,
    handle: async ({ runtime, principal, body, commandId }) => {
      const { tasks, ...work } = body;
      const results = await workThroughBatch(runtime, { principal, tasks, work, commandId });
      return { items: results.map((result) => ({ ...result, message: result.message && { ...result.message } })) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/assign",
    summary: "Give a task to a holder of its role (head, overseer)",
    params: idParams,
    body: assignBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await handTo(runtime, { principal, taskId: params.id, commandId, operation: "assign", ...body });
      return taskDetailOf(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/transfer",
    summary: "Hand a task on to a colleague, with a reason; its limit goes on",
    params: idParams,
    body: transferBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await handTo(runtime, { principal, taskId: params.id, commandId, operation: "transfer", ...body });
      return taskDetailOf(runtime, principal, params.id);
    },
  }),
  asking("delegate", "delegate", "Have somebody prepare the task; it comes back to be signed"),
  asking("consult", "consult", "Ask somebody's opinion without handing over the decision"),
  asking("co-handle", "coHandle", "Ask somebody to do a part; the task is decided when they have answered"),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/answer",
    summary: "Answer what one was asked",
    params: idParams,
    body: answerBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await answerWork(runtime, { principal, taskId: params.id, commandId, ...body });
      return taskDetailOf(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/recall",
    summary: "Take a delegated task back",
    params: idParams,
    body: revBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await recallTask(runtime, { principal, taskId: params.id, commandId, ...body });
      return taskDetailOf(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/dismiss",
    summary: "Withdraw a question or a request to co-handle",
    params: idParams,
    body: dismissBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await dismissWork(runtime, { principal, taskId: params.id, commandId, ...body });
      return taskDetailOf(runtime, principal, params.id);
    },
  }),
];

function asking(path: string, operation: Asking, summary: string): Route {
  return defineRoute({
    method: "post",
    path: `/api/tasks/:id/${path}`,
    summary,
    params: idParams,
    body: askBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await askSomebody(runtime, { principal, taskId: params.id, commandId, operation, ...body });
      return taskDetailOf(runtime, principal, params.id);
    },
  });
}
