import type { CaseClock } from "../../calendar/case-clocks.ts";
import type { WorkingDayCalendar } from "../../calendar/working-days.ts";
import type { Resumption } from "../../execution/commands.ts";
import type { StepContext } from "../../execution/context.ts";
import type { InstanceState } from "../../execution/state.ts";
import type { Variables } from "../../expressions/json.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import type { Route } from "../../routing/types.ts";

/** A job that the case comes to, with the variables that it sees and the ISO instant at which it is done. */
export interface AskedJob {
  readonly topic: string;
  readonly variables: Variables;
  readonly now: string;
}

/** What a job would give back, and what else it might give; `null` where nothing else is possible. */
export interface JobAnswer {
  readonly variables: Variables;
  readonly otherwise: Variables | null;
}

/** A case that is imagined, with everything that its run would ask about. */
export interface ImaginedCase {
  readonly model: ProcessModel;
  readonly called: ReadonlyMap<string, ProcessModel>;
  readonly route: Route;
  readonly calendarOf: (region: string) => WorkingDayCalendar;
  readonly variables: Variables;
  /** What a good answer from outside brings, by the message's name; a message that is not named brings nothing. */
  readonly answers: Readonly<Record<string, Variables>>;
  /**
   * What a job gives back to the case, as far as it can be known beforehand; `null` where only its work will tell. Without this a
   * job gives nothing.
   */
  readonly jobAnswer?: (job: AskedJob) => JobAnswer | null;
  /** ISO instant at which it would start, or from which it goes on. */
  readonly now: string;
  /** A case that runs already and goes on from here. */
  readonly from?: RunningCase;
}

/** Where a case stands, for a walk that goes on with it. */
export interface RunningCase {
  readonly state: InstanceState;
  readonly clocks: readonly CaseClock[];
  readonly calledProcess: StepContext["calledProcess"];
  /** Places to which a task that a return asked for leads straight back when it is completed so; `null` where it goes on as drawn. */
  readonly leadsBack: (wait: string, outcome: string | null) => readonly Resumption[] | null;
}
