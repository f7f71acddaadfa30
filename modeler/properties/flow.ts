import { childOf, textOf, type DiagramElement } from "../diagram.ts";
import { checkbox, createChild, textArea, type Entry, type PanelContext } from "./fields.ts";

/** 条件 of a sequence flow; empty where its source takes every flow. */
export function conditionEntries(context: PanelContext, element: DiagramElement): readonly Entry[] {
  const flow = element.businessObject;
  const source = childOf(flow, "sourceRef");
  if (
    !source ||
    !["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway", "bpmn:ComplexGateway", "bpmn:Activity"].some((type) =>
      source.$instanceOf(type),
    )
  )
    return [];
  const { drawing } = context;
  const isDefault = source.get("default") === flow;
  const defaultEntry = checkbox(context, {
    id: "default",
    label: "Flow that is taken when no condition holds",
    value: isDefault,
    change: (value) => {
      const sourceShape = drawing.get("elementRegistry").get(source.id);
      // The replace rules of bpmn-js drop the condition of a flow that becomes the default, in the same undoable step.
      if (sourceShape) drawing.get("modeling").updateProperties(sourceShape, { default: value ? flow : undefined });
    },
  });
  if (isDefault) return [defaultEntry];
  return [
    textArea(context, {
      id: "condition",
      label: "Condition (FEEL)",
      monospace: true,
      value: textOf(childOf(flow, "conditionExpression"), "body"),
      change: (body) =>
        drawing.get("modeling").updateProperties(element, {
          conditionExpression:
            body === undefined ? undefined : createChild(context, flow, "bpmn:FormalExpression", { body }),
        }),
    }),
    defaultEntry,
  ];
}
