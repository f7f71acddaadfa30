/** The BPMN modeler and viewer of the browser. Import `modeler.css` beside it. */
import "./no-eval.ts";
export { createModeler, type ModelerHandle, type ModelerOptions } from "./editor.ts";
export { createViewer, type ViewerHandle, type ViewerOptions } from "./viewer.ts";
export type { CasePosition } from "./canvas/marks.ts";
export type { Bilingual, Language, LimitTerm, Problem, Term, Vocabulary } from "./vocabulary.ts";
export { importFile, type ImportedFile, type ImportNote } from "./import-file.ts";
