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

export type ScopeKind = "process" | "subProcess" | "calledProcess" | "multiInstance" | "instance";

/** A variable scope and a place where tokens live: the process, a sub-process, a called process, a multi-instance body or one instance of it. */
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
  readonly at: "ready" | "waiting" | "joining" | "hosting" | "incident";
  readonly incident: IncidentState | null;
}

export interface IncidentState {
  readonly code: string;
  readonly message: string;
  /** Where a retry takes up again: entering the element, its work (a failed job), leaving it, or a join that can never fill. */
  readonly phase: "enter" | "work" | "leave" | "join";
}

/** Something from outside that the instance waits for. `token` is the activity or event it belongs to. */
export type Wait = TaskWait | JobWait | TimerWait | MessageWait | SignalWait;

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
export interface TimerWait extends WaitBase {
  readonly type: "timer";
  /** ISO instant; `null` when an SLA clock decides (see `clock`). */
  readonly due: string | null;
  readonly clock: ClockMoment | null;
  /** Firings left after this one for a cycle: a number, `"unbounded"`, or 0. */
  readonly repeats: number | "unbounded";
  /** ISO duration between firings of a cycle. */
  readonly every: string | null;
}
export interface MessageWait extends WaitBase {
  readonly type: "message";
  readonly name: string;
  readonly correlationKey: string | null;
}
export interface SignalWait extends WaitBase {
  readonly type: "signal";
  readonly name: string;
}

/** A moment on an SLA clock: when the limit ends (`fraction` 1) or a part of it has passed (0.5, 0.8). */
export interface ClockMoment {
  readonly limit: string;
  readonly fraction: number;
}
