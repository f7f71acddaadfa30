import { dropDraft } from "../drafts/drafts.ts";
import { planHops, type UpwardMode } from "../../engine/routing/hops.ts";
import {
  authorityOf,
  organisationOfKind,
  type Directory,
  type Organisation,
} from "../../engine/routing/organisations.ts";
import { gatewayOf } from "../../engine/routing/positions.ts";
import { processFor, type ApplicationProcess } from "../../engine/routing/process-choice.ts";
import { routeProvider } from "../../engine/routing/vertical.ts";
import { caseVariables, type ResourceFacts } from "./case-variables.ts";
import { localDate } from "../../engine/calendar/dates.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { z } from "zod";
import type { applicationRequest } from "../api/applications/applications.schema.ts";
import type { ResourceEntry } from "../content/content.schema.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { nextCaseNumber } from "../runtime/case-number.ts";
import { newId } from "../store/ids.ts";
import { isDuplicateKey } from "../store/duplicate-key.ts";
import { text } from "../store/rows.ts";
import type { Transaction } from "../store/store.ts";
import type { Principal } from "../identity/sessions.ts";

export type ApplicationRequest = z.infer<typeof applicationRequest>;

export interface PlannedCase {
  readonly process: ApplicationProcess;
  readonly resource: ResourceEntry;
  readonly variables: Variables;
  readonly hops: readonly string[];
}

/** Which process carries this application, with the facts that its routes will ask about. */
export function planCase(
  runtime: Runtime,
  resourceId: string,
  organisationId: string,
  request: Readonly<Record<string, unknown>>,
): PlannedCase {
  const { content } = runtime;
  const resource = content.resources.find(({ id }) => id === resourceId);
  const applicant = content.organisations.get(organisationId);
  if (!resource || !applicant) throw notFound();
  // Data of a vertically managed system are asked of its owner, not of the branch that holds them (domain dimension 11).
  const { provider } = routeProvider(content, resource.provider);
  if (resource.provider === organisationId) {
    throw new RuntimeProblem(422, "OWN_RESOURCE", {
      zh: "这是本部门自己的数据资源，无需申请",
      en: "This resource is your own department's; there is nothing to apply for",
    });
  }
  const upwardMode = runtime.rules.placeOf(applicant.region, localDate(runtime.clock.now())).upwardMode;
  return { resource, ...planBetween(content, { applicant, provider, resource, request, upwardMode }) };
}

interface Sides {
  readonly applicant: Organisation;
  readonly provider: Organisation;
  readonly resource: ResourceFacts;
  readonly request: Readonly<Record<string, unknown>>;
  /** How the applicant's authority lets applications go upward. */
  readonly upwardMode: UpwardMode;
}

/** The process and the facts of a case between two organisations, whether it is applied for or only imagined. */
export function planBetween(
  directory: Directory,
  { applicant, provider, resource, request, upwardMode }: Sides,
): Omit<PlannedCase, "resource"> {
  const process = processFor(directory, applicant.region, provider.region, resource);
  const { hops: between, direction } = planHops(directory, applicant.region, provider.region, upwardMode);
  // Only the way up passes authorities in between; the way across leads through the gateway or the provider's own authority.
  const hops = process === "ds-03" ? between : [];
  return {
    process,
    hops: hops.map(({ id }) => id),
    variables: {
      ...caseVariables({
        applicant,
        provider,
        resource,
        request: JSON.parse(JSON.stringify(request)) as Variables,
        direction,
      }),
      hops: hops.map((hop, index) => ({ organisation: hop.id, region: hop.region, level: hop.level, index })),
      upwardMode,
    },
  };
}

/** Everyone the case is planned to pass, in order. */
export function plannedPath(
  runtime: Runtime,
  applicantId: string,
  providerId: string,
  hops: readonly string[],
): readonly string[] {
  const applicant = runtime.content.organisations.get(applicantId);
  const provider = runtime.content.organisations.get(providerId);
  if (!applicant || !provider) return [];
  const own = authorityOf(runtime.content, applicant.region).id;
  const other = organisationOfKind(runtime.content, provider.region, "authority");
  const above = (other ?? gatewayOf(runtime.content, applicant.region)).id;
  return [...new Set([applicantId, own, ...hops, above, providerId])];
}

/**
 * Submits an application: a row and a running case, in one transaction, under a number of its own. The same key again, even at
 * the same moment, gives the first one. Gives the application's id.
 */
