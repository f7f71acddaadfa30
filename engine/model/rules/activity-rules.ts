import { asElement, elementsOf, textOf, type ModdleElement } from "../parse.ts";
import { isActivity } from "./file-tree.ts";
import type { Breach, RuleCheck } from "./specification-rules.ts";

/** Loops, quantities, ad-hoc contents and scripts. */
export const checkActivityRules: RuleCheck = (tree, breach) => {
  for (const { element } of tree.placed) {
    if (!isActivity(element)) continue;
    checkLoop(element, breach);
    const quantities = [element["startQuantity"], element["completionQuantity"]];
    if (quantities.some((quantity) => quantity !== undefined && !isCount(quantity)))
      breach("QUANTITY_INVALID", element);
    if (element.$type === "bpmn:AdHocSubProcess") checkAdHoc(element, breach);
    if (element.$type === "bpmn:ScriptTask" && textOf(element["script"]) === null) breach("SCRIPT_MISSING", element);
  }
};

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
}

function checkAdHoc(container: ModdleElement, breach: Breach): void {
  const elements = elementsOf(container["flowElements"]);
  for (const element of elements)
    if (element.$type === "bpmn:StartEvent" || element.$type === "bpmn:EndEvent") breach("AD_HOC_HOLDS_EVENT", element);
  if (!elements.some(isActivity)) breach("AD_HOC_EMPTY", container);
}
