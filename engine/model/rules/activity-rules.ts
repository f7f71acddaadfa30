import { asElement, elementsOf, textOf, type ModdleElement } from "../moddle-element.ts";
import { isActivity, type FileTree } from "./file-tree.ts";
import type { Breach, RuleCheck } from "./specification-rules.ts";

/** Loops, quantities, resources, calls, ad-hoc contents and scripts. */
export const checkActivityRules: RuleCheck = (tree, breach) => {
  for (const root of tree.roots) {
    if (root.$type === "bpmn:Interface") checkInterface(root, breach);
    if (root.$type === "bpmn:GlobalScriptTask") checkScript(root, breach);
  }
  for (const { element } of tree.placed) {
    if (!isActivity(element)) continue;
    checkLoop(element, breach);
    const quantities = [element["startQuantity"], element["completionQuantity"]];
    if (quantities.some((quantity) => quantity !== undefined && !isCount(quantity)))
      breach("QUANTITY_INVALID", element);
    checkCall(tree, element, breach);
    checkOperation(element, breach);
    if (elementsOf(element["resources"]).some(isAmbiguousRole)) breach("RESOURCE_AMBIGUOUS", element);
    if (element.$type === "bpmn:AdHocSubProcess") checkAdHoc(element, breach);
    if (element.$type === "bpmn:ScriptTask") checkScript(element, breach);
  }
};

/** What a call names may stand in another file; where it stands in this one, it has to be callable. */
function checkCall(tree: FileTree, activity: ModdleElement, breach: Breach): void {
  const called = textOf(activity["calledElement"]);
  if (called === null) return;
  const isInside = tree.placed.some(({ element }) => element.id === called);
  const isOtherRoot = tree.roots.some(
    ({ id, $type }) => id === called && !/^bpmn:(Process|Global\w*Task)$/.test($type),
  );
  if (isInside || isOtherRoot) breach("CALLED_ELEMENT_INVALID", activity);
}

function checkOperation(task: ModdleElement, breach: Breach): void {
  const expected = asElement(asElement(task["operationRef"])?.["inMessageRef"]);
  const message = asElement(task["messageRef"]);
  if (expected && message && expected !== message) breach("OPERATION_MESSAGE_DIFFERS", task);
}

function isAmbiguousRole(role: ModdleElement): boolean {
  return asElement(role["resourceRef"]) !== null && asElement(role["resourceAssignmentExpression"]) !== null;
}

function checkScript(task: ModdleElement, breach: Breach): void {
  if (textOf(task["script"]) === null) breach("SCRIPT_MISSING", task);
}

function checkInterface(offered: ModdleElement, breach: Breach): void {
  const operations = elementsOf(offered["operations"]);
  if (operations.length === 0) breach("INTERFACE_EMPTY", offered);
  for (const operation of operations)
    if (!asElement(operation["inMessageRef"])) breach("OPERATION_INCOMPLETE", operation);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0;
}

function checkLoop(activity: ModdleElement, breach: Breach): void {
  const loop = asElement(activity["loopCharacteristics"]);
  if (!loop) return;
  const maximum = loop["loopMaximum"];
  if (maximum !== undefined && !isCount(maximum)) breach("LOOP_MAXIMUM_INVALID", activity);
  const hasCollection = textOf(loop["collection"]) !== null || asElement(loop["loopDataInputRef"]) !== null;
  if (asElement(loop["loopCardinality"]) && hasCollection) breach("LOOP_AMBIGUOUS", activity);
  if (loop["behavior"] === "Complex") checkComplexBehaviour(activity, loop, breach);
}

function checkComplexBehaviour(activity: ModdleElement, loop: ModdleElement, breach: Breach): void {
  const definitions = elementsOf(loop["complexBehaviorDefinition"]);
  const isComplete = (definition: ModdleElement) =>
    asElement(definition["condition"]) !== null && asElement(definition["event"]) !== null;
  if (definitions.length === 0 || !definitions.every(isComplete)) breach("LOOP_BEHAVIOUR_INCOMPLETE", activity);
}

function checkAdHoc(container: ModdleElement, breach: Breach): void {
  const elements = elementsOf(container["flowElements"]);
  for (const element of elements)
    if (element.$type === "bpmn:StartEvent" || element.$type === "bpmn:EndEvent") breach("AD_HOC_HOLDS_EVENT", element);
  if (!elements.some(isActivity)) breach("AD_HOC_EMPTY", container);
}
