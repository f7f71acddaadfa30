import { dropDraft } from "../drafts/drafts.ts";
import { directionOf } from "../../engine/routing/hops.ts";
import { authorityOf, type Organisation } from "../../engine/routing/organisations.ts";
import { isWithin } from "../../engine/routing/regions.ts";
import { caseVariables, plainRequest, type ResourceFacts } from "./case-variables.ts";
import { routeProvider } from "../../engine/routing/vertical.ts";
import type { Json } from "../../engine/expressions/json.ts";
import type { Form } from "../../engine/forms/form.ts";
import type { StartBody } from "../api/starts/starts.schema.ts";
import type { ResourceEntry, StartEntry } from "../content/content.schema.ts";
import { bindFormFiles, startPlace } from "../forms/attachments.ts";
import { keptAs, toldPlace } from "../forms/told-forms.ts";
import type { PersonActor } from "../runtime/actor.ts";
import { nextCaseNumber, numberKindOf } from "../runtime/case-number.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { correlate } from "../runtime/messages.ts";
import { toldLine } from "../runtime/told-line.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { actorBeginning, type Beginner } from "./start-rights.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";

/** What an official asks for when beginning a process by hand. */
export interface StartRequest {
  readonly process: string;
  /** Version that is begun or told. */
  readonly definitionId: string;
  readonly start: StartEntry;
  readonly body: StartBody;
  readonly form: Form;
  /** What was filled into it, checked. */
  readonly values: Readonly<Record<string, Json>>;
}

export interface StartedCase {
  readonly instanceId: string;
  readonly caseNumber: string;
}

/** Starts a case at the start event of its own. The same key again gives the first one. Throws a problem that names what lacks. */
export async function startByHand(
  runtime: Runtime,
  beginner: Beginner,
  request: StartRequest & { readonly event: string },
  commandId: string | null,
): Promise<StartedCase> {
  const before = await startedBefore(runtime, commandId);
  if (before) return before;
  const { applicant, provider, resource } = partiesOf(runtime, request);
  const caseNumber = await nextCaseNumber(
    runtime.store,
    numberKindOf(request.process),
    applicant.region,
    runtime.clock.now(),
  );
  const id = newId();
  const actor = actorBeginning(beginner, request.body.organisationId);
  const subject = resource?.name ?? { zh: titleOf(request), en: titleOf(request) };
  await runtime.start(
    {
      id,
      caseNumber,
      definitionId: request.definitionId,
      processKey: request.process,
      startEvent: request.event,
      subject,
      applicant: { organisation: applicant.id, region: applicant.region },
      provider: { organisation: provider.id, region: provider.region },
      variables: {
        ...caseVariables({
          applicant,
          provider,
          resource: resource ?? uncatalogued(subject),
          request: { ...plainRequest, ...request.values },
          direction: directionOf(runtime.content, applicant.region, provider.region),
        }),
        originCase: request.values["originNumber"] ?? null,
        caseNumber,
        ...keptAs(startPlace, request.start.form, request.values),
        ...request.start.variables,
      },
    },
    actor,
    commandId,
    async (tx) => {
      await dropDraft(tx, beginner.principal.id, `start.${request.process}.${request.start.key}`);
      return bindStartFiles(runtime, tx, request, { instanceId: id, actor, at: runtime.clock.now() });
    },
  );
  return (await startedBefore(runtime, commandId)) ?? { instanceId: id, caseNumber };
}

