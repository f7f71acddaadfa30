import { asElement, elementsOf, type ModdleElement } from "../moddle-element.ts";
import { isEventSubProcess, outOf, triggersOf, type FileTree, type Placed } from "./file-tree.ts";
import type { Breach, RuleCheck } from "./specification-rules.ts";

/** Where boundary events may stand, and how compensation hangs on them. */
export const checkBoundaryRules: RuleCheck = (tree, breach) => {
  const compensated = new Map<ModdleElement, number>();
  for (const { element, container } of tree.placed) {
    const host = asElement(element["attachedToRef"]);
    if (element.$type !== "bpmn:BoundaryEvent" || !host) continue;
    const place = tree.placed.find((candidate) => candidate.element === host);
    checkPlace(element, place, container, breach);
    const triggers = triggersOf(element);
    if (triggers.includes("Cancel") && host.$type !== "bpmn:Transaction")
      breach("CANCEL_BOUNDARY_NOT_ON_TRANSACTION", element);
    if (element["cancelActivity"] === false && triggers.some((trigger) => trigger === "Error" || trigger === "Cancel"))
      breach("EVENT_MUST_INTERRUPT", element);
    if (triggers.includes("Compensate")) {
      checkCompensation(tree, element, breach);
      compensated.set(host, (compensated.get(host) ?? 0) + 1);
    }
  }
  checkHandlers(tree, breach);
  for (const [host, handlers] of compensated) if (handlers > 1) breach("COMPENSATION_HANDLER_AMBIGUOUS", host);
  for (const container of tree.containers) checkOneHandler(container, breach);
};

function checkPlace(event: ModdleElement, host: Placed | undefined, container: ModdleElement, breach: Breach): void {
  if (host && host.container !== container) breach("BOUNDARY_IN_OTHER_SCOPE", event);
  if (host && isEventSubProcess(host.element)) breach("BOUNDARY_ON_EVENT_SUB_PROCESS", event);
}

function checkCompensation(tree: FileTree, event: ModdleElement, breach: Breach): void {
  if (outOf(tree, event).length > 0) breach("COMPENSATION_BOUNDARY_FLOW", event);
  const handlers = handlersOf(tree, event);
  if (handlers.length === 0) breach("COMPENSATION_HANDLER_MISSING", event);
  if (handlers.length > 1) breach("COMPENSATION_HANDLER_AMBIGUOUS", event);
}

function handlersOf(tree: FileTree, event: ModdleElement): readonly ModdleElement[] {
  return tree.associations
    .filter((association) => asElement(association["sourceRef"]) === event)
    .map((association) => asElement(association["targetRef"]))
    .filter((target) => target !== null)
    .filter((target) => target["isForCompensation"] === true);
}

/** Each activity marked for compensation hangs on a boundary event beside it. */
function checkHandlers(tree: FileTree, breach: Breach): void {
  const scopeOf = new Map<ModdleElement, ModdleElement>();
  for (const { element, container } of tree.placed) {
    if (element.$type !== "bpmn:BoundaryEvent" || !triggersOf(element).includes("Compensate")) continue;
    for (const handler of handlersOf(tree, element)) scopeOf.set(handler, container);
  }
  for (const { element, container } of tree.placed) {
    if (element["isForCompensation"] !== true) continue;
    const around = scopeOf.get(element);
    if (!around) breach("COMPENSATION_HANDLER_UNUSED", element);
    else if (around !== container) breach("COMPENSATION_HANDLER_IN_OTHER_SCOPE", element);
  }
}

/** One event sub-process at most undoes its surroundings. */
function checkOneHandler(container: ModdleElement, breach: Breach): void {
  const handlers = elementsOf(container["flowElements"]).filter(
    (element) =>
      isEventSubProcess(element) &&
      elementsOf(element["flowElements"]).some(
        (inner) => inner.$type === "bpmn:StartEvent" && triggersOf(inner).includes("Compensate"),
      ),
  );
  if (handlers.length > 1) breach("COMPENSATION_HANDLER_AMBIGUOUS", container);
}
