import type { FlowNode, ProcessModel } from "../../model/process-model.ts";

/** Names that some expression may still read, from each element on. */
export type Liveness = (element: string) => ReadonlySet<string>;

/**
 * Which outcome variables still matter once a token stands at an element: one that every way on writes before it reads it
 * does not, and situations that differ in it alone are the same. Any other data are unknown anyway.
 */
export function livenessOf(models: readonly ProcessModel[]): Liveness {
  const nodes = new Map(
    models.flatMap((model) => [...model.elements.values()].map((node) => [node.id, { model, node }])),
  );
  const names = new Set([...nodes.values()].flatMap(({ node }) => writtenBy(node)));
  const live = new Map<string, ReadonlySet<string>>([...nodes.keys()].map((id) => [id, new Set<string>()]));
  for (let changed = true; changed;) {
    changed = false;
    for (const [id, { model, node }] of nodes) {
      const after = followers(model, node).flatMap((next) => [...(live.get(next) ?? [])]);
      const written = writtenBy(node);
      const read = readBy(model, node, names);
      const now = new Set([...after, ...read].filter((name) => !written.includes(name) || readOnEntry(node, name)));
      if (now.size !== live.get(id)?.size) changed = true;
      live.set(id, now);
    }
  }
  return (element) => live.get(element) ?? new Set();
}

/** The variable that a task's outcome goes to. */
function writtenBy(node: FlowNode): readonly string[] {
  return node.kind === "userTask" && node.outcomes.length > 0 ? [node.resultVariable ?? "outcome"] : [];
}

/** What is read before the task writes its outcome: how often it runs. */
function readOnEntry(node: FlowNode, name: string): boolean {
  return "multiInstance" in node && node.multiInstance !== null && JSON.stringify(node.multiInstance).includes(name);
}

/** Names that occur in any expression of the element or on its ways out. */
function readBy(model: ProcessModel, node: FlowNode, names: ReadonlySet<string>): readonly string[] {
  const conditions = node.outgoing.map((flow) => model.flows.get(flow)?.condition?.source ?? "");
  // A call without mapping hands everything on.
  if (node.kind === "callActivity") return [...names];
  const text = [JSON.stringify(node), ...conditions].join(" ");
  return [...names].filter((name) => text.includes(name) && !onlyNames(node, text, name));
}

/** The result variable itself stands in a task's own description, which reads nothing. */
function onlyNames(node: FlowNode, text: string, name: string): boolean {
  return node.kind === "userTask" && node.resultVariable === name && text.split(name).length === 2;
}

function followers(model: ProcessModel, node: FlowNode): readonly string[] {
  const targets = node.outgoing.flatMap((flow) => model.flows.get(flow)?.target ?? []);
  const inside = node.kind === "subProcess" ? (model.scopes.get(node.id)?.nodes ?? []) : [];
  const around = model.elements.has(node.parent) ? [node.parent] : [];
  const beside = model.scopes.get(node.parent)?.eventSubProcesses ?? [];
  const boundary = "boundary" in node ? node.boundary : [];
  // A sub-process goes on after what is inside it, so its own ways out count for its contents.
  return [...targets, ...boundary, ...inside, ...(node.outgoing.length === 0 ? around : []), ...beside];
}
