import type { Variables } from "../expressions/json.ts";

/** Everything that can be asked of an instance. A command that does not fit the state is refused and changes nothing. */
export type Command =
  | { readonly type: "start"; readonly startEvent: string | null; readonly variables: Variables }
  | {
      readonly type: "completeTask";
      readonly wait: string;
      readonly outcome: string | null;
      readonly variables: Variables;
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
  | { readonly type: "retryIncident"; readonly token: string }
  | { readonly type: "suspend"; readonly reason: string }
  | { readonly type: "resume" }
  | { readonly type: "cancel"; readonly reason: string };

export type CommandType = Command["type"];
