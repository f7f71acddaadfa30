/** The designer of forms in the browser; a chunk of its own, because form-js is large. */
export { createFormEditor, type FormEditorHandle, type FormSchema } from "./form-editor.ts";
export { fieldRights, stepsOf, withRights, type StepFieldRight, type StepOfForms } from "./step-rights.ts";
