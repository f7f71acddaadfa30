import { textOf } from "../../model/moddle-element.ts";
import type { Book } from "../book.ts";
import { outline, type ForeignElement, type Site, type Told } from "../foreign.ts";
import type { ImportedField } from "./form-file.ts";

const kinds: Readonly<Record<string, ImportedField["type"]>> = {
  string: "textfield",
  long: "number",
  int: "number",
  integer: "number",
  double: "number",
  decimal: "number",
  boolean: "checkbox",
  date: "textfield",
  enum: "select",
};

const noField = {
  zh: "没有这种字段；请在表单中另行设计",
  en: "there is no field of this kind; design it anew in the form",
};
const noPart = {
  zh: "字段的这一设定没有对应物；请在表单或流程中另行处理",
  en: "this setting of the field has no counterpart; provide for it in the form or in the process",
};
const dateAsText = {
  zh: "日期作为文字填写；需要检查格式时请另行处理",
  en: "a date is filled in as text; provide for a check of its form where one is needed",
};

/** One `camunda:formField` or `flowable:formProperty`; `null` where it was listed instead. */
export function fieldOf(site: Site, book: Book, field: ForeignElement): ImportedField | null {
  const { id = "", label, name, type = "string" } = field.attributes;
  const told = { place: field.place, was: outline(field) };
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined || id === "") {
    book.left(site, told, noField);
    return null;
  }
  if (type === "date") book.left(site, { place: `${field.place} ${id} type`, was: type }, dateAsText);
  const text = label ?? name ?? id;
  const options = field.children.filter((child) => child.name === "value");
  return {
    type: kind,
    key: id,
    label: text,
    labelEn: text,
    validate: constraintsOf(site, book, field),
    ...(kind === "select" ? { values: options.map(optionOf) } : {}),
  };
}

function optionOf({ attributes }: ForeignElement) {
  const { id = "", name = id } = attributes;
  return { value: id, label: name, labelEn: name };
}

function constraintsOf(site: Site, book: Book, field: ForeignElement): ImportedField["validate"] {
  const all = field.children.filter(({ name }) => name === "validation").flatMap(({ children }) => children);
  const of = (name: string) => all.find(({ attributes }) => attributes["name"] === name)?.attributes["config"];
  const [min, max] = [of("min"), of("max")].map((config) => (config === undefined ? Number.NaN : Number(config)));
  const isRequired = all.some(({ attributes: { name, config } }) => name === "required" && config !== "false");
  const known = new Set(["required", "min", "max"]);
  for (const constraint of all.filter(({ attributes }) => !known.has(attributes["name"] ?? "")))
    book.left(site, partOf(field, constraint.name, outline(constraint)), noPart);
  const handled = new Set(["id", "label", "name", "type", "required"]);
  const plain = (name: string, was: string) => (name === "readable" || name === "writable") && was === "true";
  for (const [name, was] of Object.entries(field.attributes))
    if (!handled.has(name) && !plain(name, was)) book.left(site, partOf(field, name, was), noPart);
  for (const child of field.children.filter(({ name }) => name === "properties"))
    book.left(site, partOf(field, child.name, outline(child)), noPart);
  return {
    required: field.attributes["required"] === "true" || isRequired,
    ...(min !== undefined && Number.isFinite(min) ? { min } : {}),
    ...(max !== undefined && Number.isFinite(max) ? { max } : {}),
  };
}

function partOf(field: ForeignElement, part: string, was: string): Told {
  return { place: `${field.place} ${field.attributes["id"] ?? ""} ${part}`, was };
}

/** A form written in JSON within a Camunda 8 file: the fields that ours has too. `null` where it is no form. */
export function fieldsOfJson(site: Site, book: Book, told: Told): readonly ImportedField[] | null {
  const parsed = parseJson(told.was);
  const components = isRecord(parsed) && Array.isArray(parsed["components"]) ? parsed["components"] : null;
  if (!components) return null;
  return components.flatMap((component: unknown) => {
    const field = jsonField(component);
    if (field) tellUnused(site, book, component, told);
    else book.left(site, { place: `${told.place} component`, was: JSON.stringify(component) }, noField);
    return field ?? [];
  });
}

const jsonKinds: ReadonlySet<string> = new Set([
  "textfield",
  "textarea",
  "number",
  "checkbox",
  "radio",
  "select",
  "checklist",
]);
const jsonHandled: ReadonlySet<string> = new Set(["type", "key", "label", "values", "validate", "id", "layout"]);

function jsonField(component: unknown): ImportedField | null {
  if (!isRecord(component)) return null;
  const [type, key] = [textOf(component["type"]), textOf(component["key"])];
  if (type === null || key === null || !jsonKinds.has(type)) return null;
  const label = textOf(component["label"]) ?? key;
  const validate = isRecord(component["validate"]) ? component["validate"] : {};
  const { min, max } = validate;
  const values = Array.isArray(component["values"]) ? component["values"].filter(isRecord) : null;
  return {
    type: type as ImportedField["type"],
    key,
    label,
    labelEn: label,
    validate: {
      required: validate["required"] === true,
      ...(typeof min === "number" ? { min } : {}),
      ...(typeof max === "number" ? { max } : {}),
    },
    ...(values ? { values: values.map(jsonOption) } : {}),
  };
}

function jsonOption(option: Readonly<Record<string, unknown>>) {
  const value = textOf(option["value"]) ?? "";
  const label = textOf(option["label"]) ?? value;
  return { value, label, labelEn: label };
}

function tellUnused(site: Site, book: Book, component: unknown, told: Told): void {
  if (!isRecord(component)) return;
  const validate = isRecord(component["validate"]) ? component["validate"] : {};
  const rest = [
    ...Object.entries(component).filter(([name]) => !jsonHandled.has(name)),
    ...Object.entries(validate).filter(([name]) => !["required", "min", "max"].includes(name)),
  ];
  for (const [name, value] of rest)
    book.left(
      site,
      { place: `${told.place} ${textOf(component["key"]) ?? ""} ${name}`, was: JSON.stringify(value) },
      noPart,
    );
}

/** The value that the text means; `undefined` where it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
