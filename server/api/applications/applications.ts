import { participantsOf } from "../../identity/participants.ts";
import { rootVariables } from "../../../engine/execution/variables.ts";
import { mayDo, visibleApplications } from "../../identity/policy.ts";
import type { ScopeCondition } from "../../identity/scope.ts";
import { gradeOf } from "../../identity/stand-ins.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { InstanceState } from "../../../engine/execution/state.ts";
import type { Variables } from "../../../engine/expressions/json.ts";
import { applicationFormOf, usualAnswers } from "../../forms/application-form.ts";
import { readerOf } from "../../forms/reader.ts";
import { applicationSite, planCase, plannedPath, submit } from "../../sharing/applications.ts";
import { plainRequest } from "../../sharing/case-variables.ts";
import { requireBeginner, type Beginner } from "../../sharing/start-rights.ts";
import { previewRoute } from "../../sharing/preview.ts";
import { json, optionalText, text } from "../../store/rows.ts";
import type { Parameter, Row } from "../../store/store.ts";
import { casePath, cursorOf, organisationOf, readCursor } from "../present.ts";
import { deliverySpecification } from "../shared/delivery.schema.ts";
import { presentFilled } from "../shared/filled.schema.ts";
import { defineRoute, idParams } from "../route.ts";
import {
  applicationBody,
  applicationDetail,
  applicationPage,
  applicationQuery,
  applicationFormQuery,
  applicationFormView,
  applicationState,
  previewBody,
  routePreview,
  type ApplicationSummary,
} from "./applications.schema.ts";
import type { z } from "zod";

