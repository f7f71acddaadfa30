import type { BusinessObject, DiagramElement } from "../diagram.ts";
import { attribute, checkbox, expression, textField, type Entry, type PanelContext } from "./fields.ts";

/** 多实例: over a collection or a number, in parallel or one after the other. */
export function multiInstanceEntries(
  context: PanelContext,
  element: DiagramElement,
  loop: BusinessObject,
): readonly Entry[] {
  const own = (property: string) => attribute(context, element, loop, property);
  const feel = (property: string) => expression(context, element, loop, property);
  return [
    checkbox(context, {
      id: "isSequential",
      label: "Sequential",
      value: loop.get("isSequential") === true,
      change: (value) => context.drawing.get("modeling").updateModdleProperties(element, loop, { isSequential: value }),
    }),
    textField(context, { id: "collection", label: "Collection (FEEL)", ...own("collection") }),
    textField(context, { id: "elementVariable", label: "Item variable", ...own("elementVariable") }),
    textField(context, {
      id: "loopCardinality",
      label: "Number of instances (FEEL)",
      ...feel("loopCardinality"),
    }),
    textField(context, {
      id: "completionCondition",
      label: "Completion condition (FEEL)",
      ...feel("completionCondition"),
    }),
    textField(context, { id: "outputElement", label: "Result of each instance (FEEL)", ...own("outputElement") }),
    textField(context, { id: "outputCollection", label: "Variable for all results", ...own("outputCollection") }),
  ];
}
