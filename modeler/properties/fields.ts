import {
  CheckboxEntry,
  CheckboxGroup,
  isCheckboxEntryEdited,
  isSelectEntryEdited,
  isTextAreaEntryEdited,
  isTextFieldEntryEdited,
  SelectEntry,
  TextAreaEntry,
  TextFieldEntry,
} from "@bpmn-io/properties-panel";
import { childOf, textOf, type BusinessObject, type Command, type DiagramElement, type Drawing } from "../diagram.ts";
import type { Translation } from "../language/translate.ts";
import type { Bilingual, Vocabulary } from "../vocabulary.ts";

/** What every group of the panel needs to know. */
export interface PanelContext {
  readonly drawing: Drawing;
  readonly vocabulary: Vocabulary;
  readonly translation: Translation;
  readonly readOnly: boolean;
}

export type Entry = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface FieldTexts {
  readonly id: string;
  /** English texts; the panel shows them translated. */
  readonly label: string;
  readonly description?: string | undefined;
}

interface TextField extends FieldTexts {
  readonly value: string | undefined;
  readonly change: (value: string | undefined) => void;
  readonly validate?: (value: string | undefined) => string | null;
}

/** Commits each keystroke: the library's 600 ms delay would lose what was typed just before a save. */
const atOnce = <Call>(call: Call): Call => call;

export function textField(context: PanelContext, field: TextField): Entry {
  return {
    ...base(context, field),
    component: TextFieldEntry,
    isEdited: isTextFieldEntryEdited,
    ...typing(field),
    validate: field.validate,
  };
}

export function textArea(context: PanelContext, field: TextField & { readonly monospace?: boolean }): Entry {
  return {
    ...base(context, field),
    component: TextAreaEntry,
    isEdited: isTextAreaEntryEdited,
    ...typing(field),
    rows: 2,
    monospace: field.monospace ?? false,
    translate: context.translation.translate,
  };
}

/** A pick list. A value that the list lacks stays visible and stays in the file. */
export function pickList(
  context: PanelContext,
  field: FieldTexts & {
    readonly value: string | undefined;
    readonly change: (value: string | undefined) => void;
    readonly choices: readonly Choice[];
    readonly required?: boolean;
  },
): Entry {
  const { translate } = context.translation;
  const { value } = field;
  const unknown = value !== undefined && !field.choices.some((choice) => choice.value === value);
  const choices = [
    ...(field.required ? [] : [{ value: "", label: translate("(none)") }]),
    ...field.choices,
    ...(unknown ? [{ value, label: translate("{code} (not in the vocabulary)", { code: value }) }] : []),
  ];
  return {
    ...base(context, field),
    component: SelectEntry,
    isEdited: isSelectEntryEdited,
    getValue: () => value ?? "",
    setValue: (next: string) => field.change(next === "" ? undefined : next),
    getOptions: () => choices,
  };
}

export function checkbox(
  context: PanelContext,
  field: FieldTexts & { readonly value: boolean; readonly change: (value: boolean) => void },
): Entry {
  return {
    ...base(context, field),
    component: CheckboxEntry,
    isEdited: isCheckboxEntryEdited,
    getValue: () => field.value,
    setValue: field.change,
  };
}

/** Several of a list. */
interface CheckboxGroupField {
  readonly id: string;
  /** In the reader's language. */
  readonly label: string;
  readonly options: readonly Choice[];
  readonly value: readonly string[];
  readonly change: (chosen: readonly string[]) => void;
}

export function checkboxGroup(context: PanelContext, field: CheckboxGroupField): Entry {
  const { id, label, options, value } = field;
  return {
    id,
    component: CheckboxGroup,
    label,
    disabled: context.readOnly,
    options,
    getValue: () => value,
    setValue: field.change,
  };
}

/** A text attribute of `owner`, written in one undoable step. */
export function attribute(context: PanelContext, element: DiagramElement, owner: BusinessObject, property: string) {
  return {
    value: textOf(owner, property),
    change: (value: string | undefined) =>
      context.drawing.get("modeling").updateModdleProperties(element, owner, { [property]: value }),
  };
}

/** A FEEL expression of `owner`, which stands in the file as a formal expression, written in one undoable step. */
export function expression(context: PanelContext, element: DiagramElement, owner: BusinessObject, property: string) {
  return {
    value: textOf(childOf(owner, property), "body"),
    change: (body: string | undefined) =>
      context.drawing.get("modeling").updateModdleProperties(element, owner, {
        [property]: body === undefined ? undefined : createChild(context, owner, "bpmn:FormalExpression", { body }),
      }),
  };
}

/** Several changes as one undoable step. */
export function asOneStep(context: PanelContext, commands: readonly Command[]): void {
  context.drawing.get("commandStack").execute("properties-panel.multi-command-executor", commands);
}

export function change(
  element: DiagramElement,
  owner: BusinessObject,
  properties: Readonly<Record<string, unknown>>,
): Command {
  return { cmd: "element.updateModdleProperties", context: { element, moddleElement: owner, properties } };
}

/** A new element inside `parent`; moddle wants the parent told before it writes the file. */
export function createChild(
  context: PanelContext,
  parent: BusinessObject,
  type: string,
  attributes: Readonly<Record<string, unknown>>,
): BusinessObject {
  const child = context.drawing.get("bpmnFactory").create(type, attributes);
  Object.assign(child, { $parent: parent });
  return child;
}

export function inLanguage(context: PanelContext, text: Bilingual): string {
  return text[context.translation.language()];
}

function base(context: PanelContext, field: FieldTexts): Entry {
  const { translate } = context.translation;
  return {
    id: field.id,
    label: translate(field.label),
    description: field.description === undefined ? undefined : translate(field.description),
    disabled: context.readOnly,
  };
}

function typing(field: TextField) {
  return {
    debounce: atOnce,
    getValue: () => field.value,
    // An invalid value stays in the field with its error and never reaches the file.
    setValue: (value: string | undefined, error?: string | null) => {
      if (!error) field.change(value);
    },
  };
}