/** Hands a message to the running case that the official names, if their organisation stands on the side that may. */
export async function tellByHand(
  runtime: Runtime,
  beginner: Beginner,
  request: StartRequest & { readonly message: string },
  commandId: string | null,
): Promise<StartedCase> {
  const { caseNumber, organisationId } = request.body;
  const [instance] = await runtime.store.read("SELECT * FROM instance WHERE case_number = ? AND process_key = ?", [
    caseNumber ?? "",
    request.process,
  ]);
  if (!instance || !standsOn(runtime, request.start.as, organisationId, instance))
    throw lacking(
      "body.caseNumber",
      "没有这一编号的在办事项，或本部门不是其一方",
      "no running case of that number that your department is part of",
    );
  const number = text(instance, "case_number");
  const actor = actorBeginning(beginner, request.body.organisationId);
  const reached = await correlate(
    runtime.store,
    runtime.dispatcher,
    {
      name: request.message,
      correlationKey: number,
      variables: {
        ...request.values,
        ...keptAs(toldPlace, request.start.form, request.values),
        ...request.start.variables,
      },
    },
    actor,
    commandId,
    async ({ tx, instance: { id }, now }) =>
      id === instance["id"]
        ? [
            toldLine(now, actor, { name: request.form.name, to: null, reason: null }),
            ...(await bindStartFiles(runtime, tx, request, { instanceId: text(instance, "id"), actor, at: now })),
          ]
        : [],
  );
  if (!reached.includes(text(instance, "id")) && reached.length === 0)
    throw new RuntimeProblem(409, "CASE_DOES_NOT_WAIT", {
      zh: "该事项目前不接收此项内容",
      en: "The case does not wait for this at present",
    });
  await runtime.settle();
  return { instanceId: text(instance, "id"), caseNumber: number };
}

function bindStartFiles(
  { content }: Runtime,
  tx: Transaction,
  { form, values }: StartRequest,
  binding: { readonly instanceId: string; readonly actor: PersonActor; readonly at: string },
): Promise<readonly JournalLine[]> {
  return bindFormFiles(tx, content, { form, values, place: startPlace, taskId: null, ...binding });
}

function partiesOf(runtime: Runtime, { start, body }: StartRequest) {
  const own = runtime.content.organisations.get(body.organisationId);
  if (!own) throw notFound();
  const resource =
    body.resourceId === null ? null : (runtime.content.resources.find(({ id }) => id === body.resourceId) ?? null);
  const other = otherOf(runtime, start, { own, resource, other: body.otherOrganisationId });
  return start.as === "provider"
    ? { applicant: other, provider: own, resource }
    : { applicant: own, provider: other, resource };
}

interface Sides {
  readonly own: Organisation;
  readonly resource: ResourceEntry | null;
  readonly other: string | null;
}

function otherOf(runtime: Runtime, start: StartEntry, { own, resource, other }: Sides): Organisation {
  switch (start.other) {
    case "resourceProvider":
      if (!resource) throw lacking("body.resourceId", "请选择数据资源", "choose a data resource");
      return routeProvider(runtime.content, resource.provider).provider;
    case "organisation": {
      const found = runtime.content.organisations.get(other ?? "");
      if (!found) throw lacking("body.otherOrganisationId", "请选择对方部门", "choose the other department");
      return found;
    }
    case "ownAuthority":
      return authorityOf(runtime.content, own.region);
    case "none":
      return own;
  }
}

function standsOn(runtime: Runtime, as: StartEntry["as"], organisation: string, instance: Row): boolean {
  if (as === "applicant") return text(instance, "applicant_org") === organisation;
  if (as === "provider") return text(instance, "provider_org") === organisation;
  const region = runtime.content.organisations.get(organisation)?.region ?? "";
  return ["applicant_region", "provider_region"].some((side) =>
    isWithin(runtime.content.regions, text(instance, side), region),
  );
}

/** Data that no catalogue entry describes yet; the grade is settled when they are catalogued. */
function uncatalogued(name: ResourceFacts["name"]): ResourceFacts {
  return { id: "", code: "", name, shareClass: "uncatalogued", hookup: "uncatalogued", grade: 2, vertical: "none" };
}

function titleOf({ values, start }: StartRequest): string {
  const title = values["title"];
  return typeof title === "string" ? title : start.name.zh;
}

async function startedBefore(runtime: Runtime, commandId: string | null): Promise<StartedCase | null> {
  if (commandId === null) return null;
  const [row] = await runtime.store.read(
    "SELECT instance.id, instance.case_number FROM command JOIN instance ON instance.id = command.instance_id WHERE command.id = ?",
    [commandId],
  );
  return row ? { instanceId: text(row, "id"), caseNumber: text(row, "case_number") } : null;
}

function lacking(place: string, zh: string, en: string): RuntimeProblem {
  return new RuntimeProblem(
    422,
    "START_INCOMPLETE",
    { zh: "发起信息有以下需要更正之处，未作任何处理", en: "The start needs these corrections; nothing was done" },
    { zh: "请更正后再提交", en: "Correct them and send again" },
    [{ code: "START_INCOMPLETE", place, message: { zh, en } }],
  );
}
