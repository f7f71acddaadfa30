import type { CompiledExpression } from "../expressions/feel.ts";

/**
 * A process compiled once per definition: checked, immutable, shared by every instance. Elements of sub-processes stand in the
 * same map as those of the process; `parent` tells the scope they belong to.
 */
export interface ProcessModel {
  readonly id: string;
  readonly name: string | null;
  readonly documentation: string | null;
  /** Limit code of the end-to-end clock (`jieli:limit` on the process). */
  readonly limit: string | null;
  readonly elements: ReadonlyMap<string, FlowNode>;
  readonly flows: ReadonlyMap<string, SequenceFlow>;
  /** Elements by scope: key is the process id or a sub-process id. */
  readonly scopes: ReadonlyMap<string, ScopeModel>;
  /** Lane id → name and the elements in it. */
  readonly lanes: readonly LaneModel[];
  /** Processes that call activities name; the host must be able to supply each. */
  readonly calls: readonly string[];
}

export interface ScopeModel {
  readonly id: string;
  readonly nodes: readonly string[];
  /** Start events that begin the scope when it is entered without naming one (none start, else the only start). */
  readonly starts: readonly string[];
  /** Where the scope has no start event: its nodes without incoming flow, which start together (BPMN 2.0 §13.2). */
  readonly implicitStarts: readonly string[];
}

export interface LaneModel {
  readonly id: string;
  readonly name: string | null;
  readonly nodes: readonly string[];
}

export interface SequenceFlow {
  readonly id: string;
  readonly name: string | null;
  readonly source: string;
  readonly target: string;
  readonly condition: CompiledExpression | null;
}

interface NodeBase {
  readonly id: string;
  readonly name: string | null;
  readonly documentation: string | null;
  /** Process id or sub-process id. */
  readonly parent: string;
  readonly incoming: readonly string[];
  readonly outgoing: readonly string[];
  /** Assignments on completion: FEEL value to variable. */
  readonly outputs: readonly Assignment[];
}

export interface Assignment {
  readonly source: CompiledExpression;
  readonly target: string;
}

export type FlowNode = Activity | Gateway | StartEvent | CatchEvent | ThrowEvent | EndEvent | BoundaryEvent;

export interface ActivityBase extends NodeBase {
  readonly step: string;
  readonly at: string | null;
  readonly role: string | null;
  readonly limit: string | null;
  readonly pauses: string | null;
  readonly defaultFlow: string | null;
  readonly multiInstance: MultiInstanceModel | null;
  /** Ids of the boundary events attached to it, in document order. */
  readonly boundary: readonly string[];
}

export type Activity = TaskActivity | SubProcessActivity | CallActivity;
export interface TaskActivity extends ActivityBase {
  readonly kind: "userTask" | "serviceTask" | "businessRuleTask" | "sendTask" | "receiveTask" | "manualTask" | "task";
  readonly form: string | null;
  readonly outcomes: readonly string[];
  readonly resultVariable: string | null;
  /** Job topic of a service, send or business rule task. */
  readonly topic: string | null;
  /** FEEL of a business rule task that the engine evaluates itself. */
  readonly expression: CompiledExpression | null;
  readonly message: MessageModel | null;
}
export interface SubProcessActivity extends ActivityBase {
  readonly kind: "subProcess";
}
export interface CallActivity extends ActivityBase {
  readonly kind: "callActivity";
  readonly calledProcess: string;
  readonly inputs: readonly Assignment[];
}

export interface MultiInstanceModel {
  readonly sequential: boolean;
  readonly cardinality: CompiledExpression | null;
  readonly collection: CompiledExpression | null;
  readonly elementVariable: string | null;
  readonly completionCondition: CompiledExpression | null;
  readonly outputElement: CompiledExpression | null;
  readonly outputCollection: string | null;
}

export interface Gateway extends NodeBase {
  readonly kind: "exclusiveGateway" | "parallelGateway" | "inclusiveGateway" | "eventBasedGateway";
  readonly defaultFlow: string | null;
}

export interface StartEvent extends NodeBase {
  readonly kind: "startEvent";
  readonly definition: EventDefinition | null;
}
export interface CatchEvent extends NodeBase {
  readonly kind: "intermediateCatchEvent";
  readonly definition: EventDefinition;
}
export interface ThrowEvent extends NodeBase {
  readonly kind: "intermediateThrowEvent";
  readonly definition: EventDefinition | null;
}
export interface EndEvent extends NodeBase {
  readonly kind: "endEvent";
  readonly definition: EventDefinition | null;
}
export interface BoundaryEvent extends NodeBase {
  readonly kind: "boundaryEvent";
  readonly attachedTo: string;
  readonly interrupting: boolean;
  readonly definition: EventDefinition;
}

export interface MessageModel {
  readonly id: string;
  readonly name: string;
  readonly correlationKey: CompiledExpression | null;
}

export type EventDefinition =
  | { readonly type: "message"; readonly message: MessageModel }
  | { readonly type: "signal"; readonly name: string }
  | { readonly type: "error"; readonly code: string | null }
  | { readonly type: "escalation"; readonly code: string | null }
  | { readonly type: "terminate" }
  | TimerDefinition;

export type TimerDefinition =
  | {
      readonly type: "timer";
      readonly timer: "date" | "duration" | "cycle";
      readonly value: string | CompiledExpression;
    }
  | { readonly type: "timer"; readonly timer: "clock"; readonly limit: string; readonly fraction: number };
