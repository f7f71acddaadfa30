import type { EventDefinition, FlowNode, ProcessModel, SequenceFlow } from "../../model/process-model.ts";
import { linkNameOf, linkTarget } from "../../model/links.ts";
import { startGatewayOf } from "../../model/start-triggers.ts";
import { nothingInside } from "../soundness/explore.ts";
import { definition, loopOf, questionOf, timerOf, typeOf } from "./peer-behaviour.ts";
import { places, type Subject } from "./scenario.ts";

/**
 * A process as bpmn-engine reads it, built from our checked model: no script, no `implementation`, no text of the file but
 * ids. Expressions are questions (`questionOf`) that the scenario answers. Called processes stand where they are called, as
 * sub-processes; their ids carry the way to them: `call/element`.
 */
export interface PeerContext {
  readonly definition: PeerElement;
  readonly processes: readonly PeerElement[];
  readonly activities: readonly PeerElement[];
  readonly sequenceFlows: readonly PeerFlow[];
  readonly associations: readonly PeerFlow[];
  readonly dataObjects: readonly never[];
  readonly dataStores: readonly never[];
  readonly messageFlows: readonly never[];
  readonly participants: readonly never[];
}

interface PeerPlace {
  readonly id: string;
  readonly type: string;
}
export interface PeerElement extends PeerPlace {
  readonly name?: string;
  readonly parent?: PeerPlace;
  readonly behaviour: Readonly<Record<string, unknown>>;
}
export interface PeerFlow extends PeerElement {
  readonly sourceId: string;
  readonly targetId: string;
  readonly isDefault?: boolean;
}

/** Calls in calls beyond which a process is taken to call itself. */
const deepestCall = 5;

export class NotTranslatable extends Error {
  override readonly name = "NotTranslatable";
}

