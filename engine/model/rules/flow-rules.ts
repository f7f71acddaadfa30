import { asElement } from "../moddle-element.ts";
import { intoOf, isActivity, isEvent, isEventSubProcess, isGateway, outOf } from "./file-tree.ts";
import type { RuleCheck } from "./specification-rules.ts";

const choosing = new Set(["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway", "bpmn:ComplexGateway"]);

/** What a sequence flow may connect, and where conditions may stand. */
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
      if (element["conditionExpression"] && source && isActivity(source) && outOf(tree, source).length === 1)
        breach("CONDITION_ALONE", element);
      continue;
    }
    const flows = intoOf(tree, element).length + outOf(tree, element).length;
    if (isEventSubProcess(element) && flows > 0) breach("FLOW_AT_EVENT_SUB_PROCESS", element);
    if (element["isForCompensation"] === true && flows > 0) breach("FLOW_AT_COMPENSATION_HANDLER", element);
  }
};
