import { localDate } from "../../engine/calendar/dates.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { FormContext } from "../../engine/forms/context.ts";
import { dressForm } from "../../engine/forms/dress.ts";
import { mapFields, type Form, type ItemChoice } from "../../engine/forms/form.ts";
import { boundDay } from "../../engine/forms/values/date.ts";
import type { ResourceEntry } from "../content/content.schema.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { applicationForm } from "./bundle.ts";
import { choicesFor, itemChoices } from "./choices.ts";
import { contextOf } from "./step-form.ts";

/** Between whom and for what somebody applies, before anything was filled in. */
export interface ApplicationSite {
  readonly definitionId: string;
  readonly process: string;
  readonly resource: ResourceEntry;
  readonly applicant: { readonly id: string; readonly region: string };
  readonly provider: { readonly id: string };
  /** What the case would begin with. */
  readonly variables: Variables;
}

export interface ApplicationForm {
  readonly form: Form;
  readonly context: FormContext;
}

/** The form of an application for this resource, of the version that would carry it. Throws 422 where the process has none. */
export async function applicationFormOf(runtime: Runtime, site: ApplicationSite): Promise<ApplicationForm> {
  const form = (await runtime.forms.of(site.definitionId)).get(applicationForm);
  if (!form)
    throw new RuntimeProblem(
      422,
      "APPLICATION_FORM_MISSING",
      {
        zh: `流程 ${site.process} 没有申请表单（${applicationForm}）`,
        en: `The process ${site.process} has no application form (${applicationForm})`,
      },
      { zh: "请在表单设计中补充后重新发布", en: "Add it among the forms of the process and publish again" },
    );
  const { applicant, provider, resource, variables } = site;
  const items = itemChoices(resource, null);
  return dressApplication(runtime, form, { applicant, provider: provider.id, resource, items, variables });
}

/** What an application form is filled in for: the sides, the catalogue's entry if it is still there, and what the case knows. */
export interface Dressing {
  readonly applicant: { readonly id: string; readonly region: string };
  readonly provider: string;
  readonly resource: ResourceEntry | undefined;
  readonly items: readonly ItemChoice[];
  readonly variables: Variables;
}

/** The form with its choices and bounds, and what it is checked against. */
export async function dressApplication(
  runtime: Runtime,
  form: Form,
  { applicant, provider, resource, items, variables }: Dressing,
): Promise<ApplicationForm> {
  const context = { ...contextOf(runtime, applicant.region, variables), place: "body.request" };
  const choices = await choicesFor(
    runtime,
    form,
    { applicant: applicant.id, provider },
    { items, asked: [], granted: [] },
  );
  const dressed = dressForm(form, choices, context);
  return { form: resource ? withOfferedModes(dressed, resource) : dressed, context };
}

/** Of the ways of sharing, those that the catalogue offers for the resource. */
function withOfferedModes(form: Form, { modes }: ResourceEntry): Form {
  return mapFields(form, (field) =>
    field.kind === "select" && field.key === "mode"
      ? { ...field, options: field.options.filter(({ value }) => modes.some((mode) => mode === value)) }
      : field,
  );
}

/** What the form begins with: the usual answer where there is one, so that only what is special has to be said. */
export function usualAnswers(
  runtime: Runtime,
  resource: ResourceEntry,
  context: FormContext,
): Readonly<Record<string, unknown>> {
  const from = localDate(runtime.clock.now());
  return {
    mode: resource.modes[0],
    frequency: "realtime",
    area: "own",
    from,
    to: boundDay({ type: "longestUse", field: "from" }, { values: { from }, context }) ?? undefined,
    personalInfo: resource.items.some((item) => item.personalInfo) ? "pi" : "none",
    security: ["accessControl", "log"],
    outsourced: false,
    emergency: "none",
    kind: "new",
  };
}
