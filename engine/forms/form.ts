/**
 * A form as officials fill it in: read from form-js JSON (`reading/read-form.ts`), the same on the server and in the browser.
 * Plain data, so that the server can hand it out with the choices and bounds of one case filled in (`dress.ts`).
 */

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export interface Form {
  readonly id: string;
  readonly name: Bilingual;
  readonly components: readonly Component[];
}

export type Component = Field | Group | Note;

interface Conditional {
  /** FEEL over the fields and the facts of the case; the component is hidden while it holds. `null` shows it always. */
  readonly hideWhen: string | null;
}

export interface Group extends Conditional {
  readonly kind: "group";
  readonly label: Bilingual;
  readonly components: readonly Component[];
}

/** What is only shown: a text, a gap, a line. */
export interface Note extends Conditional {
  readonly kind: "note" | "spacer" | "separator";
  readonly text: Bilingual;
}

export interface FieldBase extends Conditional {
  /** Under which the value is kept. */
  readonly key: string;
  readonly label: Bilingual;
  readonly hint: Bilingual | null;
  /** The rule that asks for the field, as officials cite it; `null` where none is named. */
  readonly source: string | null;
  readonly required: boolean;
  /** FEEL; the field is required while it holds as well. */
  readonly requiredWhen: string | null;
  /** What the reader may do with it; `read` shows what is there and takes nothing in. */
  readonly access: "write" | "read";
}

export interface TextField extends FieldBase {
  readonly kind: "text" | "textarea";
  readonly minLength: number | null;
  readonly maxLength: number;
  /** A bounded pattern (`reading/pattern.ts`) that the whole text must match. */
  readonly pattern: string | null;
}

export interface NumberField extends FieldBase {
  readonly kind: "number";
  readonly min: number | null;
  readonly max: number | null;
  /** Digits after the point that are kept; 0 asks for a whole number. `null` takes any. */
  readonly decimals: number | null;
}

/** The first or last day that a date may be. */
export type DateBound =
  | { readonly type: "date"; readonly date: string }
  /** So many working days from today on the calendar of the region; negative before today. */
  | { readonly type: "workingDays"; readonly days: number }
  /** The day that another field holds, some months later. */
  | { readonly type: "field"; readonly field: string; readonly months: number }
  /** The longest use that the region's rule pack allows, from the day of another field. */
  | { readonly type: "longestUse"; readonly field: string };

export interface DateField extends FieldBase {
  readonly kind: "date";
  readonly earliest: DateBound | null;
  readonly latest: DateBound | null;
}

export interface CheckboxField extends FieldBase {
  readonly kind: "checkbox";
}

export interface Option {
  readonly value: string;
  readonly label: Bilingual;
}

export interface ChoiceField extends FieldBase {
  readonly kind: "radio" | "select";
  readonly options: readonly Option[];
}

export interface ChoicesField extends FieldBase {
  readonly kind: "checklist" | "taglist";
  readonly options: readonly Option[];
}

export interface FileField extends FieldBase {
  readonly kind: "file";
  readonly multiple: boolean;
  /** Media types; empty takes any that the store of attachments takes. */
  readonly accept: readonly string[];
}

export interface TableField extends FieldBase {
  readonly kind: "table";
  readonly columns: readonly Field[];
  readonly minRows: number;
  readonly maxRows: number;
  /** Column that tells rows apart when two versions are compared; `null` compares them by their place. */
  readonly rowKey: string | null;
}

export interface OrganisationField extends FieldBase {
  readonly kind: "organisation";
  readonly filter: {
    /** Empty lists let everything through. */
    readonly kinds: readonly string[];
    readonly levels: readonly string[];
    /** Division code whose organisations, with those below it, may be chosen. */
    readonly within: string | null;
  };
  readonly choices: readonly Option[];
}

/** A person who may be chosen, and where they work. */
export interface PersonChoice extends Option {
  readonly organisation: string;
}

export interface PersonField extends FieldBase {
  readonly kind: "person";
  /** Whose people: of a side of the case, or of the organisation that another field holds. */
  readonly of:
    | { readonly type: "side"; readonly side: "applicant" | "provider" }
    | { readonly type: "field"; readonly field: string };
  /** Role that they hold there; `null` for any. */
  readonly role: string | null;
  readonly choices: readonly PersonChoice[];
}

export interface ItemChoice extends Option {
  readonly personalInfo: boolean;
}

/** Items of the resource that are asked for. */
export interface ItemsField extends FieldBase {
  readonly kind: "items";
  /** Key under which the items are kept that the applicant declares necessary; every item asked for must be. */
  /** Items of the resource, for whoever applies, or those that were granted, for whoever receives. */
  readonly of: "resource" | "granted";
  readonly necessityKey: string | null;
  readonly choices: readonly ItemChoice[];
}

/** A decision on each item that was asked for (`engine/approval/items.ts`). */
export interface ItemDecisionsField extends FieldBase {
  readonly kind: "itemDecisions";
  /** A proposal binds nobody; a decision may only be narrowed by those that follow. */
  readonly rank: "proposal" | "decision";
  readonly choices: readonly ItemChoice[];
}

export type Field =
  | TextField
  | NumberField
  | DateField
  | CheckboxField
  | ChoiceField
  | ChoicesField
  | FileField
  | TableField
  | OrganisationField
  | PersonField
  | ItemsField
  | ItemDecisionsField;

/** Something wrong with a form, or with what was filled into it: where, and how to mend it. */
export interface FormProblem {
  readonly code: string;
  readonly place: string;
  readonly message: Bilingual;
}

export function isField(component: Component): component is Field {
  return "key" in component;
}

/** Every field of the form outside of tables, groups opened, in document order. */
export function fieldsOf(components: readonly Component[]): readonly Field[] {
  return components.flatMap((component) => {
    if (component.kind === "group") return fieldsOf(component.components);
    return isField(component) ? [component] : [];
  });
}

/** Keys under which a field keeps values. */
export function keysOf(field: Field): readonly string[] {
  return field.kind === "items" && field.necessityKey !== null ? [field.key, field.necessityKey] : [field.key];
}

/** The form with every field changed by `change`; a field for which it gives `null` is left out. */
export function mapFields(form: Form, change: (field: Field) => Field | null): Form {
  const map = (components: readonly Component[]): readonly Component[] =>
    components.flatMap((component): readonly Component[] => {
      if (component.kind === "group") return [{ ...component, components: map(component.components) }];
      if (!isField(component)) return [component];
      const changed = change(component);
      return changed ? [changed] : [];
    });
  return { ...form, components: map(form.components) };
}
