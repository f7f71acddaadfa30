import { participantsOf } from "../../identity/participants.ts";
import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { planReturn } from "../../../engine/analysis/operations/return-plan.ts";
import type { Operation } from "../../../engine/approval/operations.ts";
import type { Command } from "../../../engine/execution/commands.ts";
import type { Variables } from "../../../engine/expressions/json.ts";
import type { InstanceState } from "../../../engine/execution/state.ts";
import { authorize } from "../../identity/policy.ts";
import { readerOf } from "../../forms/reader.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Actor } from "../../runtime/actor.ts";
import { notFound, RuntimeProblem } from "../../runtime/errors.ts";
import { migrateCases } from "../../runtime/migration.ts";
import { deleteCase } from "../../runtime/retention.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { suspending } from "../../returning/suspension.ts";
import { requireCause } from "../../returning/suspension-causes.ts";
import { situationsBeforeReturn } from "../../returning/plan.ts";
import { json, text } from "../../store/rows.ts";
import { requireAllowed } from "../../tasks/ask.ts";
import { operateOnCase } from "../../tasks/operate.ts";
import { caseDetail } from "../instances/instances.ts";
import { instanceDetail } from "../instances/instances.schema.ts";
import { defineRoute, idParams } from "../route.ts";
import {
  deleteBody,
  deleted,
  instanceState,
  migrationBody,
  migrationResult,
  operationBody,
  returnBody,
  type OperationBody,
} from "./operations.schema.ts";

export const operationRoutes = [
  defineRoute({
    method: "get",
    path: "/api/instances/:id/state",
    summary: "Tokens, scopes and waits of a case, as operations name them",
    params: idParams,
    answer: instanceState,
    handle: async ({ runtime, principal, params }) => {
      await authorizeCase(runtime, principal, params.id);
      const { row, state } = await caseOf(runtime, params.id);
      const reader = await readerOf(runtime, principal, row, state);
      return {
        status: state.status,
        tokens: Object.values(state.tokens).map(({ id, element, scope, at }) => ({ id, element, scope, at })),
        scopes: Object.values(state.scopes).map(({ id, kind, element, parent, variables }) => ({
          id,
          kind,
          element,
          parent,
          variables: { ...reader.variables(variables) },
        })),
        waits: Object.values(state.waits).map(({ id, type, element, token }) => ({ id, type, element, token })),
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/operations",
    summary: "Suspend, resume, cancel, correct, move or repair a running case",
    params: idParams,
    body: operationBody,
    answer: instanceDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      const instanceId = params.id;
      await operate(runtime, { principal, instanceId, body, command: commandOf(body), commandId });
      return caseDetail(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/return",
    summary: "Send a case back to an earlier step; parallel branches that are not concerned go on",
    params: idParams,
    body: returnBody,
    answer: instanceDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      const { row: instance } = await caseOf(runtime, params.id);
      await requireAllowed(runtime, principal, { operation: "repair", instance, task: null });
      const plan = await planCaseReturn(runtime, params.id, body.element);
      const command = { type: "moveTokens", cancel: plan.cancel, start: plan.start, reason: body.reason } as const;
      await operate(runtime, { principal, instanceId: params.id, body, command, commandId });
      return caseDetail(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/migrations",
    summary: "Check, or carry out, the move of running cases to another version of their process",
    body: migrationBody,
    answer: migrationResult,
    handle: async ({ runtime, principal, body }) => {
      authorize(principal, { type: "case.migrate" }, runtime.content);
      const { plan, cases } = await migrateCases(runtime, body, actorOf(principal));
      return {
        plan: { elements: { ...plan.elements }, flows: { ...plan.flows } },
        cases: cases.map(({ problems, ...found }) => ({
          ...found,
          problems: problems.map(({ code, element, message }) => ({ code, element, message: { ...message } })),
        })),
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/delete",
    summary: "Delete the data of an ended case; its history is kept for the retention period",
    params: idParams,
    body: deleteBody,
    answer: deleted,
    handle: async ({ runtime, principal, params, body }) => {
      authorize(principal, { type: "case.delete" }, runtime.content);
      const { store, clock, content, attachments } = runtime;
      return deleteCase(
        { store, clock, retention: content.retention, files: attachments.files },
        params.id,
        body.reason,
        actorOf(principal),
      );
    },
  }),
];

async function authorizeCase(runtime: Runtime, principal: Principal, id: string): Promise<void> {
  const { regions } = await participantsOf(runtime.store.read, id);
  authorize(principal, { type: "case.operate", regions }, runtime.content);
}

function actorOf(principal: Principal): Actor {
  const organisation = principal.posts[0]?.organisation ?? null;
  return { kind: "person", id: principal.id, name: principal.name, organisation };
}

function commandOf(body: OperationBody): Command {
  switch (body.type) {
    case "setVariables":
      return { type: "setVariables", scope: body.scope, variables: asJson(body.variables) };
    case "resolveIncident":
      return { type: "resolveIncident", token: body.token, variables: asJson(body.variables) };
    case "startActivity":
      return { type: "startActivity", wait: body.wait, element: body.element, variables: asJson(body.variables) };
    default:
      return body;
  }
}

function asJson(variables: Readonly<Record<string, unknown>>): Variables {
  return z.record(z.string(), z.json()).parse(variables);
}

/** What is left to an operator, by the same door: a repair, or what everybody's operations on a case are. */
function operationOf(body: { readonly type?: string }): Operation {
  switch (body.type) {
    case "suspend":
    case "resume":
      return body.type;
    case "cancel":
      return "terminate";
    default:
      return "repair";
  }
}

interface OperatorsRequest {
  readonly principal: Principal;
  readonly instanceId: string;
  readonly body: { readonly type?: string; readonly reason?: string };
  readonly command: Command;
  readonly commandId: string | null;
}

/** The reason stands in the history beside what was done, also where the engine's own event has no place for it. */
async function operate(
  runtime: Runtime,
  { principal, instanceId, body, command, commandId }: OperatorsRequest,
): Promise<void> {
  const reason = body.reason ?? "";
  const request = { principal, instanceId, operation: operationOf(body), reason, commandId };
  await operateOnCase(runtime, request, {
    decide: async ({ instance }) =>
      command.type === "suspend" ? suspending(requireCause(runtime, instance, "suspended"), reason) : command,
    also: async ({ now }, { actor }) => [
      {
        at: now,
        type: "case.operated",
        element: null,
        actor,
        payload: { operation: body.type ?? "return", reason },
      },
    ],
  });
}

async function caseOf(runtime: Runtime, id: string) {
  const [row] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [id]);
  if (!row) throw notFound();
  return { state: json<InstanceState>(row, "state"), row };
}

async function planCaseReturn(runtime: Runtime, id: string, element: string) {
  const { state, row } = await caseOf(runtime, id);
  const model = await runtime.models.get(text(row, "definition_id"));
  const { models } = await runtime.models.called(model, { state, startedAt: text(row, "started_at") });
  const called = new Map(models.map((found) => [found.id, found]));
  const bounds = { situations: situationsBeforeReturn, pause: async () => setImmediate() };
  const plan = await planReturn(model, called, state, element, bounds);
  const [problem] = plan.problems;
  if (problem) throw new RuntimeProblem(409, problem.code, problem.message);
  return plan;
}
