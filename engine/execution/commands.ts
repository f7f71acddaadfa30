import type { Scope } from "./state.ts";
import type { Variables } from "../expressions/json.ts";

/** Everything that can be asked of an instance. A command that does not fit the state is refused and changes nothing. */
export type Command =
  | { readonly type: "start"; readonly startEvent: string | null; readonly variables: Variables }
  | {
      readonly type: "completeTask";
      readonly wait: string;
      readonly outcome: string | null;
      readonly variables: Variables;
      /** Flow that the gateway behind the task is to take, whatever its conditions say; one of the task's `branches`. */
      readonly branch?: string;
    }
  | { readonly type: "completeJob"; readonly wait: string; readonly variables: Variables }
  /** `errorCode` given: a BPMN error for a boundary event to catch. Not given: a technical failure, an incident. */
  | {
      readonly type: "failJob";
      readonly wait: string;
      readonly errorCode: string | null;
      readonly message: string;
      readonly variables: Variables;
    }
  | { readonly type: "fireTimer"; readonly wait: string }
  /** `wait` narrows to one subscription; otherwise the first that matches name and key. */
  | {
      readonly type: "correlateMessage";
      readonly name: string;
      readonly correlationKey: string | null;
      readonly wait: string | null;
      readonly variables: Variables;
    }
  | { readonly type: "broadcastSignal"; readonly name: string; readonly variables: Variables }
  /** A BPMN error thrown by whoever works on a task or job. */
  | { readonly type: "throwError"; readonly wait: string; readonly errorCode: string; readonly variables: Variables }
  | { readonly type: "setVariables"; readonly scope: string | null; readonly variables: Variables }
  /** Begins an inner activity of an ad-hoc sub-process. */
  | {
      readonly type: "startActivity";
      readonly wait: string;
      readonly element: string;
      readonly variables: Variables;
    }
  /** Says that an ad-hoc sub-process is done. */
  | { readonly type: "completeAdHoc"; readonly wait: string }
  | { readonly type: "retryIncident"; readonly token: string }
  /** Settled by hand: the case goes on as if the element had done its work. */
  | { readonly type: "resolveIncident"; readonly token: string; readonly variables: Variables }
  /**
   * Completes the step that a return asked for, and leads the case straight back to where it was returned from, past the steps in
   * between: no flow is taken.
   */
  | {
      readonly type: "comeBack";
      readonly wait: string;
      readonly outcome: string | null;
      readonly variables: Variables;
      readonly start: readonly Resumption[];
    }
  /** Takes tokens away and puts others before elements, so a case can return to an earlier step. */
  | {
      readonly type: "moveTokens";
      readonly cancel: readonly string[];
      readonly start: readonly (StartBefore & Pick<Resumption, "held">)[];
      readonly reason: string;
      /** The applicant is to supplement the application: what was left goes on by the rule for supplements. */
      readonly supplement?: true;
      /** Data of the case that change with it, as what a decision had left that falls. */
      readonly variables?: Variables;
    }
  /** Goes on with another version: `step` is given the new model with the old state. */
  | {
      readonly type: "migrate";
      readonly plan: MigrationPlan;
      readonly reason: string;
    }
  | {
      readonly type: "suspend";
      readonly reason: string;
      /** For which reason of the rule packs the clocks rest, `suspended` where none is given. */
      readonly cause?: string;
    }
  | { readonly type: "resume" }
  | { readonly type: "cancel"; readonly reason: string };

export interface StartBefore {
  readonly element: string;
  /** Scope instance; `null` finds the one that is active or opens it. */
  readonly scope: string | null;
}

/** A place that the case had left and takes again. */
export interface Resumption extends StartBefore {
  /** The flow by which a token had come to a join; `null` where the element begins anew. */
  readonly via: string | null;
  /** What had been begun inside the element, the outermost scope first; left out where it begins anew as a whole. */
  readonly held?: readonly HeldScope[];
}

/** A scope that an activity hosted when the case left it: with its data, its counters, and the places that were taken in it. */
export interface HeldScope {
  readonly scope: Scope;
  readonly places: readonly Resumption[];
  /** Data that a called process had been given and not changed: it is given them anew, as its caller has them then. */
  readonly given: readonly string[];
}

/** Where each element that holds tokens or waits goes in the new version; elements that are not named keep their id. */
export interface MigrationPlan {
  readonly elements: Readonly<Record<string, string>>;
  readonly flows: Readonly<Record<string, string>>;
}

export type CommandType = Command["type"];