export const applicationRoutes = [
  defineRoute({
    method: "post",
    path: "/api/applications/preview",
    summary: "Which way an application would go, and why",
    body: previewBody,
    answer: routePreview,
    handle: async ({ runtime, principal, body }) => {
      beginnerFor(runtime, principal, body);
      return previewRoute(runtime, body.resourceId, body.organisationId, body.request);
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/applications/form",
    summary: "The form to apply for a resource with, as the process that will carry it was published",
    query: applicationFormQuery,
    answer: applicationFormView,
    handle: async ({ runtime, principal, query }) => {
      beginnerFor(runtime, principal, { resourceId: query.resource, organisationId: query.organisation });
      return formView(runtime, query.resource, query.organisation);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/applications",
    summary: "Submit an application; it starts a case",
    body: applicationBody,
    answer: applicationDetail,
    status: 201,
    handle: async ({ runtime, principal, body, commandId }) => {
      const beginner = beginnerFor(runtime, principal, body);
      const id = await submit(runtime, beginner, body.resourceId, body.organisationId, body.request, commandId);
      return detail(runtime, principal, id);
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/applications",
    summary:
      "Applications of my departments, those of people I stand in for, and those that I wrote in somebody's stead",
    query: applicationQuery,
    answer: applicationPage,
    handle: async ({ runtime, principal, query }) => {
      return page(runtime, visibleApplications(principal, runtime.content), query);
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/applications/:id",
    summary: "One application",
    params: idParams,
    answer: applicationDetail,
    handle: async ({ runtime, principal, params }) => detail(runtime, principal, params.id),
  }),
];

/** In whose name the person applies. Throws 404 for whoever may not. */
function beginnerFor(
  runtime: Runtime,
  principal: Principal,
  { resourceId, organisationId }: { readonly resourceId: string; readonly organisationId: string },
): Beginner {
  const action = { type: "application.start", organisation: organisationId } as const;
  return requireBeginner(runtime.content, principal, action, () => ({
    processKey: planCase(runtime, resourceId, organisationId, plainRequest).process,
    grade: gradeOf(runtime.content, resourceId),
  }));
}

async function formView(
  runtime: Runtime,
  resource: string,
  organisation: string,
): Promise<z.input<typeof applicationFormView>> {
  const site = await applicationSite(runtime, resource, organisation);
  const { form, context } = await applicationFormOf(runtime, site);
  return {
    process: { key: site.process, definitionId: site.definitionId },
    form: { ...form },
    facts: { ...context.facts },
    today: context.today,
    values: { ...usualAnswers(runtime, site.resource, context) },
    applicant: {
      ...organisationOf(runtime, organisation),
      uscc: runtime.content.organisations.get(organisation)?.uscc ?? "",
    },
  };
}

/**
 * A page of applications, newest first. The state of an application follows from its case, so it is filtered here, and pages are
 * read on until one is full: a page is empty only where nothing follows.
 */
async function page(
  runtime: Runtime,
  seen: ScopeCondition,
  query: z.infer<typeof applicationQuery>,
): Promise<z.input<typeof applicationPage>> {
  const items: ApplicationSummary[] = [];
  let after = readCursor(query.cursor);
  for (;;) {
    const rows = await read(runtime, seen, after, query.limit + 1);
    for (const [index, row] of rows.entries()) {
      if (index === query.limit) break;
      const item = await summary(runtime, row);
      after = [item.submittedAt, item.id];
      if (query.state && item.state !== query.state) continue;
      items.push(item);
      if (items.length === query.limit)
        return { items, nextCursor: index + 1 < rows.length ? cursorOf(row, "submitted_at") : null };
    }
    if (rows.length <= query.limit) return { items, nextCursor: null };
  }
}

async function read(
  runtime: Runtime,
  seen: ScopeCondition,
  after: readonly [string, string] | null,
  limit: number,
): Promise<readonly Row[]> {
  const parameters: Parameter[] = [...seen.parameters];
  let where = seen.sql;
  if (after) {
    where += " AND (application.submitted_at < ? OR (application.submitted_at = ? AND application.id < ?))";
    parameters.push(after[0], after[0], after[1]);
  }
  return runtime.store.read(
    `SELECT application.* FROM application JOIN instance ON instance.id = application.instance_id WHERE ${where} ORDER BY application.submitted_at DESC, application.id DESC LIMIT ${limit}`,
    parameters,
  );
}

async function detail(runtime: Runtime, principal: Principal, id: string): Promise<z.input<typeof applicationDetail>> {
  const [row] = await runtime.store.read("SELECT * FROM application WHERE id = ?", [id]);
  if (!row) throw notFound();
  const involved = await participantsOf(runtime.store.read, text(row, "instance_id"));
  if (!mayDo(principal, { type: "case.view", ...involved }, runtime.content)) throw notFound();
  const [delivery] = await runtime.store.read("SELECT * FROM delivery WHERE instance_id = ?", [
    text(row, "instance_id"),
  ]);
  const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [text(row, "instance_id")]);
  if (!instance) throw notFound();
  const reader = await readerOf(runtime, principal, instance, json<InstanceState>(instance, "state"));
  const request = json<Variables>(row, "request");
  const [filled] = presentFilled(await reader.filled({ request, resource: { id: text(row, "resource_id") } }));
  const specification = delivery ? optionalText(delivery, "specification") : null;
  return {
    ...(await summary(runtime, row)),
    request: { ...reader.application(request) },
    filled: filled ?? null,
    delivery: delivery
      ? {
          grantedItems: json<string[]>(delivery, "granted_items"),
          specification: specification === null ? null : deliverySpecification.parse(JSON.parse(specification)),
          regionFilter: text(delivery, "region_filter"),
          deliveredAt: optionalText(delivery, "delivered_at"),
          acceptedAt: optionalText(delivery, "accepted_at"),
          endsAt: optionalText(delivery, "ends_at"),
        }
      : null,
  };
}

async function summary(runtime: Runtime, row: Row): Promise<ApplicationSummary> {
  const instanceId = text(row, "instance_id");
  const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [instanceId]);
  const tasks = await runtime.store.read(
    "SELECT id, element, name, name_en, organisation_id, state FROM task WHERE instance_id = ? AND kind = 'decide' ORDER BY created_at, id",
    [instanceId],
  );
  const resource = runtime.content.resources.find(({ id }) => id === text(row, "resource_id"));
  const variables = instance ? rootVariables(json<InstanceState>(instance, "state")) : {};
  const hops = Array.isArray(variables["hops"])
    ? variables["hops"].map((hop: { organisation: string }) => hop.organisation)
    : [];
  return {
    id: text(row, "id"),
    number: text(row, "number"),
    instanceId,
    resource: { id: text(row, "resource_id"), code: resource?.code ?? "", name: resource?.name ?? { zh: "", en: "" } },
    applicant: organisationOf(runtime, text(row, "applicant_org")),
    provider: organisationOf(runtime, text(row, "provider_org")),
    state: stateOf(row, instance),
    submittedAt: text(row, "submitted_at"),
    dueAt: instance ? optionalText(instance, "due_at") : null,
    currentSteps: tasks
      .filter((task) => ["open", "waiting"].includes(text(task, "state")))
      .map((task) => ({
        element: text(task, "element"),
        name: { zh: text(task, "name"), en: optionalText(task, "name_en") ?? text(task, "name") },
        organisation: organisationOf(runtime, text(task, "organisation_id")),
      })),
    path: casePath(runtime, tasks, plannedPath(runtime, text(row, "applicant_org"), text(row, "provider_org"), hops)),
  };
}

function stateOf(application: Row, instance: Row | undefined): z.infer<typeof applicationState> {
  const stored = applicationState.parse(text(application, "state"));
  if (stored !== "running" || !instance || text(instance, "status") === "running") return stored;
  const decision = rootVariables(json<InstanceState>(instance, "state"))["decision"];
  return decision === "refuse" ? "refused" : "closed";
}
