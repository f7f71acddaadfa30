import type { InstanceState } from "../../engine/execution/state.ts";
import { variablesAt } from "../../engine/execution/variables.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import type { FormContext } from "../../engine/forms/context.ts";
import { fieldsOf, keysOf, type Form, type ItemChoice } from "../../engine/forms/form.ts";
import { formForStep, type StepFieldRight } from "../../engine/forms/rights.ts";
import type { ResourceEntry } from "../content/content.schema.ts";
import { dressApplication } from "../forms/application-form.ts";
import { applicationForm } from "../forms/bundle.ts";
import { definitionAt } from "../forms/case-steps.ts";
import { itemChoices } from "../forms/choices.ts";
import { namedItems } from "../forms/item-decisions.ts";
import { memberOf } from "../forms/step-form.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import { bilingualName } from "../sharing/item-names.ts";
import type { Query, Row } from "../store/store.ts";
import { homeOf } from "./homes.ts";
import { isSupplement } from "./plan.ts";

/** A task of the applicant in its case. */
export interface CorrectionSite {
  readonly task: Row;
  readonly instance: Row;
  readonly state: InstanceState;
}

/** The application as its applicant may change it at a step. */
export interface CorrectionForm {
  /** The form that the case was applied for with, of the version it runs on, with the rights of the step. */
  readonly form: Form;
  /** What it is checked against on the server; facts hold what the step may not see, too. */
  readonly context: FormContext;
  /** What the application says now, whole. */
  readonly request: Variables;
  /** Of that, what may be written, as the form begins with it. */
  readonly values: Variables;
  /** What may only be read. */
  readonly fixed: Variables;
  /** Entry of the catalogue; none where it was withdrawn meanwhile. */
  readonly resource: ResourceEntry | undefined;
}

/** What a correction does not touch: the promise, and what the route was chosen by. */
const neverCorrected = ["commitment", "emergency", "kind"];

/** Whether the case is back with its applicant at this task: by a return, or at a step that asks for a supplement. */
async function isCorrecting(
  runtime: Runtime,
  query: Query,
  { task, instance, state }: CorrectionSite,
): Promise<boolean> {
  if (!text(task, "role").startsWith("applicant-") || text(task, "state") !== "open") return false;
  const element = text(task, "element");
  const model = await runtime.models.get(definitionAt(state, text(task, "wait_id"), instance));
  const node = model.elements.get(element);
  if (node && isSupplement(node)) return true;
  const open = await query(
    "SELECT id FROM case_return WHERE instance_id = ? AND state = 'open' AND target = ? AND COALESCE(target_scope, '') = ?",
    [text(instance, "id"), element, homeOf(task) ?? ""],
  );
  return open.length > 0;
}

/**
 * The application as its applicant may correct it; `null` where the case is not back with them, or was begun without an
 * application form.
 */
export async function correctionForm(
  runtime: Runtime,
  query: Query,
  site: CorrectionSite,
): Promise<CorrectionForm | null> {
  if (!(await isCorrecting(runtime, query, site))) return null;
  const form = await applicationOf(runtime, site.instance);
  return form && formOfSite(runtime, site, form);
}

/** The form that the case was applied for with, of the version it runs on. */
async function applicationOf(runtime: Runtime, instance: Row): Promise<Form | null> {
  return (await runtime.forms.of(text(instance, "definition_id"))).get(applicationForm) ?? null;
}

async function formOfSite(runtime: Runtime, site: CorrectionSite, form: Form): Promise<CorrectionForm> {
  const { task, instance, state } = site;
  const variables = variablesAt(state, text(task, "wait_id"));
  const request = isMap(variables["request"]) ? variables["request"] : {};
  const resource = runtime.content.resources.find(({ id }) => id === memberOf(variables["resource"], "id"));
  const dressed = await dressApplication(runtime, formForStep(form, await rightsAt(runtime, site, form)), {
    applicant: { id: text(instance, "applicant_org"), region: text(instance, "applicant_region") },
    provider: text(instance, "provider_org"),
    resource,
    items: itemsOf(resource, variables),
    variables,
  });
  const shown = fieldsOf(dressed.form.components);
  const keys = (access: "read" | "write") => new Set(shown.filter((field) => field.access === access).flatMap(keysOf));
  const fixed = only(request, keys("read"));
  const unseen = only(request, new Set(fieldsOf(form.components).flatMap(keysOf)), new Set(shown.flatMap(keysOf)));
  const context = { ...dressed.context, facts: { ...dressed.context.facts, ...unseen }, fixed };
  return { form: dressed.form, context, request, values: only(request, keys("write")), fixed, resource };
}

/** Rights of the step on the application; what a correction never touches may be read at most. */
async function rightsAt(
  runtime: Runtime,
  { task, instance, state }: CorrectionSite,
  form: Form,
): Promise<readonly StepFieldRight[]> {
  const model = await runtime.models.get(definitionAt(state, text(task, "wait_id"), instance));
  const node = model.elements.get(text(task, "element"));
  const own = node?.kind === "userTask" ? node.fieldRights : [];
  const never = neverCorrected.map((field) => ({ form: form.id, field, right: "read" }) as const);
  return [...own, ...never];
}

/** What may be asked for: what the catalogue holds now, and what was asked for although it holds it no more. */
function itemsOf(resource: ResourceEntry | undefined, variables: Variables): readonly ItemChoice[] {
  const listed = itemChoices(resource, null);
  const gone = namedItems(variables).filter(({ code }) => !listed.some(({ value }) => value === code));
  const kept = gone.map((item) => ({ value: item.code, label: bilingualName(item), personalInfo: false }));
  return [...listed, ...kept];
}

function only(values: Variables, keys: ReadonlySet<string>, but: ReadonlySet<string> = new Set()): Variables {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.has(key) && !but.has(key)));
}

function isMap(value: Json | undefined): value is Variables {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
