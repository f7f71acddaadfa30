import {
  fieldsOf,
  isField,
  keysOf,
  type Bilingual,
  type Component,
  type Field,
  type Form,
  type FormProblem,
} from "../form.ts";
import { patternFault } from "./pattern.ts";

export function problem(code: string, place: string, zh: string, en: string): FormProblem {
  return { code, place, message: { zh, en } };
}

/** Names by which a form's values become variables: those of FEEL without blanks, and none of JavaScript's own. */
const keyPattern = /^[A-Za-z][A-Za-z0-9_]{0,79}$/;

/** What is wrong with keys, texts, options and bounds. */
export function fieldProblems(form: Form, place: string): readonly FormProblem[] {
  const fields = fieldsOf(form.components);
  return [
    ...keyProblems(fields, place),
    ...componentTexts(form.components, place),
    ...fields.flatMap((field) => [
      ...ownProblems(field, `${place}.${field.key}`),
      ...referenceProblems(field, fields, `${place}.${field.key}`),
      ...(field.kind === "table" ? tableProblems(field, `${place}.${field.key}`) : []),
    ]),
  ];
}

function keyProblems(fields: readonly Field[], place: string): readonly FormProblem[] {
  const seen = new Set<string>();
  return fields.flatMap(keysOf).flatMap((key) => {
    if (!keyPattern.test(key) || key in Object.prototype)
      return [
        problem(
          "FIELD_KEY_INVALID",
          `${place}.${key}`,
          `字段键“${key}”须以字母开头，只含字母、数字和下划线`,
          `The key “${key}” begins with a letter and holds letters, digits and underscores only`,
        ),
      ];
    if (seen.has(key))
      return [
        problem(
          "FIELD_KEY_TWICE",
          `${place}.${key}`,
          `字段键“${key}”重复，请改为各不相同的键`,
          `The key “${key}” is used twice; give each field a key of its own`,
        ),
      ];
    seen.add(key);
    return [];
  });
}

function componentTexts(components: readonly Component[], place: string): readonly FormProblem[] {
  return components.flatMap((component, index) => {
    if (component.kind === "group")
      return [...lacking(component.label, `${place}.${index}`), ...componentTexts(component.components, place)];
    if (component.kind === "note") return lacking(component.text, `${place}.${index}`);
    return isField(component) ? textProblems(component, `${place}.${component.key}`) : [];
  });
}

function textProblems(field: Field, place: string): readonly FormProblem[] {
  return [
    ...lacking(field.label, place),
    ...(field.hint ? lacking(field.hint, `${place}.hint`) : []),
    ...("options" in field ? field.options.flatMap(({ value, label }) => lacking(label, `${place}.${value}`)) : []),
  ];
}

function lacking(text: Bilingual, place: string): readonly FormProblem[] {
  const missing = [
    ...(text.zh.trim() === "" ? ["中文 Chinese"] : []),
    ...(text.en.trim() === "" ? ["英文 English"] : []),
  ];
  return missing.map((language) =>
    problem("LABEL_MISSING", place, `缺少${language}文字`, `The ${language} text is missing`),
  );
}

function ownProblems(field: Field, place: string): readonly FormProblem[] {
  switch (field.kind) {
    case "text":
    case "textarea": {
      const fault = field.pattern === null ? null : patternFault(field.pattern);
      return [
        ...(fault === null
          ? []
          : [problem("PATTERN_REFUSED", place, `格式表达式不可用：${fault}`, `The pattern cannot be used: ${fault}`)]),
        ...reversed(field.minLength, field.maxLength, place),
      ];
    }
    case "number":
      return reversed(field.min, field.max, place);
    case "date":
      return field.earliest?.type === "workingDays" && field.latest?.type === "workingDays"
        ? reversed(field.earliest.days, field.latest.days, place)
        : [];
    case "radio":
    case "select":
    case "checklist":
    case "taglist":
      return optionProblems(
        field.options.map(({ value }) => value),
        place,
      );
    case "checkbox":
    case "file":
    case "table":
    case "organisation":
    case "person":
    case "items":
    case "itemDecisions":
      return [];
  }
}

function reversed(least: number | null, most: number | null, place: string): readonly FormProblem[] {
  if (least === null || most === null || least <= most) return [];
  return [
    problem(
      "BOUNDS_REVERSED",
      place,
      `下限 ${least} 大于上限 ${most}`,
      `The lower bound ${least} lies above the upper one, ${most}`,
    ),
  ];
}

function optionProblems(values: readonly string[], place: string): readonly FormProblem[] {
  if (values.length === 0)
    return [problem("OPTIONS_MISSING", place, "没有任何选项", "There are no options to choose from")];
  return values
    .filter((value, index) => values.indexOf(value) !== index)
    .map((value) =>
      problem("OPTION_TWICE", `${place}.${value}`, `选项“${value}”重复`, `The option “${value}” stands there twice`),
    );
}

/** Fields that a bound or a picker refers to have to be there, and of the right kind. */
function referenceProblems(field: Field, fields: readonly Field[], place: string): readonly FormProblem[] {
  const wanted =
    field.kind === "date"
      ? [field.earliest, field.latest].flatMap((bound) =>
          bound && "field" in bound ? [[bound.field, "date"] as const] : [],
        )
      : field.kind === "person" && field.of.type === "field"
        ? [[field.of.field, "organisation"] as const]
        : [];
  return wanted
    .filter(([key, kind]) => !fields.some((other) => other.key === key && other.kind === kind))
    .map(([key]) =>
      problem(
        "FIELD_REFERENCE_UNKNOWN",
        place,
        `所引用的字段“${key}”不存在或类型不符`,
        `The field “${key}” that it refers to is not there or of another kind`,
      ),
    );
}

const columnKinds: ReadonlySet<Field["kind"]> = new Set([
  "text",
  "textarea",
  "number",
  "date",
  "checkbox",
  "radio",
  "select",
]);

function tableProblems(field: Extract<Field, { kind: "table" }>, place: string): readonly FormProblem[] {
  const foreign = field.columns.filter(({ kind }) => !columnKinds.has(kind));
  return [
    ...reversed(field.minRows, field.maxRows, place),
    ...keyProblems(field.columns, place),
    ...field.columns.flatMap((column) => [
      ...textProblems(column, `${place}.${column.key}`),
      ...ownProblems(column, `${place}.${column.key}`),
    ]),
    ...(field.columns.length === 0
      ? [problem("COLUMNS_MISSING", place, "表格没有列", "The table has no columns")]
      : []),
    ...foreign.map(({ key, kind }) =>
      problem(
        "COLUMN_KIND_REFUSED",
        `${place}.${key}`,
        `表格列不能是 ${kind}`,
        `A column cannot be of the kind ${kind}`,
      ),
    ),
    ...(field.rowKey !== null && !field.columns.some(({ key }) => key === field.rowKey)
      ? [
          problem(
            "ROW_KEY_UNKNOWN",
            place,
            `行标识列“${field.rowKey}”不存在`,
            `There is no column “${field.rowKey}” to tell rows apart by`,
          ),
        ]
      : []),
  ];
}
