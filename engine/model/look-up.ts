/** What leads from where, and what stands inside what: questions that a compiled model answers without doubt. */
import type { Activity, BoundaryEvent, FlowNode, ProcessModel, ScopeModel, SequenceFlow } from "./process-model.ts";

/** Sequence flows that leave the node, in document order. */
export function flowsFrom(model: ProcessModel, node: FlowNode): readonly SequenceFlow[] {
  return node.outgoing.flatMap((id) => model.flows.get(id) ?? []);
}

/** Nodes to which a flow leads from this one. */
export function nodesAfter(model: ProcessModel, node: FlowNode): readonly FlowNode[] {
  return flowsFrom(model, node).flatMap(({ target }) => model.elements.get(target) ?? []);
}

/** Nodes from which a flow leads to this one. */
export function nodesBefore(model: ProcessModel, node: FlowNode): readonly FlowNode[] {
  return node.incoming.flatMap((id) => model.elements.get(model.flows.get(id)?.source ?? "") ?? []);
}

/** Boundary events of the activity, in document order. */
export function boundaryEventsOf(model: ProcessModel, activity: Activity): readonly BoundaryEvent[] {
  return activity.boundary
    .map((id) => model.elements.get(id))
    .filter((node): node is BoundaryEvent => node?.kind === "boundaryEvent");
}

/** True for a sub-process that begins only by its own start event. */
export function isEventSubProcess(node: FlowNode | undefined): boolean {
  return node?.kind === "subProcess" && node.variant === "event";
}

const nothing: Omit<ScopeModel, "id"> = {
  nodes: [],
  starts: [],
  implicitStarts: [],
  eventSubProcesses: [],
  compensationHandler: null,
  data: [],
};

/** What stands in the process or sub-process; nothing in an element that holds nothing. */
export function contentOf(model: ProcessModel, id: string): ScopeModel {
  return model.scopes.get(id) ?? { ...nothing, id };
}
