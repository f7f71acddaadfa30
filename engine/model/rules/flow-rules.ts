import { asElement } from "../parse.ts";
import { intoOf, isActivity, isEvent, isEventSubProcess, isGateway, outOf } from "./file-tree.ts";
import type { RuleCheck } from "./specification-rules.ts";

const choosing = new Set(["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway", "bpmn:ComplexGateway"]);

/** What a sequence flow may connect, and where conditions and defaults may stand. */
export const checkFlowRules: RuleCheck = (tree, breach) => {
  for (const { element, process } of tree.placed) {
    if (element.$type === "bpmn:SequenceFlow") {
      const ends = [asElement(element["sourceRef"]), asElement(element["targetRef"])].filter((end) => end !== null);
      for (const end of ends) {
        const isNode = isActivity(end) || isEvent(end) || isGateway(end);
        if (!isNode) breach("FLOW_END_INVALID", element);
        else if (tree.processOf.get(end.id ?? "") !== process) breach("FLOW_CROSSES_POOL", element);
      }
      const [source] = ends;
      if (element["conditionExpression"] && source && !isActivity(source) && !choosing.has(source.$type))
        breach("CONDITION_MISPLACED", element);
      continue;
    }
    const flows = intoOf(tree, element).length + outOf(tree, element).length;
    if (isEventSubProcess(element) && flows > 0) breach("FLOW_AT_EVENT_SUB_PROCESS", element);
    if (element["isForCompensation"] === true && flows > 0) breach("FLOW_AT_COMPENSATION_HANDLER", element);
    if (hasForeignDefault(element)) breach("DEFAULT_MISPLACED", element);
  }
};

/** The parser keeps an attribute that the element type does not have aside. */
function hasForeignDefault(element: { readonly [property: string]: unknown }): boolean {
  const aside = element["$attrs"];
  return typeof aside === "object" && aside !== null && Object.hasOwn(aside, "default");
}
