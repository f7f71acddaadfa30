import type { Bilingual } from "../notes.ts";

/** A field of a form, as the forms of `processes/` have it. */
export interface ImportedField {
  readonly type: "textfield" | "textarea" | "number" | "checkbox" | "radio" | "select" | "checklist";
  readonly key: string;
  readonly label: string;
  readonly labelEn: string;
  readonly validate: { readonly required: boolean; readonly min?: number; readonly max?: number };
  readonly values?: readonly { readonly value: string; readonly label: string; readonly labelEn: string }[];
}

/** A form that a file carried within it: one more file, `forms/<id>.json`. */
export interface ImportedForm {
  readonly id: string;
  readonly type: "default";
  readonly schemaVersion: 19;
  readonly name: Bilingual;
  readonly components: readonly ImportedField[];
}

export function formFile(id: string, name: string, components: readonly ImportedField[]): ImportedForm {
  return { id, type: "default", schemaVersion: 19, name: { zh: name, en: name }, components };
}

/** Names of form files hold nothing that a file system or address could read otherwise. */
export function isFormId(text: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(text) && !text.includes("..");
}
