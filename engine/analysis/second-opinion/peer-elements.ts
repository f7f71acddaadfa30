import * as elements from "bpmn-elements";

/**
 * The replacement of bpmn-engine's elements that makes it follow the specification in two points (`elements` is its own
 * option): a flow that is not taken tells nobody (its joins would count that as an arrival), and an inclusive gateway collects
 * what comes until its case says that nothing more can come (BPMN 2.0 table 13.3).
 */

/** What we use of an activity of bpmn-elements 17.3.0. */
export interface PeerActivity {
  readonly id: string;
  readonly type: string;
  readonly status?: string;
  readonly parent: { readonly id: string };
  readonly context: unknown;
  /** The sub-process or process around it. */
  readonly parentElement: PeerActivity | null;
  readonly attachedTo: PeerActivity | null;
  readonly inbound: readonly { readonly id: string; readonly sourceId: string; readonly isSequenceFlow?: boolean }[];
  readonly eventDefinitions?: readonly { readonly type: string }[];
  readonly broker: {
    publish(exchange: string, key: string, content: object, properties: { readonly type: string }): void;
    subscribeTmp(exchange: string, pattern: string, onMessage: OnMessage, options: object): void;
    getQueue(name: string): { readonly messageCount: number } | undefined;
    getConsumer(tag: string): unknown;
    cancel(tag: string): void;
  };
  run(content: { readonly inbound: readonly object[] }): void;
}
type OnMessage = (key: string, message: { readonly content: PeerContent }) => void;

/** What we read of the message that tells what an activity does. */
export interface PeerContent {
  readonly id: string;
  readonly executionId: string;
  /** Which of the event's definitions. */
  readonly index?: number;
  readonly parent?: { readonly executionId?: string };
  readonly signal?: { readonly name?: string };
}

interface PeerSequenceFlow {
  readonly id: string;
  readonly sourceId: string;
  readonly targetId: string;
  take(content?: object): boolean;
  discard(content?: object): void;
}

// The types that come with bpmn-elements describe neither its flows as classes nor its gateways as functions.
const SequenceFlow = elements.SequenceFlow as unknown as new (definition: object, context: object) => PeerSequenceFlow;
const ParallelGateway = elements.ParallelGateway as unknown as (definition: object, context: object) => PeerActivity;

export type Take = (flow: PeerSequenceFlow) => void;

/** A token that has come to an inclusive gateway, not yet accepted. */
export interface Arrival {
  readonly content: { readonly id: string };
  readonly ack: () => void;
}

/** What has come to each inclusive gateway of a case, by gateway. */
export type Arrivals = Map<PeerActivity, Arrival[]>;

const handlers = Symbol.for("messageHandlers");

export function peerElements(onTake: Take, arrivals: Arrivals) {
  class TakenFlow extends SequenceFlow {
    override take(content?: object): boolean {
      onTake(this);
      return super.take(content);
    }

    override discard(): void {
      // Not taken: nothing comes of it.
    }
  }

  function InclusiveGateway(definition: object, context: object): PeerActivity {
    // As a parallel gateway its queue hands over all that comes, and not one token at a time.
    const gateway = ParallelGateway(definition, context);
    if (gateway.inbound.length < 2) return gateway;
    arrivals.set(gateway, []);
    const inner = gateway as unknown as Record<symbol, { onInbound: (key: string, arrival: Arrival) => void }>;
    const known = inner[handlers];
    if (!known) throw new Error("bpmn-elements keeps its message handlers elsewhere than version 17.3.0 does");
    known.onInbound = (_key, arrival) => void arrivals.get(gateway)?.push(arrival);
    return gateway;
  }

  return { ...elements, SequenceFlow: TakenFlow, InclusiveGateway };
}

/** Lets the gateway go on with the first token of each flow; what came twice by one flow stays for the next round. */
export function release(gateway: PeerActivity, arrivals: Arrivals): void {
  const first = new Map<string, Arrival>();
  for (const arrival of arrivals.get(gateway) ?? [])
    if (!first.has(arrival.content.id)) first.set(arrival.content.id, arrival);
  arrivals.set(gateway, []);
  for (const arrival of first.values()) arrival.ack();
  // What is left unaccepted goes back to the queue and comes again after this round.
  gateway.broker.cancel("_run-on-inbound");
  gateway.run({ inbound: [...first.values()].map(({ content }) => ({ ...content })) });
}
