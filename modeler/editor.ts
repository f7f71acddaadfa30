import { BpmnPropertiesPanelModule } from "bpmn-js-properties-panel";
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";
import Modeler from "bpmn-js/lib/Modeler.js";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer.js";
import commandModule from "diagram-js/lib/command/index.js";
import minimapModule from "diagram-js-minimap";
import { checkDefinition, situationsBeforePublishing } from "../engine/analysis/check-definition.ts";
import type { KnownNames } from "../engine/analysis/references/known-names.ts";
import { jieliModdle } from "../engine/model/jieli-moddle.ts";
import { editorPadding, fitWithPadding } from "./canvas/fit.ts";
import { showProblems } from "./canvas/marks.ts";
import { offerWhatTheEngineRuns } from "./canvas/menus.ts";
import { filterMenusWhileTyping } from "./canvas/menu-search.ts";
import type { DiagramElement } from "./diagram.ts";
import { createTranslation, type Translation } from "./language/translate.ts";
import { groupsFor } from "./properties/groups.ts";
import type { Language, Problem, Vocabulary } from "./vocabulary.ts";

export interface ModelerOptions {
  readonly container: HTMLElement;
  readonly propertiesParent: HTMLElement;
  readonly xml: string;
  readonly vocabulary: Vocabulary;
  readonly language: Language;
  readonly readOnly?: boolean;
  /** After each change, undo and redo. */
  readonly onChange: () => void;
  /** After opening and, shortly delayed, after each change. */
  readonly onProblems: (problems: readonly Problem[]) => void;
}

export interface ModelerHandle {
  saveXml(): Promise<string>;
  /** What the last check found; `null` before the first one is done. */
  problems(): readonly Problem[] | null;
  undo(): void;
  redo(): void;
  canUndo(): boolean;
  canRedo(): boolean;
  zoomFit(): void;
  /** Selects an element and brings it into view; an id that the drawing lacks is left alone. */
  select(id: string): void;
  setLanguage(language: Language): void;
  /** Texts shown without a Chinese translation so far; a test holds this empty. */
  missingTexts(): readonly string[];
  destroy(): void;
}

/** Long enough to not check each keystroke, short enough to see the mark as an answer to the change. */
const checkDelayMs = 400;

/** Shorter than what a person notices between a key and its letter. */
const longestBlockMs = 12;

/** A newer change made the answer worthless before it was there. */
class Superseded extends Error {}

/** The checks before publishing in slices, so that typing goes on in between. `isWanted` false gives the check up. */
async function checkInSlices(xml: string, names: KnownNames, isWanted: () => boolean): Promise<readonly Problem[]> {
  let sliceEnds = performance.now() + longestBlockMs;
  const pause = async (): Promise<void> => {
    if (performance.now() < sliceEnds) return;
    await new Promise<void>((resolve) => setTimeout(resolve));
    if (!isWanted()) throw new Superseded();
    sliceEnds = performance.now() + longestBlockMs;
  };
  return checkDefinition(xml, new Map(), { situations: situationsBeforePublishing, pause }, names);
}

/** Opens a BPMN file for editing. Throws what the import throws when the file is no BPMN. */
export async function createModeler(options: ModelerOptions): Promise<ModelerHandle> {
  const translation = createTranslation(options.language);
  const readOnly = options.readOnly ?? false;
  const drawing = createDrawing(options, translation, readOnly);
  if (!readOnly) offerWhatTheEngineRuns(drawing, translation.translate);
  const stopFiltering = filterMenusWhileTyping(options.container);
  const context = { drawing, vocabulary: options.vocabulary, translation, readOnly };
  drawing.get("propertiesPanel").registerProvider(500, {
    getGroups: (element: DiagramElement) => (groups) => [...groups, ...groupsFor(context, element)],
  });
  await drawing.importXML(options.xml);

  let problems: readonly Problem[] | null = null;
  let round = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let destroyed = false;

  const saveXml = async (): Promise<string> => {
    const { xml, error } = await drawing.saveXML({ format: true });
    if (xml === undefined) throw error ?? new Error(translation.translate("The file could not be saved as XML"));
    return xml;
  };
  const check = async (): Promise<void> => {
    const mine = ++round;
    const isWanted = () => !destroyed && mine === round;
    const found = await saveXml()
      .then(async (xml) => checkInSlices(xml, options.vocabulary.names, isWanted))
      .catch(checkFailed);
    if (!isWanted()) return;
    problems = found;
    showProblems(drawing, problems, translation.language(), translation.translate);
    options.onProblems(problems);
  };
  const label = () => options.container.setAttribute("aria-label", translation.translate("Process diagram"));

  options.container.setAttribute("role", "group");
  options.container.classList.add("jieli-modeler");
  label();
  fitWithPadding(drawing.get("canvas"), editorPadding);
  drawing.get("eventBus").on("commandStack.changed", () => {
    options.onChange();
    clearTimeout(timer);
    timer = setTimeout(() => void check(), checkDelayMs);
  });
  void check();

  return {
    saveXml,
    problems: () => problems,
    undo: () => readOnly || drawing.get("commandStack").undo(),
    redo: () => readOnly || drawing.get("commandStack").redo(),
    canUndo: () => !readOnly && drawing.get("commandStack").canUndo(),
    canRedo: () => !readOnly && drawing.get("commandStack").canRedo(),
    zoomFit: () => fitWithPadding(drawing.get("canvas"), editorPadding),
    select(id) {
      const element = drawing.get("elementRegistry").get(id);
      if (!element) return;
      drawing.get("selection").select(element);
      if (element !== drawing.get("canvas").getRootElement()) drawing.get("canvas").scrollToElement(id, 100);
    },
    setLanguage(language) {
      translation.use(language);
      label();
      drawing.get("eventBus").fire("i18n.changed");
      drawing.get("eventBus").fire("propertiesPanel.providersChanged");
      showProblems(drawing, problems ?? [], language, translation.translate);
    },
    missingTexts: () => [...translation.missing],
    destroy() {
      destroyed = true;
      clearTimeout(timer);
      stopFiltering();
      drawing.destroy();
    },
  };
}

/** A check that breaks down must not look like a clean file. */
function checkFailed(error: unknown): readonly Problem[] {
  const reason = error instanceof Error ? error.message : String(error);
  return [
    {
      code: "CHECK_FAILED",
      severity: "error",
      element: null,
      message: { zh: `检查未能完成：${reason}`, en: `The check could not be completed: ${reason}` },
    },
  ];
}

function createDrawing(options: ModelerOptions, translation: Translation, readOnly: boolean) {
  const translateModule = { translate: ["value", translation.translate] };
  const shared = {
    container: options.container,
    moddleExtensions: { jieli: jieliModdle },
    propertiesPanel: { parent: options.propertiesParent },
    debounceInput: false,
  };
  // The panel asks for a command stack even where nothing can be commanded.
  if (readOnly)
    return new NavigatedViewer({
      ...shared,
      additionalModules: [translateModule, commandModule, BpmnPropertiesPanelModule, minimapModule],
    });
  return new Modeler({
    ...shared,
    additionalModules: [translateModule, BpmnPropertiesPanelModule, CreateAppendAnythingModule, minimapModule],
  });
}
