import { childOf, isA, textOf, type BusinessObject, type DiagramElement } from "../diagram.ts";
import { attribute, checkbox, expression, textArea, textField, type Entry, type PanelContext } from "./fields.ts";

/** 行为: what elements that run by an expression or a name of their own need before they can be published. */
export function behaviourEntries(
  context: PanelContext,
  element: DiagramElement,
  definition: BusinessObject | undefined,
): readonly Entry[] {
  const { businessObject } = element;
  const loop = childOf(businessObject, "loopCharacteristics");
  if (isA(element, "bpmn:ScriptTask")) return scriptEntries(context, element);
  if (isA(element, "bpmn:ComplexGateway"))
    return [feel(context, element, businessObject, "activationCondition", "Activation condition (FEEL)")];
  if (definition && isA(definition, "bpmn:ConditionalEventDefinition"))
    return [feel(context, element, definition, "condition", "Condition (FEEL)")];
  if (definition && isA(definition, "bpmn:LinkEventDefinition"))
    return [
      textField(context, { id: "linkName", label: "Link name", ...attribute(context, element, definition, "name") }),
    ];
  return [
    ...(isA(element, "bpmn:AdHocSubProcess") ? adHocEntries(context, element) : []),
    ...(loop && isA(loop, "bpmn:StandardLoopCharacteristics") ? loopEntries(context, element, loop) : []),
  ];
}

function scriptEntries(context: PanelContext, element: DiagramElement): readonly Entry[] {
  const { businessObject } = element;
  return [
    textArea(context, {
      id: "script",
      label: "Script (FEEL)",
      monospace: true,
      value: textOf(businessObject, "script"),
      change: (script) =>
        context.drawing.get("modeling").updateModdleProperties(element, businessObject, {
          script,
          scriptFormat: script === undefined ? undefined : "FEEL",
        }),
    }),
    textField(context, {
      id: "resultVariable",
      label: "Result variable",
      ...attribute(context, element, businessObject, "resultVariable"),
    }),
  ];
}

function adHocEntries(context: PanelContext, element: DiagramElement): readonly Entry[] {
  const { businessObject } = element;
  return [
    checkbox(context, {
      id: "ordering",
      label: "Sequential",
      value: businessObject.get("ordering") === "Sequential",
      change: (sequential) =>
        context.drawing.get("modeling").updateModdleProperties(element, businessObject, {
          ordering: sequential ? "Sequential" : "Parallel",
        }),
    }),
    feel(context, element, businessObject, "completionCondition", "Completion condition (FEEL)"),
  ];
}

function loopEntries(context: PanelContext, element: DiagramElement, loop: BusinessObject): readonly Entry[] {
  const maximum = loop.get("loopMaximum");
  return [
    feel(context, element, loop, "loopCondition", "Repeats while (FEEL)"),
    textField(context, {
      id: "loopMaximum",
      label: "Most rounds",
      value: typeof maximum === "number" ? String(maximum) : undefined,
      change: (value) =>
        context.drawing.get("modeling").updateModdleProperties(element, loop, {
          loopMaximum: value === undefined ? undefined : Number(value),
        }),
      validate: (value) =>
        value === undefined || /^[1-9]\d*$/.test(value)
          ? null
          : context.translation.translate("A whole number above zero"),
    }),
  ];
}

function feel(
  context: PanelContext,
  element: DiagramElement,
  owner: BusinessObject,
  ...[property, label]: readonly [property: string, label: string]
): Entry {
  return textArea(context, { id: property, label, monospace: true, ...expression(context, element, owner, property) });
}
