import type { Json } from "../../expressions/json.ts";
import type { FormContext } from "../context.ts";
import type { Field, FormProblem } from "../form.ts";

/** One value after its check: what is kept of it, and what the field keeps beside it under keys of its own. */
export type Checked =
  | { readonly value: Json; readonly beside?: Readonly<Record<string, Json>> }
  | { readonly problems: readonly FormProblem[] };

/** Where a value stands. */
export interface Site {
  /** The form's other values. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly context: FormContext;
  readonly place: string;
}

/** Nothing was filled in. A tick that has to be set is empty until it is set. */
export function isEmpty(field: Field, value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (field.kind === "checkbox") return value === false;
  return Array.isArray(value) && value.length === 0;
}

/** A problem of a field, with its name in quotation marks of each language handed to `text`. */
export function problemAt(
  code: string,
  place: string,
  field: Field,
  text: (name: string) => readonly [zh: string, en: string],
): FormProblem {
  return { code, place, message: { zh: text(`“${field.label.zh}”`)[0], en: text(`“${field.label.en}”`)[1] } };
}

export function refuse(
  code: string,
  field: Field,
  { place }: Site,
  text: (name: string) => readonly [zh: string, en: string],
): Checked {
  return { problems: [problemAt(code, place, field, text)] };
}

/** The value is of another kind than the field. */
export function invalid(field: Field, site: Site): Checked {
  return refuse("FIELD_INVALID", field, site, (name) => [`${name}的值不符合要求`, `The value of ${name} is not valid`]);
}
