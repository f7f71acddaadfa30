import { checkForm } from "../../../engine/forms/check-form.ts";
import type { FormContext } from "../../../engine/forms/context.ts";
import type { Field, Form, FormProblem } from "../../../engine/forms/form.ts";

/** A form as the server hands it out. The contract leaves its inside open; the server builds it by this very type. */
export function formOf(answer: Readonly<Record<string, unknown>>): Form {
  return answer as unknown as Form;
}

/** A field of such a form, handed out alone. */
export function fieldOf(answer: Readonly<Record<string, unknown>>): Field {
  return answer as unknown as Field;
}

/** What a browser knows of a case when it checks a form; the rest is left to the server. */
export type BrowserContext = Pick<FormContext, "facts" | "fixed" | "today" | "reasons" | "place">;

export function problemsOf(
  form: Form,
  values: Readonly<Record<string, unknown>>,
  known: BrowserContext,
): readonly FormProblem[] {
  return checkForm(form, values, contextOf(known)).problems;
}

export function contextOf(known: BrowserContext): FormContext {
  return { ...known, calendar: null, longestUseMonths: null, attachment: null, decided: null };
}

/** Facts of a case as the server sent them: JSON that it made from its own variables. */
export function asFacts(facts: Readonly<Record<string, unknown>>): BrowserContext["facts"] {
  return facts as BrowserContext["facts"];
}
