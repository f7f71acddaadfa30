import type { Json } from "../expressions/json.ts";

/** Status of a process instance. `suspended` refuses every command but `resume`, `cancel` and `setVariables`. */
export type InstanceStatus = "running" | "suspended" | "completed" | "terminated" | "cancelled";

/**
 * The whole of a running instance as plain JSON. It holds no copy of the model: `process` names it, and every scope that a
 * call activity opened names its own. Ids are small and unique within the instance (`t7`, `s2`, `w9`), drawn from `counter`.
 */
export interface InstanceState {
  readonly schema: 1;
  readonly process: string;
  readonly status: InstanceStatus;
  readonly counter: number;
  /** Number of the last event; events of an instance are numbered from 1 without gaps. */
  readonly seq: number;
  readonly scopes: Readonly<Record<string, Scope>>;
  readonly tokens: Readonly<Record<string, Token>>;
  readonly waits: Readonly<Record<string, Wait>>;
}

export type ScopeKind = "process" | "subProcess" | "calledProcess" | "multiInstance" | "instance" | "compensation";

/**
 * A variable scope and a place where tokens live: the process, a sub-process, a called process, a multi-instance body, one
 * instance of an activity that loops or has data of its own, or the undoing of one completed activity.
 */
export interface Scope {
  readonly id: string;
  readonly kind: ScopeKind;
  /** Element that opened the scope; the process id for the root. */
  readonly element: string;
  /** Process whose model holds the elements in this scope. */
  readonly process: string;
  readonly parent: string | null;
  /** Token of the parent scope that waits for this scope to end; `null` for the root. */
  readonly host: string | null;
  readonly variables: Readonly<Record<string, Json>>;
  readonly multiInstance: MultiInstanceProgress | null;
  /** Version of the called process whose model holds the elements: of a called process, and of an undoing inside one that has ended. */
  readonly version?: string;
  /** What has completed here and can still be undone, in the order of completion. */
  readonly completed?: readonly CompletedActivity[];
  /** Complex gateways that have gone on early and wait for the rest: the flows whose tokens they took then. */
  readonly resetting?: Readonly<Record<string, readonly string[]>>;
  /** What is still to be undone after this. */
  readonly undoing?: Undoing;
}

/** An activity that completed and can be compensated, with the data that its handler will see (BPMN 2.0 §13.5.5). */
export interface CompletedActivity {
  readonly element: string;
  readonly variables: Readonly<Record<string, Json>>;
  /** What completed inside a sub-process or a called process. */
  readonly inner: readonly CompletedActivity[];
  /** The called process in which it completed; left out where it stands in the process of what is around it. */
  readonly called?: CalledVersion;
}

export interface CalledVersion {
  readonly process: string;
  readonly version: string;
}

export interface Undoing {
  readonly remaining: readonly UndoItem[];
  /** The event that asked for it has gone on without waiting. */
  readonly detached: boolean;
}

export interface UndoItem {
  readonly handler: string;
  readonly variables: Readonly<Record<string, Json>>;
  readonly inner: readonly CompletedActivity[];
  /** The called process whose model holds the handler, where that is another than the one of the scope to undo. */
  readonly called?: CalledVersion;
}

export interface MultiInstanceProgress {
  readonly total: number;
  readonly started: number;
  readonly completed: number;
  readonly terminated: number;
  readonly items: readonly Json[] | null;
  readonly outputs: readonly Json[] | null;
}

export interface Token {
  readonly id: string;
  readonly element: string;
  readonly scope: string;
  /** Sequence flow it came by; `null` at a start. */
  readonly via: string | null;
  /** `armed`: an event sub-process waits for its trigger; such a token does not keep its scope alive. */
  readonly at: "ready" | "waiting" | "joining" | "hosting" | "armed" | "incident";
  readonly incident: IncidentState | null;
  /** Boundary events of its activity that have happened and wait no more; a migration must not arm them again. */
  readonly spent?: readonly string[];
  /** Flow that somebody chose for the exclusive gateway to which the token comes next. */
  readonly branch?: string;
}

export interface IncidentState {
  readonly code: string;
  readonly message: string;
  /**
   * Where a retry takes up again: before the element, entering it, its work (a failed job), leaving it, a join that can never fill,
   * arming an event sub-process, or looking at a condition.
   */
  readonly phase: "arrive" | "enter" | "work" | "leave" | "join" | "arm" | "condition";
}

/** Something from outside that the instance waits for. `token` is the activity or event it belongs to. */
export type Wait = TaskWait | JobWait | AdHocWait | EventWait;
/** What a catching event waits for. */
export type EventWait = TimerWait | MessageWait | SignalWait | ConditionWait;

interface WaitBase {
  readonly id: string;
  readonly token: string;
  /** The element that reacts: the task itself, or a boundary or catching event. */
  readonly element: string;
}
export interface TaskWait extends WaitBase {
  readonly type: "task";
}
export interface JobWait extends WaitBase {
  readonly type: "job";
  readonly topic: string;
}
/** An ad-hoc sub-process: people choose what to start, and when it is done. */
export interface AdHocWait extends WaitBase {
  readonly type: "adHoc";
}
interface EventWaitBase extends WaitBase {
  /** Which of the event's definitions, counted from 0. */
  readonly definition: number;
}
export interface TimerWait extends EventWaitBase {
  readonly type: "timer";
  /** ISO instant; `null` when an SLA clock decides (see `clock`). */
  readonly due: string | null;
  readonly clock: ClockMoment | null;
  /** Firings left after this one for a cycle: a number, `"unbounded"`, or 0. */
  readonly repeats: number | "unbounded";
  /** ISO duration between firings of a cycle, or cron text. */
  readonly every: string | null;
  /** A cycle does not fire after this instant. */
  readonly until?: string;
}
export interface MessageWait extends EventWaitBase {
  readonly type: "message";
  readonly name: string;
  readonly correlationKey: string | null;
}
export interface SignalWait extends EventWaitBase {
  readonly type: "signal";
  readonly name: string;
}
export interface ConditionWait extends EventWaitBase {
  readonly type: "condition";
  /** Whether it held when it was last looked at: the event happens when it becomes true. */
  readonly met: boolean;
}

/** A moment on an SLA clock: when the limit ends (`fraction` 1) or a part of it has passed (0.5, 0.8). */
export interface ClockMoment {
  readonly limit: string;
  readonly fraction: number;
}
