import { z } from "zod";
import type { Bilingual, Component, Field, FieldBase, Form, FormProblem, Option } from "../form.ts";
import { conditionProblems } from "./condition-problems.ts";
import { fieldProblems, problem } from "./field-problems.ts";
import { componentFile, componentTypes, formFile, type ComponentFile } from "./form-file.ts";

export type ReadForm =
  | { readonly form: Form; readonly problems: readonly [] }
  | { readonly form: null; readonly problems: readonly FormProblem[] };

const deepest = 5;
const mostComponents = 300;
const longestText = 4_000;

/**
 * Reads a form from its file. Everything that would mislead an official or break at run time is told at once, each with its
 * place (`form.<id>.<key or index>`): unknown kinds, keys used twice, texts that lack one language, conditions that do not parse,
 * that read what nobody fills in, or that wait for each other.
 */
export function readForm(data: unknown): ReadForm {
  const file = formFile.safeParse(data);
  if (!file.success) return refused([unreadable("form", file.error)]);
  const place = `form.${file.data.id}`;
  const reader = new Reader();
  const components = reader.all(file.data.components, place, 0);
  const form: Form = { id: file.data.id, name: file.data.name, components };
  const problems = [...reader.problems, ...fieldProblems(form, place), ...conditionProblems(form, place)];
  return problems.length > 0 ? refused(problems) : { form, problems: [] };
}

function refused(problems: readonly FormProblem[]): ReadForm {
  return { form: null, problems };
}

/** Walks the components and collects what is wrong with them. */
class Reader {
  readonly problems: FormProblem[] = [];
  #count = 0;

  all(components: readonly unknown[], place: string, depth: number): readonly Component[] {
    if (depth > deepest) {
      this.problems.push(
        problem("FORM_TOO_DEEP", place, `分组嵌套超过 ${deepest} 层`, `Groups are nested more than ${deepest} deep`),
      );
      return [];
    }
    return components.flatMap((component, index) => {
      this.#count += 1;
      if (this.#count === mostComponents + 1)
        this.problems.push(
          problem(
            "FORM_TOO_LARGE",
            place,
            `组件超过 ${mostComponents} 个`,
            `There are more than ${mostComponents} components`,
          ),
        );
      return this.#count > mostComponents ? [] : this.#one(component, `${place}.${nameOf(component) ?? index}`, depth);
    });
  }

  #one(data: unknown, place: string, depth: number): readonly Component[] {
    const type = z.object({ type: z.string() }).safeParse(data).data?.type ?? "";
    if (!componentTypes.some((known) => known === type)) {
      this.problems.push(
        problem(
          "COMPONENT_UNKNOWN",
          place,
          `没有“${type}”这种组件；可用：${componentTypes.join("、")}`,
          `There is no component “${type}”; use one of ${componentTypes.join(", ")}`,
        ),
      );
      return [];
    }
    const file = componentFile.safeParse(data);
    if (!file.success) {
      this.problems.push(unreadable(place, file.error));
      return [];
    }
    return [this.#component(file.data, place, depth)];
  }

  #component(file: ComponentFile, place: string, depth: number): Component {
    const hideWhen = feelOf(file.conditional);
    const label: Bilingual = { zh: file.label, en: file.labelEn };
    switch (file.type) {
      case "group":
        return { kind: "group", hideWhen, label, components: this.all(file.components, place, depth + 1) };
      case "text":
        return { kind: "note", hideWhen, text: { zh: file.text, en: file.textEn } };
      case "spacer":
      case "separator":
        return { kind: file.type, hideWhen, text: { zh: "", en: "" } };
      case "dynamiclist": {
        const columns = this.all(file.components, place, deepest).filter((column): column is Field => "key" in column);
        const { minRows, maxRows, rowKey = null } = file;
        return { ...baseOf(file), key: file.path, kind: "table", columns, minRows, maxRows, rowKey };
      }
      default:
        return fieldOf(file);
    }
  }
}

type FieldFile = Exclude<ComponentFile, { type: "group" | "text" | "spacer" | "separator" | "dynamiclist" }>;

function fieldOf(file: FieldFile): Field {
  const base = baseOf(file);
  switch (file.type) {
    case "textfield":
    case "textarea": {
      const { minLength = null, maxLength, pattern = null } = file.validate;
      const kind = file.type === "textfield" ? "text" : "textarea";
      return { ...base, kind, minLength, maxLength: Math.min(maxLength ?? longestText, longestText), pattern };
    }
    case "number": {
      const { min = null, max = null } = file.validate;
      return { ...base, kind: "number", min, max, decimals: file.decimalDigits ?? null };
    }
    case "datetime": {
      const label = { zh: file.dateLabel === "" ? file.label : file.dateLabel, en: file.labelEn };
      return { ...base, label, kind: "date", earliest: file.earliest ?? null, latest: file.latest ?? null };
    }
    case "checkbox":
      return { ...base, kind: "checkbox" };
    case "radio":
    case "select":
      return { ...base, kind: file.type, options: optionsOf(file.values) };
    case "checklist":
    case "taglist":
      return { ...base, kind: file.type, options: optionsOf(file.values) };
    case "filepicker": {
      const accept = file.accept.split(",").map((type) => type.trim());
      return { ...base, kind: "file", multiple: file.multiple, accept: accept.filter((type) => type !== "") };
    }
    case "jieli-organisation": {
      const { kinds, levels, within = null } = file;
      return { ...base, kind: "organisation", filter: { kinds, levels, within }, choices: [] };
    }
    case "jieli-person": {
      const of =
        file.of === "applicant" || file.of === "provider"
          ? ({ type: "side", side: file.of } as const)
          : ({ type: "field", field: file.of } as const);
      return { ...base, kind: "person", of, role: file.role ?? null, choices: [] };
    }
    case "jieli-items":
      return { ...base, kind: "items", of: file.of, necessityKey: file.necessityKey ?? null, choices: [] };
    case "jieli-decisions":
      return { ...base, kind: "itemDecisions", rank: file.rank, choices: [] };
  }
}

function baseOf(file: FieldFile | Extract<ComponentFile, { type: "dynamiclist" }>): FieldBase {
  const hint = { zh: file.description, en: file.descriptionEn };
  return {
    key: file.key,
    label: { zh: file.label, en: file.labelEn },
    hint: hint.zh === "" && hint.en === "" ? null : hint,
    source: file.source,
    hideWhen: feelOf(file.conditional),
    required: file.validate.required,
    requiredWhen: feelOf(file.requiredWhen),
    access: file.readonly ? "read" : "write",
  };
}

function optionsOf(values: readonly { value: string; label: string; labelEn: string }[]): readonly Option[] {
  return values.map(({ value, label, labelEn }) => ({ value, label: { zh: label, en: labelEn } }));
}

/** form-js writes expressions with a leading `=`. */
function feelOf(text: string | null): string | null {
  const source = (text ?? "").replace(/^\s*=/, "").trim();
  return source === "" ? null : source;
}

function nameOf(component: unknown): string | null {
  const named = z.object({ key: z.string().optional(), path: z.string().optional() }).safeParse(component).data;
  return named?.key ?? named?.path ?? null;
}

function unreadable(place: string, error: z.ZodError): FormProblem {
  const told = z.prettifyError(error);
  return problem("FORM_UNREADABLE", place, `表单内容不符合要求：${told}`, `The form is not valid: ${told}`);
}
