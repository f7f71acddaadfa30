import type { ProcessModel } from "./process-model.ts";

/** Catching link event of that name in the scope; `null` when there is none. A link works within one scope (BPMN 2.0 §10.5.5). */
export function linkTarget(model: ProcessModel, scope: string, name: string): string | null {
  const found = model.scopes.get(scope)?.nodes.find((id) => linkNameOf(model, id, "intermediateCatchEvent") === name);
  return found ?? null;
}

/** Throwing link events that lead to this catching one. */
export function linkSources(model: ProcessModel, scope: string, name: string): readonly string[] {
  const nodes = model.scopes.get(scope)?.nodes ?? [];
  return nodes.filter((id) => linkNameOf(model, id, "intermediateThrowEvent") === name);
}

/** Name of the link that `id` catches or throws; `null` when it is no such event. */
export function linkNameOf(
  model: ProcessModel,
  id: string,
  kind: "intermediateCatchEvent" | "intermediateThrowEvent",
): string | null {
  const node = model.elements.get(id);
  if (node?.kind !== kind) return null;
  const link = node.definitions.find((definition) => definition.type === "link");
  return link?.type === "link" ? link.name : null;
}
