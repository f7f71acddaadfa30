import type { MigrationPlan } from "../../execution/commands.ts";
import type { FlowNode, ProcessModel } from "../../model/process-model.ts";

/**
 * Proposes where each element of the old version goes in the new one: the same id; else the only element of its kind with the
 * same name; else the only new one of its kind between the same neighbours. What finds no place is left out, and the check
 * of each case tells whether anything stands there.
 */
export function proposeMigration(from: ProcessModel, to: ProcessModel): MigrationPlan {
  const elements = new Map<string, string>();
  const taken = new Set<string>();
  const keep = (old: FlowNode, found: FlowNode | undefined): void => {
    if (!found || taken.has(found.id)) return;
    elements.set(old.id, found.id);
    taken.add(found.id);
  };
  const open = () => [...from.elements.values()].filter(({ id }) => !elements.has(id));
  const free = (old: FlowNode) =>
    [...to.elements.values()].filter((node) => node.kind === old.kind && !taken.has(node.id));
  for (const old of open()) keep(old, sameId(old, to));
  for (const old of open()) keep(old, only(free(old).filter(({ name }) => name !== null && name === old.name)));
  for (const old of open()) keep(old, only(free(old).filter((node) => sameNeighbours(old, node, from, to, elements))));
  return {
    elements: Object.fromEntries([...elements].filter(([old, found]) => old !== found)),
    flows: Object.fromEntries(flowsBetween(from, to, elements)),
  };
}

function sameId(old: FlowNode, to: ProcessModel): FlowNode | undefined {
  const node = to.elements.get(old.id);
  return node?.kind === old.kind ? node : undefined;
}

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}

function sameNeighbours(
  old: FlowNode,
  node: FlowNode,
  from: ProcessModel,
  to: ProcessModel,
  elements: ReadonlyMap<string, string>,
): boolean {
  const mapped = (ids: readonly string[]) =>
    ids
      .map((id) => elements.get(id) ?? "?")
      .sort()
      .join(" ");
  const sources = (model: ProcessModel, { incoming }: FlowNode) =>
    incoming.map((flow) => model.flows.get(flow)?.source ?? "");
  const targets = (model: ProcessModel, { outgoing }: FlowNode) =>
    outgoing.map((flow) => model.flows.get(flow)?.target ?? "");
  return (
    mapped(sources(from, old)) === [...sources(to, node)].sort().join(" ") &&
    mapped(targets(from, old)) === [...targets(to, node)].sort().join(" ")
  );
}

/** Flows that have another id in the new version but lead from and to the same elements. */
function flowsBetween(
  from: ProcessModel,
  to: ProcessModel,
  elements: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  return [...from.flows.values()].flatMap((old) => {
    if (to.flows.has(old.id)) return [];
    const found = only(
      [...to.flows.values()].filter(
        (flow) => flow.source === elements.get(old.source) && flow.target === elements.get(old.target),
      ),
    );
    return found ? [[old.id, found.id] as const] : [];
  });
}
