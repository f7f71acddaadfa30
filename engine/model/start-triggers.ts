import type { EventDefinition, Gateway, ProcessModel } from "./process-model.ts";

/** Something outside that starts an instance: the host subscribes to it as long as the definition is in force. */
export interface StartTrigger {
  /** Start event, instantiating receive task, or event behind an instantiating gateway: what `start` is told. */
  readonly element: string;
  readonly definition: EventDefinition;
}

/** Everything that starts an instance of the process by itself: messages, signals, timers, conditions. */
export function startTriggers(model: ProcessModel): readonly StartTrigger[] {
  const nodes = (model.scopes.get(model.id)?.nodes ?? []).map((id) => model.elements.get(id));
  return nodes.flatMap((node): readonly StartTrigger[] => {
    if (node?.kind === "startEvent") return eventTriggers(node);
    if (node?.kind === "receiveTask" && node.instantiate && node.message)
      return [{ element: node.id, definition: { type: "message", message: node.message } }];
    if (node?.kind === "intermediateCatchEvent" && startGatewayOf(model, node.id)) return eventTriggers(node);
    if (node?.kind === "receiveTask" && node.message && startGatewayOf(model, node.id))
      return [{ element: node.id, definition: { type: "message", message: node.message } }];
    return [];
  });
}

/** A parallel multiple start event is started by its first event; the instance then waits for the others. */
function eventTriggers(node: {
  readonly id: string;
  readonly definitions: readonly EventDefinition[];
  readonly parallel: boolean;
}): readonly StartTrigger[] {
  const starting = node.parallel ? node.definitions.slice(0, 1) : node.definitions;
  return starting.map((definition) => ({ element: node.id, definition }));
}

/** The instantiating event-based gateway that leads to the event; `null` when there is none. */
export function startGatewayOf(model: ProcessModel, event: string): Gateway | null {
  for (const flow of model.elements.get(event)?.incoming ?? []) {
    const source = model.elements.get(model.flows.get(flow)?.source ?? "");
    if (source?.kind === "eventBasedGateway" && source.instantiates !== null && source.incoming.length === 0)
      return source;
  }
  return null;
}
