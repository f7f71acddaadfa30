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
import { actorBeginning, type Beginner } from "./start-rights.ts";
import { caseVariables, plainRequest, type ResourceFacts } from "./case-variables.ts";
import { localDate } from "../../engine/calendar/dates.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { acceptForm } from "../forms/accept-form.ts";
import { applicationFormOf, type ApplicationSite } from "../forms/application-form.ts";
import { applicationPlace, attachmentsNamed, bindFormFiles } from "../forms/attachments.ts";
import type { ResourceEntry } from "../content/content.schema.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { nextCaseNumber } from "../runtime/case-number.ts";
import { newId } from "../store/ids.ts";
import { isDuplicateKey } from "../store/duplicate-key.ts";
import { text } from "../store/rows.ts";
import type { Transaction } from "../store/store.ts";
import type { Principal } from "../identity/sessions.ts";

/** What was filled into the application form. */
export type ApplicationRequest = Readonly<Record<string, unknown>>;

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
  beginner: Beginner,
  resourceId: string,
  organisationId: string,
  request: ApplicationRequest,
  commandId: string | null,
): Promise<string> {
  const { store, clock } = runtime;
  const { principal, inSteadOf } = beginner;
  const before = await answeredBefore(runtime, commandId);
  if (before !== null) return before;
  await runtime.rules.current(clock.now());
  const site = await applicationSite(runtime, resourceId, organisationId);
  const { form, accepted } = await acceptRequest(runtime, principal, site, request);
  const planned = planCase(runtime, resourceId, organisationId, { ...plainRequest, ...accepted });
  const now = clock.now();
  const applicant = runtime.content.organisations.get(organisationId);
  const provider = routeProvider(runtime.content, planned.resource.provider).provider;
  const number = await nextCaseNumber(store, "SQ", applicant?.region ?? "000000", now);
  const instanceId = newId();
  const applicationId = newId();
  const created = {
    id: instanceId,
    caseNumber: number,
    definitionId: site.definitionId,
    processKey: planned.process,
    startEvent: null,
    subject: planned.resource.name,
    applicant: { organisation: organisationId, region: applicant?.region ?? "" },
    provider: { organisation: provider.id, region: provider.region },
    variables: {
      ...planned.variables,
      askedItems: askedItems(planned.resource, accepted),
      caseNumber: number,
      originCase: null,
    },
  };
  const actor = actorBeginning(beginner, organisationId);
  const file = async (tx: Transaction) => {
    await dropDraft(tx, principal.id, `application.${resourceId}`);
    await tx.insert("application", {
      id: applicationId,
      number,
      instance_id: instanceId,
      resource_id: planned.resource.id,
      person_id: inSteadOf?.id ?? principal.id,
      applicant_org: organisationId,
      provider_org: provider.id,
      request: JSON.stringify(accepted),
      state: "running",
      submitted_at: now,
    });
    const place = applicationPlace;
    return bindFormFiles(tx, runtime.content, {
      form,
      values: accepted,
      place,
      instanceId,
      taskId: null,
      actor,
      at: now,
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

/** The process that would carry an application, with the version in force, before anything is known of the request. */
export async function applicationSite(
  runtime: Runtime,
  resourceId: string,
  organisationId: string,
): Promise<ApplicationSite> {
  const planned = planCase(runtime, resourceId, organisationId, plainRequest);
  const definition = await runtime.models.newest(planned.process);
  const applicant = runtime.content.organisations.get(organisationId);
  if (!applicant) throw notFound();
  if (!definition)
    throw new RuntimeProblem(422, "PROCESS_NOT_PUBLISHED", {
      zh: `流程 ${planned.process} 尚未发布`,
      en: `The process ${planned.process} is not published`,
    });
  const { provider } = routeProvider(runtime.content, planned.resource.provider);
  const { process, resource, variables } = planned;
  return { definitionId: definition.definitionId, process, resource, applicant, provider, variables };
}

/** Checks the request by the form that the process was published with, and against the catalogue. Throws 422 with every fault. */
async function acceptRequest(
  runtime: Runtime,
  principal: Principal,
  site: ApplicationSite,
  request: ApplicationRequest,
) {
  const { form, context } = await applicationFormOf(runtime, site);
  const sender = { person: principal.id, instanceId: null, place: applicationPlace };
  const attachment = await attachmentsNamed(runtime.store.read, form, request, sender);
  const accepted = acceptForm(form, request, { ...context, attachment });
  refuseUndeclared(site.resource, accepted);
  return { form, accepted };
}

/** An item by the names that the catalogue had for it. */
type AskedItem = { readonly code: string; readonly name: string } & Variables;

/** What is asked for, by the names of today's catalogue: decisions and deliveries keep them when it changes. */
export function askedItems(resource: ResourceEntry, { items }: Variables): readonly AskedItem[] {
  const asked = Array.isArray(items) ? items : [];
  return resource.items
    .filter(({ code }) => asked.includes(code))
    .map(({ code, name, nameEn }) => ({ code, name, ...(nameEn === undefined ? {} : { nameEn }) }));
}

/**
 * Items that hold personal information make the application one about personal information, whatever it says. Throws 422
 * `FORM_INVALID` where they are not declared.
 */
export function refuseUndeclared(resource: ResourceEntry, accepted: Variables): void {
  const { items, personalInfo } = accepted;
  const asked = Array.isArray(items) ? items : [];
  const personal = resource.items.some((item) => item.personalInfo && asked.includes(item.code));
  if (!personal || personalInfo !== "none") return;
  throw new RuntimeProblem(
    422,
    "FORM_INVALID",
    { zh: "申请有以下需要更正之处", en: "The application needs these corrections" },
    { zh: "请逐条更正后重新提交", en: "Correct each and submit again" },
    [
      {
        code: "PERSONAL_INFO_UNDECLARED",
        place: "body.request.personalInfo",
        message: {
          zh: "所选数据项含个人信息，须如实申报",
          en: "The chosen items hold personal information; declare it",
        },
      },
    ],
  );
}
