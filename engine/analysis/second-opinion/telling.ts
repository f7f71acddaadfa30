import type { EventDefinition, FlowNode } from "../../model/process-model.ts";
import { modelsOf } from "./recording.ts";
import type { Subject } from "./scenario.ts";

/** An end event with one of these may take away the very scope in which it stands. */
const leaving: ReadonlySet<EventDefinition["type"]> = new Set(["error", "cancel", "escalation"]);

/**
 * What two engines can be compared by. Left out on both sides is what the specification leaves to each: when an activity that
 * runs several times, or an end event that may end its own scope, counts as completed (the flows tell what came of it); which flows
 * of an event-based gateway hold a token while it waits; and what listens beside the work, which is told when it happens.
 */
export class Telling {
  readonly #nodes: ReadonlyMap<string, FlowNode>;
  readonly #ofEventGateways: ReadonlySet<string>;

  constructor(subject: Subject) {
    const models = modelsOf(subject);
    this.#nodes = new Map(models.flatMap((model) => [...model.elements]));
    const gateways = [...this.#nodes.values()].filter(({ kind }) => kind === "eventBasedGateway");
    this.#ofEventGateways = new Set(gateways.flatMap(({ outgoing }) => outgoing));
  }

  completed(elements: readonly string[]): readonly string[] {
    return elements.filter((id) => !this.#isNotTold(id)).sort();
  }

  taken(flows: readonly string[]): readonly string[] {
    return flows.filter((id) => !this.#ofEventGateways.has(id)).sort();
  }

  open(elements: readonly string[]): readonly string[] {
    return elements.filter((id) => !this.#listensBeside(id)).sort();
  }

  #isNotTold(id: string): boolean {
    const node = this.#nodes.get(id);
    if (node && "multiInstance" in node)
      return node.multiInstance !== null || node.standardLoop !== null || node.data !== null;
    return node?.kind === "endEvent" && node.definitions.some(({ type }) => leaving.has(type));
  }

  #listensBeside(id: string): boolean {
    const node = this.#nodes.get(id);
    if (node?.kind === "boundaryEvent") return !node.interrupting;
    return node?.kind === "startEvent";
  }
}
