import type { z } from "zod";
import type { Principal } from "../../identity/sessions.ts";
import { lacksForJump } from "../../../engine/analysis/operations/return-plan.ts";
import type { InstanceState } from "../../../engine/execution/state.ts";
import type { SuspensionCause } from "../../../engine/routing/suspension-cause.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { restartCase, terminateCase } from "../../returning/end-and-restart.ts";
import { askForJump, settleJump } from "../../returning/jump.ts";
import { resumeCase, suspendCase } from "../../returning/suspension.ts";
import { causeNamed, causesOf } from "../../returning/suspension-causes.ts";
import { withdrawApplication } from "../../returning/take-back.ts";
import { json, optionalText, text } from "../../store/rows.ts";
import type { Query, Row } from "../../store/store.ts";
import { askingAbout } from "../../tasks/ask.ts";
import { caseDetail } from "../instances/instances.ts";
import { instanceDetail } from "../instances/instances.schema.ts";
import { defineRoute, idParams } from "../route.ts";
import {
  caseControl,
  jumpBody,
  reasonBody,
  restartBody,
  restarted,
  settleJumpBody,
  suspendBody,
} from "./case-operations.schema.ts";

const offered = ["withdrawApplication", "jump", "terminate", "suspend", "resume", "restart"] as const;

export const caseOperationRoutes = [
  defineRoute({
    method: "get",
    path: "/api/instances/:id/control",
    summary: "What the reader may do to the whole case now, and what is under way",
    params: idParams,
    answer: caseControl,
    handle: async ({ runtime, principal, params }) => control(runtime, principal, params.id),
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/suspend",
    summary: "Suspend a case for a reason that decides which clocks rest, with an end if wanted",
    params: idParams,
    body: suspendBody,
    answer: instanceDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await suspendCase(runtime, principal, { instanceId: params.id, ...body }, commandId);
      return caseDetail(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/resume",
    summary: "Let a suspended case go on with what was left",
    params: idParams,
    body: reasonBody,
    answer: instanceDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await resumeCase(runtime, principal, { instanceId: params.id, ...body }, commandId);
      return caseDetail(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/terminate",
    summary: "End a case that shall not go on",
    params: idParams,
    body: reasonBody,
    answer: instanceDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await terminateCase(runtime, principal, { instanceId: params.id, ...body }, commandId);
      return caseDetail(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/withdraw",
    summary: "The applicant withdraws the application before it is decided",
    params: idParams,
    body: reasonBody,
    answer: instanceDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await withdrawApplication(runtime, principal, { instanceId: params.id, ...body }, commandId);
      return caseDetail(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/jump",
    summary: "Ask for a jump to an element; a second person confirms it",
    params: idParams,
    body: jumpBody,
    answer: caseControl,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await askForJump(runtime, principal, { instanceId: params.id, ...body }, commandId);
      return control(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/jump/settle",
    summary: "Confirm the jump that somebody else asked for, or refuse it",
    params: idParams,
    body: settleJumpBody,
    answer: caseControl,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await settleJump(runtime, principal, { instanceId: params.id, ...body }, commandId);
      return control(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/restart",
    summary: "Begin an ended case anew, as a case of its own that is linked with it",
    params: idParams,
    body: restartBody,
    answer: restarted,
    handle: async ({ runtime, principal, params, body, commandId }) =>
      restartCase(runtime, principal, { instanceId: params.id, ...body }, commandId),
  }),
];

async function control(runtime: Runtime, principal: Principal, id: string): Promise<z.input<typeof caseControl>> {
  const query = runtime.store.read;
  const [instance] = await query("SELECT * FROM instance WHERE id = ?", [id]);
  if (!instance) throw notFound();
  const verdicts = await (await askingAbout(runtime, principal, instance))(null);
  const allowed = offered.filter((operation) => verdicts(operation).allowed);
  const model = await runtime.models.get(text(instance, "definition_id"));
  const state = json<InstanceState>(instance, "state");
  const steps = [...model.elements.values()]
    .filter(({ kind }) => kind === "userTask")
    .map((node) => ({
      element: node.id,
      name: { zh: node.name ?? node.id, en: node.documentation ?? node.name ?? node.id },
    }));
  const [jump] = await query("SELECT * FROM case_jump WHERE instance_id = ? AND state = 'asked'", [id]);
  const [suspension] = await query("SELECT * FROM case_suspension WHERE instance_id = ? AND ended_at IS NULL", [id]);
  const nameOf = (element: string) =>
    steps.find((step) => step.element === element)?.name ?? { zh: element, en: element };
  return {
    allowed,
    causes: allowed.includes("suspend") ? causesOf(runtime, instance).map(presentCause) : [],
    steps: allowed.includes("jump")
      ? steps.filter(({ element }) => element !== jump?.["element"] && lacksForJump(model, state, element) === null)
      : [],
    jump: jump
      ? {
          element: text(jump, "element"),
          name: nameOf(text(jump, "element")),
          reason: text(jump, "reason"),
          askedBy: text(jump, "asked_by_name"),
          mine: text(jump, "asked_by") === principal.id,
          at: text(jump, "asked_at"),
        }
      : null,
    suspension: suspension ? suspensionView(runtime, instance, suspension) : null,
    restartedAs: await links(query, id, { own: "from_id", other: "to_id" }),
    restartOf: await links(query, id, { own: "to_id", other: "from_id" }),
  };
}

function presentCause({ code, name, rests, source, verified }: SuspensionCause) {
  return { code, name, rests, source, verified };
}

function suspensionView(runtime: Runtime, instance: Row, row: Row) {
  const cause = text(row, "cause");
  return {
    cause,
    name: causeNamed(runtime, instance, cause),
    reason: text(row, "reason"),
    at: text(row, "at"),
    until: optionalText(row, "until_at"),
  };
}

async function links(query: Query, id: string, { own, other }: { readonly own: string; readonly other: string }) {
  const rows = await query(
    `SELECT instance.id, instance.case_number, case_link.kind, case_link.reason, case_link.at FROM case_link
     JOIN instance ON instance.id = case_link.${other} WHERE case_link.${own} = ? ORDER BY case_link.at, case_link.id`,
    [id],
  );
  return rows.map((row) => ({
    instanceId: text(row, "id"),
    caseNumber: text(row, "case_number"),
    kind: text(row, "kind"),
    reason: text(row, "reason"),
    at: text(row, "at"),
  }));
}