/** The element of our model that an id of the context stands for. */
export function ourId(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** Throws `NotTranslatable` for a process that calls itself. */
export function peerContext(subject: Subject, startEvent: string | null): PeerContext {
  return new Translation(subject).context(startEvent);
}

/** Where translated things go: the parent of a scope and the way of calls to it. */
interface At {
  readonly model: ProcessModel;
  readonly scope: string;
  readonly parent: PeerPlace;
  readonly way: string;
  readonly depth: number;
}

/** A scope, and what of it can be reached. */
interface Inside extends At {
  readonly kept: ReadonlySet<string>;
}

const definitionPlace: PeerPlace = { id: "definition", type: "bpmn:Definitions" };

class Translation {
  readonly #subject: Subject;
  readonly #activities: PeerElement[] = [];
  readonly #flows: PeerFlow[] = [];
  readonly #associations: PeerFlow[] = [];
  readonly #roots = new Map<string, PeerElement>();

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  context(startEvent: string | null): PeerContext {
    const { model } = this.#subject;
    const process = { id: `process ${model.id}`, type: "bpmn:Process" };
    this.#scope({ model, scope: model.id, parent: process, way: "", depth: 0 }, startEvent);
    return {
      definition: { ...definitionPlace, behaviour: {} },
      processes: [{ ...process, parent: definitionPlace, behaviour: { isExecutable: true } }],
      activities: [...this.#activities, ...this.#roots.values()],
      sequenceFlows: this.#flows,
      associations: this.#associations,
      dataObjects: [],
      dataStores: [],
      messageFlows: [],
      participants: [],
    };
  }

  /** Only what a case that begins there can come to: whatever nothing leads to, bpmn-engine would start. */
  #scope(at: At, startEvent: string | null): void {
    const { model, scope } = at;
    const content = model.scopes.get(scope);
    const starts = startEvent
      ? [startGatewayOf(model, startEvent)?.id ?? startEvent]
      : [...(content?.starts.slice(0, 1) ?? []), ...(content?.implicitStarts ?? [])];
    const isTaken = (node: FlowNode, flow: SequenceFlow) =>
      startEvent === null || !starts.includes(node.id) || leadsFromStart(node, flow, startEvent);
    const kept = reachedFrom(model, scope, [...starts, ...(content?.eventSubProcesses ?? [])], isTaken);
    const beginnings = new Set([
      startEvent ?? "",
      ...starts.filter((id) => startEvent !== null || isStartEvent(model, id)),
    ]);
    for (const id of kept) {
      const node = model.elements.get(id);
      if (node) this.#node({ ...at, kept }, node, beginnings.has(id));
    }
  }

  #node(at: Inside, node: FlowNode, begins: boolean): void {
    const { parent } = at;
    const id = this.#id(at, node.id);
    const type = typeOf(node, begins);
    this.#activities.push({ id, type, parent, behaviour: this.#behaviour(at, node, begins) });
    for (const flowId of node.outgoing) {
      const flow = at.model.flows.get(flowId);
      if (flow && at.kept.has(flow.target)) this.#flow(at, node, flow);
    }
    this.#link(at, node);
    if (node.kind === "subProcess") this.#scope({ ...at, scope: node.id, parent: { id, type } }, null);
    if (node.kind === "callActivity") this.#call(at, node.calledProcess, id);
    if ("compensatedBy" in node && node.compensatedBy !== null)
      this.#compensation(at, node.boundary, node.compensatedBy);
  }

  #call(at: At, called: string, id: string): void {
    if (at.depth >= deepestCall) throw new NotTranslatable(`calls of ${called} nest more than ${deepestCall} deep`);
    const { model: own, called: others } = this.#subject;
    const model = called === own.id ? own : (others.get(called) ?? nothingInside(called));
    this.#scope(
      { model, scope: model.id, parent: { id, type: "bpmn:SubProcess" }, way: `${id}/`, depth: at.depth + 1 },
      null,
    );
  }

  #flow(at: At, node: FlowNode, flow: SequenceFlow): void {
    const asks = node.kind !== "parallelGateway" && node.kind !== "eventBasedGateway";
    const condition =
      asks && flow.condition ? { conditionExpression: { body: questionOf(places.flow(at.model.id, flow.id)) } } : {};
    this.#flows.push({
      ...this.#between(at, flow.id, flow.source, flow.target),
      type: "bpmn:SequenceFlow",
      isDefault: "defaultFlow" in node && node.defaultFlow === flow.id,
      behaviour: condition,
    });
  }

  /** A link is a flow that is not drawn. */
  #link(at: At, node: FlowNode): void {
    const name = linkNameOf(at.model, node.id, "intermediateThrowEvent");
    const target = name === null ? null : linkTarget(at.model, at.scope, name);
    if (target !== null)
      this.#flows.push({
        ...this.#between(at, `${linkPrefix}${node.id}`, node.id, target),
        type: "bpmn:SequenceFlow",
        behaviour: {},
      });
  }

  #compensation(at: At, boundary: readonly string[], handler: string): void {
    const event = boundary.find((id) => {
      const node = at.model.elements.get(id);
      return node?.kind === "boundaryEvent" && node.definitions.some(({ type }) => type === "compensation");
    });
    if (event === undefined) return;
    this.#associations.push({
      ...this.#between(at, `${event} undo`, event, handler),
      type: "bpmn:Association",
      behaviour: {},
    });
  }

  #between(at: At, id: string, source: string, target: string) {
    return { id: this.#id(at, id), parent: at.parent, sourceId: this.#id(at, source), targetId: this.#id(at, target) };
  }

  #id({ way }: At, id: string): string {
    return `${way}${id}`;
  }

  #behaviour(at: At, node: FlowNode, begins: boolean): Readonly<Record<string, unknown>> {
    const process = at.model.id;
    const events = "definitions" in node && !begins ? node.definitions : [];
    const eventDefinitions = events.filter(({ type }) => type !== "link").map((event) => this.#event(at, node, event));
    return {
      ...(eventDefinitions.length > 0 ? { eventDefinitions } : {}),
      ...(node.kind === "boundaryEvent"
        ? { attachedTo: { id: this.#id(at, node.attachedTo) }, cancelActivity: node.interrupting }
        : {}),
      ...(node.kind === "startEvent" ? { isInterrupting: node.interrupting } : {}),
      ...("forCompensation" in node && node.forCompensation ? { isForCompensation: true } : {}),
      ...(node.kind === "subProcess" && node.variant === "event" ? { triggeredByEvent: true } : {}),
      ...(node.kind === "receiveTask" && node.message && !begins
        ? { messageRef: { id: this.#root("bpmn:Message", node.message.name) } }
        : {}),
      ...loopOf(process, node),
    };
  }

  #event(at: At, node: FlowNode, event: EventDefinition) {
    const throws = node.kind === "intermediateThrowEvent" || node.kind === "endEvent";
    switch (event.type) {
      case "message":
        // A message that the case throws is delivered by the scenario, as by our runtime; nothing inside may catch it at once.
        return definition("Message", {
          messageRef: {
            id: this.#root("bpmn:Message", throws ? `to others: ${event.message.name}` : event.message.name),
          },
        });
      case "signal":
        return definition("Signal", { signalRef: { id: this.#root("bpmn:Signal", event.name) } });
      case "error":
        return definition(
          "Error",
          event.code === null ? {} : { errorRef: { id: this.#root("bpmn:Error", event.code) } },
        );
      case "escalation":
        return definition(
          "Escalation",
          event.code === null ? {} : { escalationRef: { id: this.#root("bpmn:Escalation", event.code) } },
        );
      case "conditional":
        return definition("Conditional", { expression: questionOf(places.event(at.model.id, node.id)) });
      case "timer":
        return definition("Timer", timerOf(event));
      case "compensation":
        return definition("Compensate", {});
      case "terminate":
        return definition("Terminate", {});
      case "cancel":
        return definition("Cancel", {});
      case "link":
        throw new NotTranslatable("a link is no event definition of its own");
    }
  }

  #root(type: string, name: string): string {
    const id = `${type} ${name}`;
    const behaviour = type === "bpmn:Error" ? { errorCode: name } : {};
    this.#roots.set(id, { id, type, name, parent: definitionPlace, behaviour });
    return id;
  }
}

const linkPrefix = "link from ";

/** Flows that the translation has drawn for links: our core knows none there. */
export function isLinkFlow(id: string): boolean {
  return id.startsWith(linkPrefix);
}

function isStartEvent(model: ProcessModel, id: string): boolean {
  return model.elements.get(id)?.kind === "startEvent";
}

/** A gateway that starts the case by the first of its events leads to that one alone. */
function leadsFromStart(node: FlowNode, flow: SequenceFlow, happened: string): boolean {
  return node.kind !== "eventBasedGateway" || node.instantiates === "all" || flow.target === happened;
}

function reachedFrom(
  model: ProcessModel,
  scope: string,
  starts: readonly string[],
  isTaken: (node: FlowNode, flow: SequenceFlow) => boolean,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = model.elements.get(id);
    if (!node || reached.has(id)) continue;
    reached.add(id);
    for (const outgoing of node.outgoing) {
      const flow = model.flows.get(outgoing);
      if (flow && isTaken(node, flow)) open.push(flow.target);
    }
    if ("boundary" in node) open.push(...node.boundary);
    if ("compensatedBy" in node && node.compensatedBy !== null) open.push(node.compensatedBy);
    const link = linkNameOf(model, id, "intermediateThrowEvent");
    if (link !== null) open.push(linkTarget(model, scope, link) ?? "");
  }
  return reached;
}
