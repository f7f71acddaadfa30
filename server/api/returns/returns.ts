import { participantsOf } from "../../identity/participants.ts";
import { authorize } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { correctRequest } from "../../returning/correct.ts";
import { requireWayBack, returnTask } from "../../returning/return-task.ts";
import { permitSecondSupplement } from "../../returning/supplements.ts";
import { takeBack } from "../../returning/take-back.ts";
import { returnTargets as targetsOf, targetFor } from "../../returning/targets.ts";
import { text } from "../../store/rows.ts";
import { requireAllowed } from "../../tasks/ask.ts";
import { caseDetail } from "../instances/instances.ts";
import { instanceDetail } from "../instances/instances.schema.ts";
import { defineRoute, idParams } from "../route.ts";
import { presentChanges } from "./present-changes.ts";
import { presentPreview, presentTargets, taskAt } from "./present-returns.ts";
import {
  changes,
  correctionBody,
  permitBody,
  previewBody,
  returnBody,
  returnPreview,
  returnTargets,
  takeBackBody,
} from "./returns.schema.ts";

export const returnRoutes = [
  defineRoute({
    method: "get",
    path: "/api/tasks/:id/return/targets",
    summary: "Where a case can be returned to from a task, and why not elsewhere",
    params: idParams,
    answer: returnTargets,
    handle: async ({ runtime, principal, params }) =>
      presentTargets(runtime, await returnable(runtime, principal, params.id)),
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/return/preview",
    summary: "What a return would do: decisions that fall, who acts again, due moments, the supplement",
    params: idParams,
    body: previewBody,
    answer: returnPreview,
    handle: async ({ runtime, principal, params, body }) => {
      const found = await returnable(runtime, principal, params.id);
      const { possible } = await targetsOf(found.at, found.task);
      const target = targetFor(possible, body.to);
      if (!target) throw notFound();
      requireWayBack(target.planned, body.afterwards);
      return presentPreview(runtime, found, { planned: target.planned, afterwards: body.afterwards, by: principal });
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/return",
    summary: "Send the case back to the applicant, to the step before, or to any earlier one",
    params: idParams,
    body: returnBody,
    answer: instanceDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await returnTask(runtime, principal, params.id, body, commandId);
      return detailOf(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/return/permit",
    summary: "A head lets the applicant be asked for a second supplement; counted as a violation",
    params: idParams,
    body: permitBody,
    answer: instanceDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await permitSecondSupplement(runtime, principal, { taskId: params.id, ...body }, commandId);
      return detailOf(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/withdraw",
    summary: "Whoever took the step before takes it back while nobody has begun with this one",
    params: idParams,
    body: takeBackBody,
    answer: instanceDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await takeBack(runtime, principal, { taskId: params.id, ...body }, commandId);
      return detailOf(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/tasks/:id/changes",
    summary:
      "What a resubmission changed since the latest return, field by field, and what was asked for; for the applicant, the form to correct by",
    params: idParams,
    answer: changes,
    handle: async ({ runtime, principal, params }) => {
      const found = await taskAt(runtime, params.id);
      const involved = await participantsOf(runtime.store.read, text(found.task, "instance_id"));
      authorize(principal, { type: "case.view", ...involved }, runtime.content);
      return presentChanges(runtime, principal, found);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/corrections",
    summary: "Correct the application while the case is back with the applicant",
    params: idParams,
    body: correctionBody,
    answer: changes,
    handle: async ({ runtime, principal, params, body }) => {
      await correctRequest(runtime, principal, { taskId: params.id, ...body });
      return presentChanges(runtime, principal, await taskAt(runtime, params.id));
    },
  }),
];

async function returnable(runtime: Runtime, principal: Principal, taskId: string) {
  const found = await taskAt(runtime, taskId);
  await requireAllowed(runtime, principal, { operation: "return", instance: found.at.instance, task: found.task });
  return found;
}

async function detailOf(runtime: Runtime, principal: Principal, taskId: string) {
  const [task] = await runtime.store.read("SELECT instance_id FROM task WHERE id = ?", [taskId]);
  if (!task) throw notFound();
  return caseDetail(runtime, principal, text(task, "instance_id"));
}
