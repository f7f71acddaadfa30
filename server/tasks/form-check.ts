import type { FormSchema } from "../content/content.schema.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { RuntimeProblem } from "../runtime/errors.ts";

interface Field {
  readonly key: string;
  readonly label: string;
  readonly type: string;
  readonly required: boolean;
  readonly options: readonly string[];
  readonly min: number | null;
  readonly max: number | null;
}

/**
 * Checks what was filled in against the step's own form: required fields, types, options; a field that the form does not have
 * is refused. Gives the values that may be kept. Throws a problem that names every field at fault, at once.
 */
export function checkForm(
  form: FormSchema | null,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Json>> {
  const fields = form ? form.components.map(readField).filter((field) => field !== null) : [];
  const known = new Map(fields.map((field) => [field.key, field]));
  const problems: { code: string; place: string; message: { zh: string; en: string } }[] = [];
  for (const key of Object.keys(values)) {
    if (!known.has(key))
      problems.push({
        code: "FIELD_UNKNOWN",
        place: `form.${key}`,
        message: { zh: `表单没有字段 ${key}`, en: `The form has no field ${key}` },
      });
  }
  const kept: Record<string, Json> = {};
  for (const field of fields) {
    const value = values[field.key];
    const empty = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
    if (empty) {
      if (field.required)
        problems.push({
          code: "FIELD_MISSING",
          place: `form.${field.key}`,
          message: { zh: `请填写“${field.label}”`, en: `Fill in “${field.label}”` },
        });
      continue;
    }
    const checked = checkValue(field, value);
    if (checked === undefined)
      problems.push({
        code: "FIELD_INVALID",
        place: `form.${field.key}`,
        message: { zh: `“${field.label}”的值不符合要求`, en: `The value of “${field.label}” is not valid` },
      });
    else kept[field.key] = checked;
  }
  if (problems.length > 0)
    throw new RuntimeProblem(
      422,
      "FORM_INVALID",
      { zh: "表单有以下需要更正之处，未作任何处理", en: "The form needs these corrections; nothing was done" },
      { zh: "请更正后再提交", en: "Correct them and send again" },
      problems,
    );
  return kept;
}

function readField(component: FormSchema["components"][number]): Field | null {
  const key = component["key"];
  if (typeof key !== "string") return null;
  const validate = isRecord(component["validate"]) ? component["validate"] : {};
  const values = Array.isArray(component["values"]) ? component["values"] : [];
  return {
    key,
    label: typeof component["label"] === "string" ? component["label"] : key,
    type: component.type,
    required: validate["required"] === true,
    options: values.flatMap((option) =>
      isRecord(option) && typeof option["value"] === "string" ? [option["value"]] : [],
    ),
    min: typeof validate["min"] === "number" ? validate["min"] : null,
    max: typeof validate["max"] === "number" ? validate["max"] : null,
  };
}

function checkValue(field: Field, value: unknown): Json | undefined {
  switch (field.type) {
    case "number": {
      const number = typeof value === "number" ? value : Number.NaN;
      const fits =
        Number.isFinite(number) &&
        (field.min === null || number >= field.min) &&
        (field.max === null || number <= field.max);
      return fits ? number : undefined;
    }
    case "checkbox":
      return typeof value === "boolean" ? value : undefined;
    case "select":
    case "radio":
      return typeof value === "string" && field.options.includes(value) ? value : undefined;
    case "checklist":
      return Array.isArray(value) &&
        value.every((item) => typeof item === "string" && (field.options.length === 0 || field.options.includes(item)))
        ? (value as string[])
        : undefined;
    default:
      return typeof value === "string" && value.length <= 4_000 ? value : undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
