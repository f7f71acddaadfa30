import { childOf, textOf, type BusinessObject, type DiagramElement } from "../diagram.ts";
import { attribute, checkbox, createChild, textField, type Entry, type PanelContext } from "./fields.ts";

/** 多实例: over a collection or a number, in parallel or one after the other. */
export function multiInstanceEntries(
  context: PanelContext,
  element: DiagramElement,
  loop: BusinessObject,
): readonly Entry[] {
  const own = (property: string) => attribute(context, element, loop, property);
  const expression = (property: string) => ({
    value: textOf(childOf(loop, property), "body"),
    change: (body: string | undefined) =>
      context.drawing.get("modeling").updateModdleProperties(element, loop, {
        [property]: body === undefined ? undefined : createChild(context, loop, "bpmn:FormalExpression", { body }),
      }),
  });
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
      ...expression("loopCardinality"),
    }),
    textField(context, {
      id: "completionCondition",
      label: "Completion condition (FEEL)",
      ...expression("completionCondition"),
    }),
    textField(context, { id: "outputElement", label: "Result of each instance (FEEL)", ...own("outputElement") }),
    textField(context, { id: "outputCollection", label: "Variable for all results", ...own("outputCollection") }),
  ];
}
