import { linkTarget } from "./links.ts";
import type { EventDefinition, FlowNode, ProcessModel } from "./process-model.ts";

/**
 * These elements and everything to which a path leads from them: by flows, links, boundary events and into sub-processes.
 * Paths through `without` do not count.
 */
export function reachableFrom(
  model: ProcessModel,
  from: readonly string[],
  without: string | null = null,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = model.elements.get(id);
    if (!node || reached.has(id) || id === without) continue;
    reached.add(id);
    open.push(...followersOf(model, node));
  }
  return reached;
}

/** Where a scope can begin: its starts, every other start event, its event sub-processes. */
export function entriesOf(model: ProcessModel, id: string): string[] {
  const scope = model.scopes.get(id);
  if (!scope) return [];
  const startEvents = scope.nodes.filter((node) => model.elements.get(node)?.kind === "startEvent");
  const compensating = scope.compensationHandler === null ? [] : [scope.compensationHandler];
  return [...startEvents, ...scope.implicitStarts, ...scope.eventSubProcesses, ...compensating];
}

function followersOf(model: ProcessModel, node: FlowNode): readonly string[] {
  const targets = node.outgoing.flatMap((flow) => model.flows.get(flow)?.target ?? []);
  const links = "definitions" in node ? node.definitions.flatMap((thrown) => linkTargets(model, node, thrown)) : [];
  if (!("boundary" in node)) return [...targets, ...links];
  const handler = node.compensatedBy === null ? [] : [node.compensatedBy];
  return [...targets, ...node.boundary, ...handler, ...(node.kind === "subProcess" ? entriesOf(model, node.id) : [])];
}

function linkTargets(model: ProcessModel, from: FlowNode, thrown: EventDefinition): readonly string[] {
  if (from.kind !== "intermediateThrowEvent" || thrown.type !== "link") return [];
  const target = linkTarget(model, from.parent, thrown.name);
  return target === null ? [] : [target];
}
