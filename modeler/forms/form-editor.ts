import { FormEditor } from "@bpmn-io/form-js-editor";
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js-editor/dist/assets/properties-panel.css";
import type { Language } from "../vocabulary.ts";
import { speak } from "./chinese-editor.ts";
import { ourKinds } from "./our-kinds.ts";

export type FormSchema = Readonly<Record<string, unknown>>;

export interface FormEditorHandle {
  /** Puts palette and properties into this language; what was designed stays. */
  readonly use: (language: Language) => void;
  readonly destroy: () => void;
}

/**
 * Opens a form in the editor of form-js, with our own kinds of field in its palette and without those that our forms do not have.
 * Properties that the editor does not know stay as they are. The mark of bpmn.io stays visible, as its licence asks.
 */
export async function createFormEditor(options: {
  readonly container: HTMLElement;
  readonly schema: FormSchema;
  readonly onChange: (schema: FormSchema) => void;
}): Promise<FormEditorHandle> {
  const { container, schema, onChange } = options;
  const editor = new FormEditor({ container, additionalModules: [ourKinds] });
  await editor.importSchema(structuredClone(schema));
  editor.on("changed", () => onChange(keptOf(schema, editor.saveSchema())));
  const parts = [
    ...container.querySelectorAll<HTMLElement>(".fjs-palette-container, .fjs-editor-properties-container"),
  ].map(speak);
  return {
    use: (language) => {
      for (const part of parts) part.use(language);
    },
    destroy: () => {
      for (const part of parts) part.end();
      editor.destroy();
    },
  };
}

/** Name and id of the form are ours, and not the editor's to change. */
function keptOf(before: FormSchema, after: FormSchema): FormSchema {
  return { ...after, id: before["id"], name: before["name"] };
}
