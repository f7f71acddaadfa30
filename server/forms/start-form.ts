import type { FormContext } from "../../engine/forms/context.ts";
import { dressForm } from "../../engine/forms/dress.ts";
import type { Form } from "../../engine/forms/form.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { choicesFor, itemChoices } from "./choices.ts";
import { contextOf } from "./step-form.ts";

/** Who begins a process by hand, with what, in which version of it. */
export interface StartSite {
  readonly definitionId: string;
  /** Key of the form that the start begins with. */
  readonly form: string;
  readonly organisation: string;
  readonly resource: string | null;
}

/** The form of a start by hand, as it was published with the version that it begins or tells; `null` where that has none. */
export async function startForm(
  runtime: Runtime,
  { definitionId, form: key, organisation, resource }: StartSite,
): Promise<{ readonly form: Form; readonly context: FormContext } | null> {
  const form = (await runtime.forms.of(definitionId)).get(key);
  const own = runtime.content.organisations.get(organisation);
  if (!form || !own) return null;
  const entry = runtime.content.resources.find(({ id }) => id === resource);
  const context = contextOf(
    runtime,
    own.region,
    entry ? { resource: { id: entry.id, grade: entry.grade, shareClass: entry.shareClass } } : {},
  );
  const sides = { applicant: organisation, provider: entry?.provider ?? organisation };
  const choices = await choicesFor(runtime, form, sides, { items: itemChoices(entry, null), asked: [], granted: [] });
  return { form: dressForm(form, choices, context), context };
}
