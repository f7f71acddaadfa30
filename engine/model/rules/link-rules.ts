import { asElement, elementsOf, textOf, type ModdleElement } from "../moddle-element.ts";
import { definitionsOf, intoOf, outOf } from "./file-tree.ts";
import type { RuleCheck } from "./specification-rules.ts";

/** Links go from throwing events to the one that catches their name, within a scope. */
export const checkLinkRules: RuleCheck = (tree, breach) => {
  for (const container of tree.containers) {
    const elements = elementsOf(container["flowElements"]);
    const catching = elements.filter(({ $type }) => $type === "bpmn:IntermediateCatchEvent").filter(isLink);
    const throwing = elements.filter(({ $type }) => $type === "bpmn:IntermediateThrowEvent").filter(isLink);
    const caught = catching.map(linkName);
    const thrown = throwing.map(linkName);
    for (const event of throwing) {
      if (!caught.includes(linkName(event))) breach("LINK_TARGET_MISSING", event);
      if (outOf(tree, event).length > 0) breach("LINK_HAS_OUTGOING", event);
    }
    catching.forEach((event, index) => {
      const name = linkName(event);
      if (!thrown.includes(name)) breach("LINK_SOURCE_MISSING", event);
      if (caught.indexOf(name) < index) breach("LINK_TARGET_AMBIGUOUS", event);
      // A flow from an event-based gateway is told as such.
      const entering = intoOf(tree, event).map((flow) => asElement(flow["sourceRef"])?.$type);
      if (entering.some((type) => type !== "bpmn:EventBasedGateway")) breach("LINK_HAS_INCOMING", event);
    });
  }
};

function isLink(event: ModdleElement): boolean {
  return linkName(event) !== null;
}

/** `null` for an event that is no link, and for a link without a name, which is refused as such. */
function linkName(event: ModdleElement): string | null {
  const link = definitionsOf(event).find(({ $type }) => $type === "bpmn:LinkEventDefinition");
  return link ? (textOf(link["name"]) ?? textOf(event["name"])) : null;
}
