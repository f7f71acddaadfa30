import { asElement, elementsOf, textOf, type ModdleElement } from "../moddle-element.ts";
import type { Breach, RuleCheck } from "./specification-rules.ts";

/** Correlation properties, and how processes subscribe to them. */
export const checkCorrelationRules: RuleCheck = (tree, breach) => {
  for (const root of tree.roots) {
    if (root.$type === "bpmn:CorrelationProperty") checkProperty(root, breach);
    if (root.$type === "bpmn:Process" && root["isExecutable"] === true)
      for (const subscription of elementsOf(root["correlationSubscriptions"])) checkSubscription(subscription, breach);
  }
};

function checkProperty(property: ModdleElement, breach: Breach): void {
  const retrievals = elementsOf(property["correlationPropertyRetrievalExpression"]);
  if (retrievals.length === 0) breach("CORRELATION_UNRETRIEVABLE", property);
  const isIncomplete = ({ messageRef, messagePath }: ModdleElement) => !asElement(messageRef) || !hasText(messagePath);
  if (retrievals.some(isIncomplete)) breach("CORRELATION_RETRIEVAL_INCOMPLETE", property);
}

function checkSubscription(subscription: ModdleElement, breach: Breach): void {
  const key = asElement(subscription["correlationKeyRef"]);
  if (!key) breach("CORRELATION_SUBSCRIPTION_KEYLESS", subscription);
  const known = elementsOf(key?.["correlationPropertyRef"]);
  for (const binding of elementsOf(subscription["correlationPropertyBinding"])) {
    const property = asElement(binding["correlationPropertyRef"]);
    if (!property || !hasText(binding["dataPath"])) breach("CORRELATION_BINDING_INCOMPLETE", subscription);
    else if (key && !known.includes(property)) breach("CORRELATION_BINDING_FOREIGN", subscription);
  }
}

function hasText(expression: unknown): boolean {
  return textOf(asElement(expression)?.["body"]) !== null;
}
