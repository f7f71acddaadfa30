import type { ProcessModel } from "../model/process-model.ts";
import type { Route } from "../routing/types.ts";
import type { Evaluator } from "./evaluator.ts";

/** All of the outside world that a step may see, so that a run can be replayed and gives the same result. */
export interface StepContext {
  /** ISO 8601 instant, UTC, milliseconds. */
  readonly now: string;
  /** Route of user tasks and limit codes; `null` where the run has no rule packs (a task then has no decision). */
  readonly route: Route | null;
  /** The process that a call activity names; `null` when there is none (an incident). */
  readonly calledProcess: (processId: string, wanted: WantedVersion) => CalledProcess | null;
  readonly evaluator: Evaluator;
  /** Elements that one step may enter; a loop without a wait would never come back. 20,000 where it is not given. */
  readonly budget?: number;
}

/** At the moment of a call the version that its binding asks for; afterwards the very version that was called. */
export type WantedVersion = { readonly binding: "latest" | "deployment" } | { readonly version: string };

export interface CalledProcess {
  readonly model: ProcessModel;
  /** Name of the version, kept in the state as long as the call lasts. */
  readonly version: string;
}
