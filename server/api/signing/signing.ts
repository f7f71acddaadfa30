import { addSignerToTask, excuseSignerOfTask, removeSignerFromTask } from "../../tasks/signers.ts";
import { defineRoute, idParams } from "../route.ts";
import { taskDetail } from "../tasks/tasks.schema.ts";
import { taskDetailOf } from "../tasks/task-detail.ts";
import { addSignerBody, changeSignerBody } from "./signing.schema.ts";

export const signingRoutes = [
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/signers",
    summary: "Add a signer before, beside or after oneself",
    params: idParams,
    body: addSignerBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      const { person, place, counts, ...asked } = body;
      await addSignerToTask(runtime, { principal, taskId: params.id, commandId, ...asked }, { person, place, counts });
      return taskDetailOf(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/remove-signer",
    summary: "Take out the signer whose piece of work this is",
    params: idParams,
    body: changeSignerBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await removeSignerFromTask(runtime, { principal, taskId: params.id, commandId, ...body });
      return taskDetailOf(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/excuse",
    summary: "Go on without the signer whose piece of work this is",
    params: idParams,
    body: changeSignerBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await excuseSignerOfTask(runtime, { principal, taskId: params.id, commandId, ...body });
      return taskDetailOf(runtime, principal, params.id);
    },
  }),
];