export async function submit(
  runtime: Runtime,
  principal: Principal,
  resourceId: string,
  organisationId: string,
  request: ApplicationRequest,
  commandId: string | null,
): Promise<string> {
  const { store, clock } = runtime;
  const before = await answeredBefore(runtime, commandId);
  if (before !== null) return before;
  checkRequest(runtime, resourceId, request);
  await runtime.rules.current(clock.now());
  const planned = planCase(runtime, resourceId, organisationId, request);
  const definition = await runtime.models.newest(planned.process);
  if (!definition)
    throw new RuntimeProblem(422, "PROCESS_NOT_PUBLISHED", {
      zh: `流程 ${planned.process} 尚未发布`,
      en: `The process ${planned.process} is not published`,
    });
  const now = clock.now();
  const applicant = runtime.content.organisations.get(organisationId);
  const provider = routeProvider(runtime.content, planned.resource.provider).provider;
  const number = await nextCaseNumber(store, "SQ", applicant?.region ?? "000000", now);
  const instanceId = newId();
  const applicationId = newId();
  const created = {
    id: instanceId,
    caseNumber: number,
    definitionId: definition.definitionId,
    processKey: planned.process,
    startEvent: null,
    subject: planned.resource.name,
    applicant: { organisation: organisationId, region: applicant?.region ?? "" },
    provider: { organisation: provider.id, region: provider.region },
    variables: { ...planned.variables, caseNumber: number, originCase: null },
  };
  const actor = { kind: "person" as const, id: principal.id, name: principal.name, organisation: organisationId };
  const file = async (tx: Transaction) => {
    await dropDraft(tx, principal.id, `application.${resourceId}`);
    await tx.insert("application", {
      id: applicationId,
      number,
      instance_id: instanceId,
      resource_id: planned.resource.id,
      person_id: principal.id,
      applicant_org: organisationId,
      provider_org: provider.id,
      request: JSON.stringify(request),
      state: "running",
      submitted_at: now,
    });
  };
  try {
    const { repeated } = await runtime.start(created, actor, commandId, file);
    if (!repeated) return applicationId;
  } catch (error) {
    // The same key at the same moment: the other request wrote it first, and its answer is the answer.
    if (!isDuplicateKey(error)) throw error;
    const meanwhile = await answeredBefore(runtime, commandId);
    if (meanwhile === null) throw error;
    return meanwhile;
  }
  const meanwhile = await answeredBefore(runtime, commandId);
  if (meanwhile === null) throw new Error(`the key ${commandId} is taken but started no application`);
  return meanwhile;
}

/** The application that a request with this key started before, if any. */
async function answeredBefore(runtime: Runtime, commandId: string | null): Promise<string | null> {
  if (commandId === null) return null;
  const [row] = await runtime.store.read(
    "SELECT application.id FROM command JOIN application ON application.instance_id = command.instance_id WHERE command.id = ?",
    [commandId],
  );
  return row ? text(row, "id") : null;
}

function checkRequest(runtime: Runtime, resourceId: string, request: ApplicationRequest): void {
  const resource = runtime.content.resources.find(({ id }) => id === resourceId);
  if (!resource) throw notFound();
  const problems: { code: string; place: string; message: { zh: string; en: string } }[] = [];
  const unknown = request.items.filter((item) => !resource.items.some(({ code }) => code === item));
  if (unknown.length > 0)
    problems.push({
      code: "ITEM_UNKNOWN",
      place: "body.request.items",
      message: { zh: `该资源没有数据项 ${unknown.join("、")}`, en: `The resource has no item ${unknown.join(", ")}` },
    });
  if (!resource.modes.includes(request.mode))
    problems.push({
      code: "MODE_NOT_OFFERED",
      place: "body.request.mode",
      message: { zh: "该资源不提供此共享方式", en: "The resource is not offered in this way" },
    });
  if (request.to < request.from)
    problems.push({
      code: "PERIOD_REVERSED",
      place: "body.request.to",
      message: { zh: "使用期限的止日早于起日", en: "The period of use ends before it begins" },
    });
  const personal = resource.items.some((item) => item.personalInfo && request.items.includes(item.code));
  if (personal && request.personalInfo === "none")
    problems.push({
      code: "PERSONAL_INFO_UNDECLARED",
      place: "body.request.personalInfo",
      message: { zh: "所选数据项含个人信息，须如实申报", en: "The chosen items hold personal information; declare it" },
    });
  if (problems.length > 0)
    throw new RuntimeProblem(
      422,
      "APPLICATION_INCOMPLETE",
      { zh: "申请有以下需要更正之处", en: "The application needs these corrections" },
      { zh: "请逐条更正后重新提交", en: "Correct each and submit again" },
      problems,
    );
}
