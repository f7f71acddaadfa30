import type { Forbiddable } from "../approval/operations.ts";
import type { ApprovalPolicy } from "../approval/policy.ts";
import type { CompiledExpression } from "../expressions/feel.ts";
import type { StepFieldRight } from "../forms/rights.ts";

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
  /** Fields (`request.items`) whose change after a return makes the case walk its way again (`jieli:material`). */
  readonly material: readonly string[];
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
  /** Event sub-processes that wait for their trigger as long as the scope lives; the compensation one is not among them. */
  readonly eventSubProcesses: readonly string[];
  /** Event sub-process that compensates the scope as a whole once it has completed (BPMN 2.0 §10.6.1). */
  readonly compensationHandler: string | null;
  /** Data objects and properties that live and die with the scope. */
  readonly data: readonly string[];
}

export interface LaneModel {
  readonly id: string;
  readonly name: string | null;
  readonly nodes: readonly string[];
}

export interface SequenceFlow {
  readonly id: string;
  readonly name: string | null;
  readonly documentation: string | null;
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

/** A copy of data into or out of an element: the value of `source` becomes the variable `target`. */
export type DataAssociation = Assignment;

/** Data of one activity: variables of its own while it runs, filled by `inputs`, copied outward by `outputs`. */
export interface ActivityData {
  readonly locals: readonly string[];
  readonly inputs: readonly DataAssociation[];
  readonly outputs: readonly DataAssociation[];
}

export interface ActivityBase extends NodeBase {
  readonly step: string;
  readonly at: string | null;
  readonly role: string | null;
  readonly limit: string | null;
  readonly pauses: string | null;
  readonly defaultFlow: string | null;
  readonly multiInstance: MultiInstanceModel | null;
  readonly standardLoop: StandardLoopModel | null;
  readonly data: ActivityData | null;
  /** Runs only to compensate the activity whose compensation boundary event names it. */
  readonly forCompensation: boolean;
  /** Activity that undoes this one; `null` where nothing does. */
  readonly compensatedBy: string | null;
  /** Tokens that must have come before it starts, and tokens it sends on each way out (BPMN 2.0 §10.3.1). */
  readonly startQuantity: number;
  readonly completionQuantity: number;
  /** Ids of the boundary events attached to it, in document order. */
  readonly boundary: readonly string[];
}

export type Activity = TaskActivity | SubProcessActivity | CallActivity;
export interface TaskActivity extends ActivityBase {
  readonly kind:
    "userTask" | "serviceTask" | "businessRuleTask" | "scriptTask" | "sendTask" | "receiveTask" | "manualTask" | "task";
  readonly form: string | null;
  /** Rights on fields that differ from the usual: to write one's own form, to read what was filled in before. */
  readonly fieldRights: readonly StepFieldRight[];
  readonly outcomes: readonly string[];
  readonly signing: SigningRules;
  readonly choices: ChoiceRules;
  /** Fields that this step looks at (`jieli:reviews`): where none of them changed, a return carries its decision over. */
  readonly reviews: readonly string[];
  readonly resultVariable: string | null;
  /** Job topic of a service, send or business rule task. */
  readonly topic: string | null;
  /** FEEL of a business rule or script task, which the engine evaluates itself. */
  readonly expression: CompiledExpression | null;
  readonly message: MessageModel | null;
  /** A receive task whose message starts the process. */
  readonly instantiate: boolean;
}
/** How people sign a user task, as the process draws it; a route may name another policy. */
export interface SigningRules {
  readonly approval: ApprovalPolicy | null;
  /** Operations of `engine/approval/operations.ts` that the step does not allow. */
  readonly forbids: readonly Forbiddable[];
  /** Whether somebody who has approved already is asked again: always, not right after, or not at all. */
  readonly skipRepeated: SkipRepeated;
}
/** What whoever handles a user task chooses by hand, within these bounds. */
export interface ChoiceRules {
  /** Flows out of one exclusive gateway behind the task, any of which may be taken in place of the one that its conditions give. */
  readonly branches: readonly string[];
  /** Later user tasks whose people are named here, among those whom the route lets act there. */
  readonly peopleFor: readonly string[];
  /** Whether people must be named; otherwise the later step may be left to whoever holds its role. */
  readonly peopleRequired: boolean;
}
export const skipRules = ["never", "adjacent", "any"] as const;
export type SkipRepeated = (typeof skipRules)[number];
export interface SubProcessActivity extends ActivityBase {
  readonly kind: "subProcess";
  readonly variant: "embedded" | "event" | "transaction" | "adHoc";
  readonly adHoc: AdHocModel | null;
}
export interface AdHocModel {
  readonly sequential: boolean;
  readonly completionCondition: CompiledExpression | null;
  /** What still runs when the condition comes true is cancelled; otherwise it may finish. */
  readonly cancelRemaining: boolean;
}
export interface CallActivity extends ActivityBase {
  readonly kind: "callActivity";
  readonly calledProcess: string;
  /** Version to call: the newest at the moment of the call, or the one deployed when the case started. */
  readonly binding: "latest" | "deployment";
  readonly inputs: readonly Assignment[];
}

export interface StandardLoopModel {
  readonly condition: CompiledExpression | null;
  readonly testBefore: boolean;
  readonly maximum: number | null;
}

export interface MultiInstanceModel {
  readonly sequential: boolean;
  readonly cardinality: CompiledExpression | null;
  readonly collection: CompiledExpression | null;
  readonly elementVariable: string | null;
  readonly completionCondition: CompiledExpression | null;
  readonly outputElement: CompiledExpression | null;
  readonly outputCollection: string | null;
  /** Events thrown as instances complete: at each one, at the first, or where a condition holds; none for behaviour All. */
  readonly throws: readonly LoopThrow[];
}

export interface LoopThrow {
  readonly when: "first" | "each" | CompiledExpression;
  readonly definitions: readonly EventDefinition[];
}

export interface Gateway extends NodeBase {
  readonly kind: "exclusiveGateway" | "parallelGateway" | "inclusiveGateway" | "eventBasedGateway" | "complexGateway";
  readonly defaultFlow: string | null;
  /** Complex gateway: when it goes on before all have come (BPMN 2.0 §13.4.5). */
  readonly activation: CompiledExpression | null;
  /** Event-based gateway that starts the process: by the first of its events, or by all of them. */
  readonly instantiates: "first" | "all" | null;
}

interface CatchingBase extends NodeBase {
  /** Several are a multiple event: any one is enough, unless `parallel`, when all must happen. */
  readonly definitions: readonly EventDefinition[];
  readonly parallel: boolean;
  /** Where given, what arrives with the event is copied by these alone; otherwise it becomes variables as it is. */
  readonly payload: readonly DataAssociation[];
}
export interface StartEvent extends CatchingBase {
  readonly kind: "startEvent";
  /** Of an event sub-process: whether it ends what else goes on in its scope. */
  readonly interrupting: boolean;
}
export interface CatchEvent extends CatchingBase {
  readonly kind: "intermediateCatchEvent";
}
export interface BoundaryEvent extends CatchingBase {
  readonly kind: "boundaryEvent";
  readonly attachedTo: string;
  readonly interrupting: boolean;
}
interface ThrowingBase extends NodeBase {
  /** Thrown in this order; what ends the path comes last. */
  readonly definitions: readonly EventDefinition[];
  /** Where given, a message carries these alone; otherwise everything the event sees. */
  readonly payload: readonly DataAssociation[];
}
export interface ThrowEvent extends ThrowingBase {
  readonly kind: "intermediateThrowEvent";
}
export interface EndEvent extends ThrowingBase {
  readonly kind: "endEvent";
}

export interface MessageModel {
  readonly id: string;
  readonly name: string;
  /** Key on the sender's side, and on the receiver's; `null` matches by name alone. */
  readonly correlationKey: CompiledExpression | null;
  readonly subscriptionKey: CompiledExpression | null;
}

export type EventDefinition =
  | { readonly type: "message"; readonly message: MessageModel }
  | { readonly type: "signal"; readonly name: string }
  | { readonly type: "error"; readonly code: string | null }
  | { readonly type: "escalation"; readonly code: string | null }
  | { readonly type: "terminate" }
  | { readonly type: "cancel" }
  /** `activity` null compensates everything in the scope that has completed. */
  | { readonly type: "compensation"; readonly activity: string | null; readonly wait: boolean }
  | { readonly type: "link"; readonly name: string }
  | { readonly type: "conditional"; readonly condition: CompiledExpression }
  | TimerDefinition;

export type TimerDefinition =
  | {
      readonly type: "timer";
      readonly timer: "date" | "duration" | "cycle";
      readonly value: string | CompiledExpression;
    }
  | { readonly type: "timer"; readonly timer: "clock"; readonly limit: string; readonly fraction: number };
