import { asElement, elementsOf, textOf, type ModdleElement } from "../moddle-element.ts";
import { definitionsOf, isEventSubProcess, triggersOf, type FileTree } from "./file-tree.ts";
import type { Breach, RuleCheck } from "./specification-rules.ts";

/** What events may trigger where. Which definitions an event may hold at all is told by the support table. */
export const checkEventRules: RuleCheck = (tree, breach) => {
  for (const { element, container } of tree.placed) {
    if (element.$type === "bpmn:StartEvent") checkStart(element, container, breach);
    if (element.$type === "bpmn:EndEvent" && triggersOf(element).includes("Cancel") && !inTransaction(tree, container))
      breach("CANCEL_END_OUTSIDE_TRANSACTION", element);
    for (const definition of definitionsOf(element)) checkDefinition(element, definition, container, tree, breach);
  }
  for (const container of tree.containers) checkEventSubProcess(container, breach);
};

function checkStart(event: ModdleElement, container: ModdleElement, breach: Breach): void {
  const triggers = triggersOf(event);
  const isEmbedded = container.$type !== "bpmn:Process" && !isEventSubProcess(container);
  if (isEmbedded && triggers.length > 0) breach("SUB_PROCESS_START_TRIGGERED", event);
  const interruptsAlways = triggers.some((trigger) => trigger === "Error" || trigger === "Compensate");
  if (isEventSubProcess(container) && interruptsAlways && event["isInterrupting"] === false)
    breach("EVENT_MUST_INTERRUPT", event);
}

function checkEventSubProcess(container: ModdleElement, breach: Breach): void {
  if (!isEventSubProcess(container)) return;
  const starts = elementsOf(container["flowElements"]).filter(({ $type }) => $type === "bpmn:StartEvent");
  if (starts.length !== 1) breach("EVENT_SUB_PROCESS_START_COUNT", container);
}

function inTransaction(tree: FileTree, container: ModdleElement): boolean {
  if (container.$type === "bpmn:Transaction") return true;
  const outer = tree.placed.find(({ element }) => element === container);
  return outer !== undefined && inTransaction(tree, outer.container);
}

const timerTimes = ["timeDate", "timeDuration", "timeCycle"];

function checkDefinition(
  event: ModdleElement,
  definition: ModdleElement,
  container: ModdleElement,
  tree: FileTree,
  breach: Breach,
): void {
  const throws = event.$type === "bpmn:EndEvent" || event.$type === "bpmn:IntermediateThrowEvent";
  switch (definition.$type) {
    case "bpmn:TimerEventDefinition":
      if (timerTimes.filter((time) => asElement(definition[time])).length > 1) breach("TIMER_AMBIGUOUS", event);
      return;
    case "bpmn:ErrorEventDefinition":
      if (throws && !codeOf(definition["errorRef"], "errorCode")) breach("ERROR_CODE_MISSING", event);
      return;
    case "bpmn:EscalationEventDefinition":
      if (throws && !codeOf(definition["escalationRef"], "escalationCode")) breach("ESCALATION_CODE_MISSING", event);
      return;
    case "bpmn:CompensateEventDefinition":
      if (throws && !namesCompensable(definition, container, tree)) breach("COMPENSATION_TARGET_INVALID", event);
      return;
    default:
      return;
  }
}

/** A code may be left to the name, as many tools write it. */
function codeOf(reference: unknown, property: string): string | null {
  const thrown = asElement(reference);
  return textOf(thrown?.[property]) ?? textOf(thrown?.["name"]);
}

/** Without a name everything in the scope is meant. An event sub-process undoes what stands around it. */
function namesCompensable(definition: ModdleElement, container: ModdleElement, tree: FileTree): boolean {
  const named = asElement(definition["activityRef"]);
  if (!named) return true;
  const place = tree.placed.find(({ element }) => element === named);
  const around = isEventSubProcess(container)
    ? tree.placed.find(({ element }) => element === container)?.container
    : container;
  if (!place || (place.container !== container && place.container !== around)) return false;
  return (
    hasCompensationBoundary(tree, named) || named["flowElements"] !== undefined || named.$type === "bpmn:CallActivity"
  );
}

function hasCompensationBoundary(tree: FileTree, activity: ModdleElement): boolean {
  return tree.placed.some(
    ({ element }) => asElement(element["attachedToRef"]) === activity && triggersOf(element).includes("Compensate"),
  );
}
