import type { ProcessModel } from "../model/process-model.ts";
import type { Route } from "../routing/types.ts";

/** All of the outside world that a step may see, so that a run can be replayed and gives the same result. */
export interface StepContext {
  /** ISO 8601 instant, UTC, milliseconds. */
  readonly now: string;
  /** Route of user tasks and limit codes; `null` where the run has no rule packs (a task then has no decision). */
  readonly route: Route | null;
  /** Model of a process that a call activity names; `null` when there is none (an incident). */
  readonly calledProcess: (processId: string) => ProcessModel | null;
}
