import type { FlowNode, ScopeModel, SequenceFlow } from "./process-model.ts";

export interface ScopeContents {
  readonly id: string;
  readonly nodes: readonly string[];
  readonly data: readonly string[];
}

/** The nodes with their flows, boundary events and compensation handlers, each in document order. */
export function connected(
  elements: ReadonlyMap<string, FlowNode>,
  flows: ReadonlyMap<string, SequenceFlow>,
  handlers: ReadonlyMap<string, string>,
): ReadonlyMap<string, FlowNode> {
  const incoming = groupBy(flows.values(), (flow) => flow.target);
  const outgoing = groupBy(flows.values(), (flow) => flow.source);
  const boundary = groupBy(elements.values(), (node) => (node.kind === "boundaryEvent" ? node.attachedTo : ""));
  return new Map(
    [...elements].map(([id, node]): [string, FlowNode] => {
      const flowing = { ...node, incoming: idsOf(incoming.get(id)), outgoing: idsOf(outgoing.get(id)) };
      if (!("boundary" in flowing)) return [id, flowing];
      const attached = idsOf(boundary.get(id));
      const handler = attached.map((event) => handlers.get(event)).find((found) => found !== undefined);
      return [id, { ...flowing, boundary: attached, compensatedBy: handler ?? null }];
    }),
  );
}

export function scopeModel({ id, nodes, data }: ScopeContents, elements: ReadonlyMap<string, FlowNode>): ScopeModel {
  const members = nodes.map((node) => elements.get(node)).filter((node) => node !== undefined);
  const startEvents = members.filter((node) => node.kind === "startEvent");
  const none = startEvents.filter((node) => node.definitions.length === 0);
  const reacting = members.filter((node) => node.kind === "subProcess" && node.variant === "event");
  const compensating = reacting.filter((node) => startsByCompensation(node.id, elements));
  return {
    id,
    nodes,
    data,
    starts: idsOf(none.length > 0 ? none : startEvents),
    implicitStarts: startEvents.length > 0 ? [] : idsOf(members.filter(startsByItself)),
    eventSubProcesses: idsOf(reacting.filter((node) => !compensating.includes(node))),
    compensationHandler: compensating[0]?.id ?? null,
  };
}

function startsByItself(node: FlowNode): boolean {
  if (node.incoming.length > 0 || node.kind === "boundaryEvent") return false;
  if ("forCompensation" in node && node.forCompensation) return false;
  if (node.kind === "intermediateCatchEvent") return node.definitions[0]?.type !== "link";
  return node.kind !== "subProcess" || node.variant !== "event";
}

function startsByCompensation(subProcess: string, elements: ReadonlyMap<string, FlowNode>): boolean {
  return [...elements.values()].some(
    (node) =>
      node.kind === "startEvent" &&
      node.parent === subProcess &&
      node.definitions.some(({ type }) => type === "compensation"),
  );
}

function idsOf(items: readonly { id: string }[] | undefined): readonly string[] {
  return (items ?? []).map(({ id }) => id);
}

function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
