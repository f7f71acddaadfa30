import type { CompiledExpression } from "../expressions/feel.ts";
import { compileOptional, formalExpression, type DefinitionsIndex } from "./compile-parts.ts";
import { asElement, elementsOf, textOf, type ModdleElement } from "./moddle-element.ts";
import { breachOf } from "./rules/rule-table.ts";
import type { MessageModel } from "./process-model.ts";

/** Message of an event or task: the one it names, else the one of the message flow that ends or begins at it. */
export function messageOf(
  reference: unknown,
  owner: ModdleElement,
  index: DefinitionsIndex,
  required: boolean,
): MessageModel | null {
  const message = asElement(reference);
  if (message?.id) {
    return { id: message.id, name: textOf(message["name"]) ?? message.id, ...keysOf(message, index) };
  }
  const flow = index.messageFlows.get(owner.id ?? "");
  if (flow) return messageOfFlow(flow, index);
  if (required) {
    index.report(breachOf("MESSAGE_MISSING", owner.id ?? null));
  }
  return null;
}

function messageOfFlow(flow: ModdleElement, index: DefinitionsIndex): MessageModel {
  const message = asElement(flow["messageRef"]);
  const id = message?.id ?? flow.id ?? "";
  const name = textOf(message?.["name"]) ?? textOf(flow["name"]) ?? id;
  return { id, name, ...(message ? keysOf(message, index) : { correlationKey: null, subscriptionKey: null }) };
}

/**
 * What tells which conversation a message belongs to. Written as `jieli:correlationKey`, one expression serves both sides.
 * Written as the specification has it (§8.4.2), the sender's key is the message path of each correlation property, the
 * receiver's the data path that its process subscribes with.
 */
function keysOf(message: ModdleElement, index: DefinitionsIndex) {
  const own = compileOptional(textOf(message["correlationKey"]), message, index.report);
  if (own) return { correlationKey: own, subscriptionKey: own };
  const properties = index.correlationProperties.flatMap((property) => {
    const retrieval = elementsOf(property["correlationPropertyRetrievalExpression"]).find(
      (candidate) => asElement(candidate["messageRef"])?.id === message.id,
    );
    const path = retrieval ? formalExpression(retrieval["messagePath"], property, index.report) : null;
    return path && property.id ? [{ id: property.id, path }] : [];
  });
  const data = properties.map(({ id, path }) => index.correlationBindings.get(id) ?? path);
  return {
    correlationKey: together(
      properties.map(({ path }) => path),
      message,
      index,
    ),
    subscriptionKey: together(data, message, index),
  };
}

function together(
  parts: readonly CompiledExpression[],
  owner: ModdleElement,
  { report }: DefinitionsIndex,
): CompiledExpression | null {
  const [only, second] = parts;
  if (!only) return null;
  return second ? compileOptional(`[${parts.map(({ source }) => source).join(", ")}]`, owner, report) : only;
}
