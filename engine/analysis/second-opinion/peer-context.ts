import type { EventDefinition, FlowNode, ProcessModel, SequenceFlow } from "../../model/process-model.ts";
import { linkNameOf, linkTarget } from "../../model/links.ts";
import { startGatewayOf } from "../../model/start-triggers.ts";
import { nothingInside } from "../soundness/explore.ts";
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

const questionMark = "\u0001";
const questionOf = (place: string): string => `${questionMark}${place}`;

/** The place that an expression text of the context asks about; `null` for any other text. */
export function placeAsked(text: unknown): string | null {
  return typeof text === "string" && text.startsWith(questionMark) ? text.slice(1) : null;
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

function definition(name: string, behaviour: Readonly<Record<string, unknown>>) {
  return { type: `bpmn:${name}EventDefinition`, behaviour };
}

/** Durations mean nothing where the scenario fires the timers; how often a cycle repeats does. */
function timerOf(event: Extract<EventDefinition, { type: "timer" }>): Readonly<Record<string, unknown>> {
  if (event.timer !== "cycle") return { timeDuration: "PT1H" };
  const times = typeof event.value === "string" ? (/^R(\d*)\//.exec(event.value)?.[1] ?? "") : "";
  return { timeCycle: `R${times}/PT1H` };
}

function loopOf(process: string, node: FlowNode): Readonly<Record<string, unknown>> {
  if (!("multiInstance" in node)) return {};
  const { multiInstance, standardLoop } = node;
  if (multiInstance) {
    const { sequential, completionCondition } = multiInstance;
    const enough = completionCondition ? { completionCondition: questionOf(places.enough(process, node.id)) } : {};
    const loopCardinality = questionOf(places.count(process, node.id));
    return {
      loopCharacteristics: {
        type: "bpmn:MultiInstanceLoopCharacteristics",
        behaviour: { isSequential: sequential, loopCardinality, ...enough },
      },
    };
  }
  if (!standardLoop) return {};
  const { condition, testBefore, maximum } = standardLoop;
  const behaviour = {
    testBefore,
    ...(condition ? { loopCondition: questionOf(places.loop(process, node.id)) } : {}),
    ...(maximum === null ? {} : { loopMaximum: maximum }),
  };
  return { loopCharacteristics: { type: "bpmn:StandardLoopCharacteristics", behaviour } };
}

/** What waits for people or machines is a user task there: it waits, and is told that it is done. */
function typeOf(node: FlowNode, begins: boolean): string {
  switch (node.kind) {
    case "userTask":
    case "serviceTask":
      return "bpmn:UserTask";
    case "sendTask":
      return node.message ? "bpmn:Task" : "bpmn:UserTask";
    case "businessRuleTask":
    case "scriptTask":
      return node.expression ? "bpmn:Task" : "bpmn:UserTask";
    case "receiveTask":
      return begins || !node.message ? "bpmn:Task" : "bpmn:ReceiveTask";
    case "manualTask":
    case "task":
      return "bpmn:Task";
    case "callActivity":
      return "bpmn:SubProcess";
    case "subProcess":
      return {
        embedded: "bpmn:SubProcess",
        event: "bpmn:SubProcess",
        adHoc: "bpmn:AdHocSubProcess",
        transaction: "bpmn:Transaction",
      }[node.variant];
    case "complexGateway":
      return "bpmn:InclusiveGateway";
    case "eventBasedGateway":
      return begins ? "bpmn:ParallelGateway" : "bpmn:EventBasedGateway";
    case "intermediateCatchEvent":
      // A catching link has no event to wait for, and an event that has started the case none any more.
      return begins || node.definitions[0]?.type === "link"
        ? "bpmn:IntermediateThrowEvent"
        : "bpmn:IntermediateCatchEvent";
    case "exclusiveGateway":
    case "parallelGateway":
    case "inclusiveGateway":
    case "startEvent":
    case "intermediateThrowEvent":
    case "boundaryEvent":
    case "endEvent":
      return `bpmn:${node.kind.charAt(0).toUpperCase()}${node.kind.slice(1)}`;
  }
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
    for (const id of node.outgoing) {
      const flow = model.flows.get(id);
      if (flow && isTaken(node, flow)) open.push(flow.target);
    }
    if ("boundary" in node) open.push(...node.boundary);
    if ("compensatedBy" in node && node.compensatedBy !== null) open.push(node.compensatedBy);
    const link = linkNameOf(model, id, "intermediateThrowEvent");
    if (link !== null) open.push(linkTarget(model, scope, link) ?? "");
  }
  return reached;
}
