import { childOf, childrenOf, isA, textOf, type BusinessObject, type DiagramElement } from "../diagram.ts";
import { checkbox, checkboxGroup, type Choice, type Entry, type PanelContext } from "./fields.ts";

/** 人工选择: what whoever handles the step may choose by hand. Only what the validator lets stand is offered. */
export function choiceEntries(context: PanelContext, element: DiagramElement): readonly Entry[] {
  const { businessObject } = element;
  const { translate } = context.translation;
  const write = (properties: Readonly<Record<string, unknown>>) =>
    context.drawing.get("modeling").updateModdleProperties(element, businessObject, properties);
  const group = (property: "branches" | "peopleFor", label: string, known: readonly Choice[]): readonly Entry[] => {
    const value = (textOf(businessObject, property) ?? "").split(/[\s,]+/).filter((id) => id !== "");
    if (known.length === 0 && value.length === 0) return [];
    const gone = value.filter((id) => !known.some((choice) => choice.value === id));
    const missing = gone.map((id) => ({ value: id, label: translate("{code} (not in the drawing)", { code: id }) }));
    return [
      checkboxGroup(context, {
        id: property,
        label: translate(label),
        options: [...known, ...missing],
        value,
        change: (chosen) => write({ [property]: chosen.length === 0 ? undefined : chosen.join(" ") }),
      }),
    ];
  };
  const people = group("peopleFor", "Names the people of", stepsBehind(businessObject).map(asChoice));
  return [
    ...group("branches", "Branches that the handler may choose", branchesBehind(context, businessObject)),
    ...people,
    ...(people.length === 0
      ? []
      : [
          checkbox(context, {
            id: "peopleRequired",
            label: "People must be named",
            value: businessObject.get("peopleRequired") === true,
            change: (required) => write({ peopleRequired: required ? true : undefined }),
          }),
        ]),
  ];
}

/** Flows out of the exclusive gateways that stand behind the task with nothing but such gateways between. */
function branchesBehind(context: PanelContext, task: BusinessObject): readonly Choice[] {
  const found = new Map<string, BusinessObject>();
  const open = targetsOf(task);
  for (let node = open.pop(); node; node = open.pop()) {
    if (!isA(node, "bpmn:ExclusiveGateway") || found.has(node.id)) continue;
    found.set(node.id, node);
    open.push(...targetsOf(node));
  }
  return [...found.values()].flatMap((gateway) => {
    const flows = childrenOf(gateway, "outgoing");
    return flows.length < 2 ? [] : flows.map((flow) => branchChoice(context, flow));
  });
}

function branchChoice({ translation }: PanelContext, flow: BusinessObject): Choice {
  const target = childOf(flow, "targetRef");
  const name = textOf(flow, "name") ?? flow.id;
  const label = translation.translate("{branch}, to {target}", {
    branch: name,
    target: (target && textOf(target, "name")) ?? target?.id ?? "",
  });
  return { value: flow.id, label };
}

/** User tasks to which flows lead from the task without coming back to it. */
function stepsBehind(task: BusinessObject): readonly BusinessObject[] {
  const seen = new Map<string, BusinessObject>();
  const open = targetsOf(task);
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node.id) || node.id === task.id) continue;
    seen.set(node.id, node);
    open.push(...targetsOf(node), ...childrenOf(node, "flowElements").filter((inner) => isA(inner, "bpmn:StartEvent")));
  }
  return [...seen.values()].filter(
    (node) => isA(node, "bpmn:UserTask") && childOf(node, "loopCharacteristics") === undefined,
  );
}

function targetsOf(node: BusinessObject): BusinessObject[] {
  return childrenOf(node, "outgoing").flatMap((flow) => childOf(flow, "targetRef") ?? []);
}

function asChoice(node: BusinessObject): Choice {
  return { value: node.id, label: textOf(node, "name") ?? node.id };
}
