import NavigatedViewer from "bpmn-js/lib/NavigatedViewer.js";
import { jieliModdle } from "../engine/model/jieli-moddle.ts";
import { fitWithPadding, picturePadding } from "./canvas/fit.ts";
import { markCase, type CasePosition } from "./canvas/marks.ts";
import { createTranslation } from "./language/translate.ts";
import type { Language } from "./vocabulary.ts";

export interface ViewerOptions {
  readonly container: HTMLElement;
  readonly xml: string;
  readonly language?: Language;
}

export interface ViewerHandle {
  mark(position: CasePosition): void;
  /** Calls with the id of the element that is picked, `null` when none is. */
  onSelect(callback: (id: string | null) => void): void;
  zoomFit(): void;
  destroy(): void;
}

const readableScale = 0.55;

/**
 * Shows a BPMN file as a picture on which the standing of a case can be marked. Gives `null` where the file has no drawing:
 * a process may be written without one.
 */
export async function createViewer({ container, xml, language = "zh" }: ViewerOptions): Promise<ViewerHandle | null> {
  const { translate } = createTranslation(language);
  const drawing = new NavigatedViewer({
    container,
    moddleExtensions: { jieli: jieliModdle },
    additionalModules: [{ translate: ["value", translate] }],
  });
  try {
    await drawing.importXML(xml);
  } catch (error) {
    const isDrawn = (drawing.getDefinitions()?.diagrams ?? []).length > 0;
    drawing.destroy();
    if (isDrawn) throw error;
    return null;
  }
  const canvas = drawing.get("canvas");
  container.classList.add("jieli-viewer");
  const count =
    drawing
      .get("elementRegistry")
      .getAll()
      .filter((element) => !element.labelTarget).length - 1;
  // The drawing itself is the image: its container also holds the focusable bpmn.io mark, which an image must not.
  const picture = canvas.getContainer().querySelector("svg");
  picture?.setAttribute("role", "img");
  picture?.setAttribute(
    "aria-label",
    translate("Process diagram, {count} elements. The same content is listed as text beside it.", { count }),
  );
  fitWithPadding(canvas, picturePadding);

  /** A wide process fitted into a small frame cannot be read: then the picture opens at the step that is being worked on. */
  const showWhereItStands = ({ active }: CasePosition) => {
    const step = active.find((id) => drawing.get("elementRegistry").get(id));
    if (step === undefined || canvas.zoom() >= readableScale) return;
    canvas.zoom(readableScale);
    canvas.scrollToElement(step, 140);
  };

  let shown: CasePosition | null = null;
  return {
    mark(position) {
      markCase(drawing, position, shown, translate);
      shown = position;
      showWhereItStands(position);
    },
    onSelect(callback) {
      drawing.get("eventBus").on("selection.changed", ({ newSelection = [] }) => {
        const element = newSelection[0];
        callback(element ? (element.labelTarget ?? element).id : null);
      });
    },
    zoomFit: () => fitWithPadding(canvas, picturePadding),
    destroy: () => drawing.destroy(),
  };
}
