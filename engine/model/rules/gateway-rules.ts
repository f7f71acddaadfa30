import { asElement, type ModdleElement } from "../moddle-element.ts";
import { intoOf, isGateway, outOf, triggersOf, type FileTree } from "./file-tree.ts";
import type { Breach, RuleCheck } from "./specification-rules.ts";

/** Directions of gateways, and what may stand behind an event-based one. */
export const checkGatewayRules: RuleCheck = (tree, breach) => {
  for (const { element } of tree.placed) {
    if (isGateway(element) && contradictsDirection(tree, element)) breach("GATEWAY_DIRECTION_BROKEN", element);
    if (element.$type === "bpmn:EventBasedGateway") checkEventGateway(tree, element, breach);
    const instantiates = element.$type === "bpmn:ReceiveTask" && element["instantiate"] === true;
    if (instantiates && intoOf(tree, element).length > 0) breach("INSTANTIATE_HAS_INCOMING", element);
  }
};

function contradictsDirection(tree: FileTree, gateway: ModdleElement): boolean {
  const [into, out] = [intoOf(tree, gateway).length, outOf(tree, gateway).length];
  switch (gateway["gatewayDirection"]) {
    case "Converging":
      return into < 2 || out > 1;
    case "Diverging":
      return into > 1 || out < 2;
    case "Mixed":
      return into < 2 || out < 2;
    default:
      return false;
  }
}

const waitable = new Set(["Message", "Timer", "Signal", "Conditional"]);

function checkEventGateway(tree: FileTree, gateway: ModdleElement, breach: Breach): void {
  const instantiates = gateway["instantiate"] === true;
  if (instantiates && intoOf(tree, gateway).length > 0) breach("INSTANTIATE_HAS_INCOMING", gateway);
  if (!instantiates && gateway["eventGatewayType"] === "Parallel") breach("EVENT_GATEWAY_PARALLEL", gateway);
  const targets = outOf(tree, gateway)
    .map((flow) => asElement(flow["targetRef"]))
    .filter((target) => target !== null);
  if (targets.length === 1) breach("EVENT_GATEWAY_TOO_FEW", gateway);
  const receives = targets.filter(({ $type }) => $type === "bpmn:ReceiveTask");
  const messages = targets.filter((target) => triggersOf(target).includes("Message"));
  if (receives.length > 0 && messages.length > 0) breach("EVENT_GATEWAY_MIXED", gateway);
  for (const target of targets) {
    const waits = target.$type === "bpmn:ReceiveTask" || triggersOf(target).length > 0;
    if (waits && intoOf(tree, target).length > 1) breach("EVENT_GATEWAY_TARGET_SHARED", target);
    if (triggersOf(target).some((trigger) => !waitable.has(trigger))) breach("EVENT_GATEWAY_TRIGGER", target);
  }
  for (const task of receives)
    if (tree.placed.some(({ element }) => asElement(element["attachedToRef"]) === task))
      breach("EVENT_GATEWAY_BOUNDARY", task);
}
