import { asElement, elementsOf, type ModdleElement } from "../moddle-element.ts";
import { isActivity, triggersOf, type FileTree } from "./file-tree.ts";
import type { Breach, RuleCheck } from "./specification-rules.ts";

/** Message flows, participants and lanes. */
export const checkCollaborationRules: RuleCheck = (tree, breach) => {
  for (const collaboration of tree.roots.filter(({ $type }) => $type === "bpmn:Collaboration")) {
    for (const flow of elementsOf(collaboration["messageFlows"])) checkMessageFlow(tree, flow, breach);
    for (const participant of elementsOf(collaboration["participants"])) checkParticipant(participant, breach);
  }
  for (const process of tree.roots.filter(({ $type }) => $type === "bpmn:Process"))
    for (const laneSet of elementsOf(process["laneSets"])) checkLanes(tree, process, laneSet, breach);
};

function checkMessageFlow(tree: FileTree, flow: ModdleElement, breach: Breach): void {
  const source = asElement(flow["sourceRef"]);
  const target = asElement(flow["targetRef"]);
  if (!source || !target) {
    breach("MESSAGE_FLOW_DANGLING", flow);
    return;
  }
  if (!sends(source)) breach("MESSAGE_FLOW_SOURCE", flow);
  if (!receives(target)) breach("MESSAGE_FLOW_TARGET", flow);
  const [from, to] = [source, target].map((end) => ownerOf(tree, end));
  if (from && from === to) breach("MESSAGE_FLOW_WITHIN_POOL", flow);
}

/** The process behind one end of a message flow; the participant itself where it is a black box. */
function ownerOf(tree: FileTree, end: ModdleElement): ModdleElement | null {
  if (end.$type === "bpmn:Participant") return asElement(end["processRef"]) ?? end;
  return tree.processOf.get(end.id ?? "") ?? null;
}

function sends(end: ModdleElement): boolean {
  const throwing = end.$type === "bpmn:EndEvent" || end.$type === "bpmn:IntermediateThrowEvent";
  return isEnd(end) || (throwing && triggersOf(end).includes("Message"));
}

const catching = new Set(["bpmn:StartEvent", "bpmn:IntermediateCatchEvent", "bpmn:BoundaryEvent"]);

function receives(end: ModdleElement): boolean {
  return isEnd(end) || (catching.has(end.$type) && triggersOf(end).includes("Message"));
}

function isEnd(end: ModdleElement): boolean {
  return end.$type === "bpmn:Participant" || isActivity(end);
}

function checkParticipant(participant: ModdleElement, breach: Breach): void {
  const multiplicity = asElement(participant["participantMultiplicity"]);
  const minimum = Number(multiplicity?.["minimum"] ?? 0);
  if (Number(multiplicity?.["maximum"] ?? Infinity) < minimum) breach("PARTICIPANT_MULTIPLICITY", participant);
}

function checkLanes(tree: FileTree, process: ModdleElement, laneSet: ModdleElement, breach: Breach): void {
  const seen = new Set<ModdleElement>();
  for (const lane of elementsOf(laneSet["lanes"])) {
    for (const node of elementsOf(lane["flowNodeRef"])) {
      if (tree.processOf.get(node.id ?? "") !== process) breach("LANE_NODE_FOREIGN", lane);
      if (seen.has(node)) breach("LANE_NODE_TWICE", lane);
      seen.add(node);
    }
    const nested = asElement(lane["childLaneSet"]);
    if (nested) checkLanes(tree, process, nested, breach);
  }
}
