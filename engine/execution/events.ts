import type { Json, Variables } from "../expressions/json.ts";
import type { RouteDecision, RouteExplanation } from "../routing/types.ts";
import type { ClockMoment } from "./state.ts";

/**
 * What happened in a step, in order. The store writes its projections from these alone, and they are the journal, the
 * history, the live feed and the export. `seq` counts within the instance from 1; `at` is the context's `now` (ISO, UTC).
 * `element` is the BPMN element id (the process id for process events).
 */
export type EngineEvent = { readonly seq: number; readonly at: string; readonly element: string } & EngineEventBody;

export type EngineEventBody =
  | {
      readonly type: "process.started";
      readonly process: string;
      readonly variables: Variables;
      readonly decision: RouteDecision | null;
    }
  | { readonly type: "process.completed" }
  | { readonly type: "process.terminated"; readonly reason: string }
  | { readonly type: "process.cancelled"; readonly reason: string }
  | { readonly type: "process.suspended"; readonly reason: string; readonly cause?: string }
  | { readonly type: "process.resumed" }
  | { readonly type: "process.migrated"; readonly reason: string; readonly elements: Readonly<Record<string, string>> }
  | {
      readonly type: "tokens.moved";
      readonly reason: string;
      readonly cancelled: readonly string[];
      readonly started: readonly string[];
      readonly supplement?: true;
    }
  /** What a return asked for is done, and the case stands again where it was returned from. */
  | { readonly type: "tokens.cameBack"; readonly started: readonly string[] }
  | { readonly type: "element.entered"; readonly token: string; readonly scope: string }
  | { readonly type: "element.completed"; readonly token: string; readonly scope: string }
  | { readonly type: "element.cancelled"; readonly token: string; readonly scope: string }
  /** The route said that this step is not performed for this case. */
  | { readonly type: "element.skipped"; readonly token: string; readonly explanation: RouteExplanation }
  | { readonly type: "flow.taken"; readonly flow: string; readonly source: string; readonly target: string }
  | {
      readonly type: "task.created";
      readonly wait: string;
      readonly name: string | null;
      readonly form: string | null;
      readonly outcomes: readonly string[];
      readonly decision: RouteDecision | null;
    }
  | { readonly type: "task.completed"; readonly wait: string; readonly outcome: string | null }
  | { readonly type: "task.cancelled"; readonly wait: string }
  /** The worker's variables are `variablesAt(state, wait)`. */
  | {
      readonly type: "job.created";
      readonly wait: string;
      readonly topic: string;
      readonly decision: RouteDecision | null;
    }
  | { readonly type: "job.completed"; readonly wait: string }
  | { readonly type: "job.failed"; readonly wait: string; readonly errorCode: string | null; readonly message: string }
  | { readonly type: "job.cancelled"; readonly wait: string }
  /** People may start these activities of an ad-hoc sub-process now. */
  | { readonly type: "adHoc.opened"; readonly wait: string; readonly activities: readonly string[] }
  | { readonly type: "adHoc.closed"; readonly wait: string }
  /** A handler begins to undo `activity`. */
  | { readonly type: "compensation.started"; readonly handler: string }
  /** `due` is null where an SLA clock decides; the host then takes the moment from the clock. */
  | {
      readonly type: "timer.scheduled";
      readonly wait: string;
      readonly due: string | null;
      readonly clock: ClockMoment | null;
    }
  | { readonly type: "timer.fired"; readonly wait: string }
  | { readonly type: "timer.cancelled"; readonly wait: string }
  | {
      readonly type: "subscription.opened";
      readonly wait: string;
      readonly subscription: "message" | "signal" | "condition";
      readonly name: string;
      readonly correlationKey: string | null;
    }
  | {
      readonly type: "subscription.closed";
      readonly wait: string;
      readonly subscription: "message" | "signal" | "condition";
      readonly name: string;
      readonly by: "correlated" | "cancelled";
    }
  /** A throwing event or send: the host delivers it (to other instances, too). */
  | {
      readonly type: "message.thrown";
      readonly name: string;
      readonly correlationKey: string | null;
      readonly variables: Variables;
    }
  | { readonly type: "signal.thrown"; readonly name: string; readonly variables: Variables }
  | { readonly type: "escalation.thrown"; readonly code: string | null; readonly caught: boolean }
  | { readonly type: "error.thrown"; readonly code: string | null; readonly caught: boolean }
  | { readonly type: "variables.changed"; readonly scope: string; readonly variables: Record<string, Json> }
  /** An activity that carries a limit code began or ended; the host keeps the SLA clock. */
  | { readonly type: "limit.started"; readonly token: string; readonly limit: string; readonly decision: RouteDecision }
  | {
      readonly type: "limit.stopped";
      readonly token: string;
      readonly limit: string;
      readonly how: "completed" | "cancelled";
      readonly outcome: string | null;
    }
  /** An activity that holds the case up for a recognised reason began or ended. */
  | { readonly type: "clocks.paused"; readonly token: string; readonly reason: string }
  | { readonly type: "clocks.resumed"; readonly token: string; readonly reason: string }
  | { readonly type: "incident.raised"; readonly token: string; readonly code: string; readonly message: string }
  /** Tried again, settled outside, or gone with the token that was cancelled. */
  | { readonly type: "incident.resolved"; readonly token: string; readonly how: "retried" | "byHand" | "cancelled" };

export type EngineEventType = EngineEventBody["type"];
