import type { Json } from "../../engine/expressions/json.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { rootVariables } from "../../engine/execution/variables.ts";
import { fieldsOf, type Bilingual, type Form } from "../../engine/forms/form.ts";
import { formForStep } from "../../engine/forms/rights.ts";
import { applicationPlace, startPlace } from "../forms/attachments.ts";
import { caseSteps } from "../forms/case-steps.ts";
import { namedChoices } from "../forms/choices.ts";
import { readerOf } from "../forms/reader.ts";
import type { Principal } from "../identity/sessions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { json } from "../store/rows.ts";
import type { Row } from "../store/store.ts";

export interface Disclosable {
  readonly name: string;
  readonly label: Bilingual;
}

/** What the applicant filled in and the person sees, and so can disclose by a copy, each by what the form calls it. */
export async function disclosableBy(
  runtime: Runtime,
  principal: Principal,
  instance: Row,
): Promise<readonly Disclosable[]> {
  const state = json<InstanceState>(instance, "state");
  const reader = await readerOf(runtime, principal, instance, state);
  const forms = await reader.forms(rootVariables(state));
  const form = forms.find(({ element }) => element === applicationPlace || element === startPlace)?.form;
  const labels = new Map(fieldsOf(form?.components ?? []).map(({ key, label }) => [key, label]));
  return [...copyableFields(state).keys()].flatMap((name) => {
    const label = form ? labels.get(name) : { zh: name, en: name };
    return label && reader.seesField(applicationPlace, name) ? [{ name, label }] : [];
  });
}

/** The application's form with the disclosed fields alone, to read them by; `null` for a case without one. */
export async function disclosedForm(runtime: Runtime, instance: Row, fields: readonly string[]): Promise<Form | null> {
  const state = json<InstanceState>(instance, "state");
  const { application } = await caseSteps(runtime, instance, state);
  if (!application) return null;
  const closed = fieldsOf(application.components)
    .filter(({ key }) => !fields.includes(key))
    .map(({ key }) => ({ form: application.id, field: key, right: "hidden" as const }));
  return namedChoices(runtime, formForStep(application, closed), rootVariables(state));
}

/** The fields of the application form that a copy can disclose, with their values. */
export function copyableFields(state: InstanceState): ReadonlyMap<string, Json> {
  const { request } = rootVariables(state);
  return typeof request === "object" && request !== null && !Array.isArray(request)
    ? new Map(Object.entries(request))
    : new Map();
}
