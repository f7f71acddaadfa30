import { childOf, childrenOf, isA, textOf, type DiagramElement } from "../diagram.ts";
import {
  attribute,
  change,
  checkbox,
  createChild,
  asOneStep,
  textArea,
  textField,
  type Entry,
  type PanelContext,
} from "./fields.ts";

/** 基本: name, id, documentation; for a pool those of its process follow. */
export function generalEntries(context: PanelContext, element: DiagramElement): readonly Entry[] {
  const { businessObject } = element;
  const entries = [nameEntry(context, element), idEntry(context, element), documentationEntry(context, element)];
  if (isA(element, "bpmn:Process")) entries.push(executableEntry(context, element));
  const process = isA(element, "bpmn:Participant") ? childOf(businessObject, "processRef") : undefined;
  if (process)
    entries.push(
      textField(context, { id: "processName", label: "Process", ...attribute(context, element, process, "name") }),
    );
  return entries;
}

function nameEntry(context: PanelContext, element: DiagramElement): Entry {
  const property = isA(element, "bpmn:TextAnnotation") ? "text" : "name";
  return textArea(context, {
    id: "name",
    label: "Name",
    value: textOf(element.businessObject, property),
    // `updateProperties`, not the moddle command: the label on the canvas follows it.
    change: (value) => context.drawing.get("modeling").updateProperties(element, { [property]: value }),
  });
}

function idEntry(context: PanelContext, element: DiagramElement): Entry {
  const { translate } = context.translation;
  return textField(context, {
    id: "id",
    label: "Id",
    value: element.businessObject.id,
    change: (value) => context.drawing.get("modeling").updateProperties(element, { id: value }),
    validate: (value) => {
      if (value === undefined || !/^[A-Za-z_][\w.-]*$/.test(value))
        return translate("An id starts with a letter and holds letters, digits, - _ . only.");
      const other = context.drawing.get("elementRegistry").get(value);
      return other && other.businessObject !== element.businessObject
        ? translate("The id is taken by another element.")
        : null;
    },
  });
}

function documentationEntry(context: PanelContext, element: DiagramElement): Entry {
  const { businessObject } = element;
  const documentation = childrenOf(businessObject, "documentation");
  return textArea(context, {
    id: "documentation",
    label: "Documentation",
    value: textOf(documentation[0], "text"),
    change: (text) => {
      const rest = documentation.slice(1);
      const first = text === undefined ? [] : [createChild(context, businessObject, "bpmn:Documentation", { text })];
      asOneStep(context, [change(element, businessObject, { documentation: [...first, ...rest] })]);
    },
  });
}

function executableEntry(context: PanelContext, element: DiagramElement): Entry {
  const { businessObject } = element;
  return checkbox(context, {
    id: "isExecutable",
    label: "Executable",
    value: businessObject.get("isExecutable") === true,
    change: (value) =>
      context.drawing.get("modeling").updateModdleProperties(element, businessObject, { isExecutable: value }),
  });
}
