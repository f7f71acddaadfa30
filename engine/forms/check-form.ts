import type { Json } from "../expressions/json.ts";
import type { FormContext } from "./context.ts";
import { fieldsOf, keysOf, type Field, type Form, type FormProblem } from "./form.ts";
import { isEmpty, problemAt, type Checked } from "./values/checked.ts";
import { checkValue } from "./values/check-value.ts";
import { shownWith } from "./visible.ts";

type Values = Readonly<Record<string, unknown>>;

export interface CheckedForm {
  /** What may be kept; `null` where there are problems. */
  readonly kept: Readonly<Record<string, Json>> | null;
  /** Everything that is wrong, each at its place, in the order of the form. */
  readonly problems: readonly FormProblem[];
}

/**
 * Checks what was filled in against the form, the same on the server and in the browser: a field that the form does not have is
 * refused, so is one that may only be read; what a condition hides is dropped; all that is missing or wrong is told at once.
 */
export function checkForm(form: Form, values: Values, context: FormContext): CheckedForm {
  const all = fieldsOf(form.components);
  const standing = { ...values, ...context.fixed };
  const shown = shownWith(form, standing, context.facts);
  const problems: FormProblem[] = unknownProblems(all, values, context);
  const kept: Record<string, Json> = {};
  for (const field of fieldsOf(shown.components)) {
    const checked = checkField(field, { sent: values, standing }, shown.required.has(field.key), context);
    problems.push(...checked.problems);
    Object.assign(kept, checked.kept);
  }
  return problems.length > 0 ? { kept: null, problems } : { kept, problems };
}

function unknownProblems(all: readonly Field[], values: Values, { place }: FormContext): FormProblem[] {
  const keys = new Set(all.flatMap(keysOf));
  return Object.keys(values)
    .filter((key) => !keys.has(key))
    .map((key) => ({
      code: "FIELD_UNKNOWN",
      place: `${place}.${key}`,
      message: { zh: `表单没有字段 ${key}`, en: `The form has no field ${key}` },
    }));
}

interface Filled {
  readonly sent: Values;
  /** With what only stands there to be read. */
  readonly standing: Values;
}

function checkField(
  field: Field,
  { sent: values, standing }: Filled,
  required: boolean,
  context: FormContext,
): { readonly kept: Readonly<Record<string, Json>>; readonly problems: readonly FormProblem[] } {
  const place = `${context.place}.${field.key}`;
  const value = values[field.key];
  if (field.access === "read") {
    const sent = keysOf(field).some((key) => values[key] !== undefined);
    return {
      kept: {},
      problems: sent
        ? [
            problemAt("FIELD_READ_ONLY", place, field, (name) => [
              `${name}在本环节只读，不能修改`,
              `${name} may only be read in this step`,
            ]),
          ]
        : [],
    };
  }
  if (isEmpty(field, value)) {
    return {
      kept: {},
      problems: required ? [problemAt("FIELD_MISSING", place, field, (name) => toFill(field, name))] : [],
    };
  }
  const checked: Checked = checkValue(field, value, { values: standing, context, place });
  if ("problems" in checked) return { kept: {}, problems: checked.problems };
  return { kept: { [field.key]: checked.value, ...checked.beside }, problems: [] };
}

function toFill({ kind }: Field, name: string): readonly [string, string] {
  return kind === "checkbox" ? [`请勾选${name}`, `Tick ${name}`] : [`请填写${name}`, `Fill in ${name}`];
}
