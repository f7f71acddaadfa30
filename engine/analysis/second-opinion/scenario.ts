import type { ProcessModel } from "../../model/process-model.ts";

/** What is run: a process with the processes that it calls, by id. */
export interface Subject {
  readonly model: ProcessModel;
  readonly called: ReadonlyMap<string, ProcessModel>;
}

/** One case as a list of decisions: what happens, and what each expression gives when it is asked. Plain JSON. */
export interface Scenario {
  readonly steps: readonly ScenarioStep[];
}

export interface ScenarioStep {
  readonly happens: Happening;
  /** Conditional events whose condition has come true in this step. */
  readonly became: readonly string[];
  /** What expressions gave in this step, by their place, in the order in which they were asked. */
  readonly answers: Readonly<Record<string, readonly Answer[]>>;
}

/** A condition gives a truth; a cardinality or collection the number of instances. */
export type Answer = boolean | number;

/** `nth` counts from 0 among what waits at the element, in the order in which it began to wait. */
export type Happening =
  | { readonly type: "start"; readonly startEvent: string | null }
  | { readonly type: "complete"; readonly element: string; readonly nth: number; readonly outcome: string | null }
  | { readonly type: "error"; readonly element: string; readonly nth: number; readonly code: string }
  | { readonly type: "timer"; readonly element: string; readonly nth: number }
  | { readonly type: "message"; readonly element: string; readonly nth: number }
  | { readonly type: "signal"; readonly name: string }
  /** Data of the case change. */
  | { readonly type: "data" }
  | { readonly type: "startActivity"; readonly element: string }
  | { readonly type: "completeAdHoc"; readonly element: string };

/** Everything that a run did in one step. Between two things that happen, the order of branches is nobody's promise. */
export interface TraceStep {
  /** Elements that completed, sorted: a bag. Without `notTold` ones. */
  readonly completed: readonly string[];
  /** Sequence flows that were taken, sorted: a bag. */
  readonly taken: readonly string[];
  /** Elements that wait for something from outside after the step, sorted: a bag. Without those that wait beside the work. */
  readonly open: readonly string[];
  /** `stopped`: nothing waits any more, and yet it has not ended. */
  readonly status: "running" | "ended" | "stopped";
}

export type Trace = readonly TraceStep[];

/** Runs a scenario. `name` is what people call it; a run that fails as such (not in the case) throws. */
export interface Executor {
  readonly name: string;
  run(subject: Subject, scenario: Scenario): Promise<Trace>;
}

/** Places of expressions, the same for every executor. */
export const places = {
  flow: (process: string, flow: string) => `flow ${process} ${flow}`,
  count: (process: string, activity: string) => `count ${process} ${activity}`,
  enough: (process: string, activity: string) => `enough ${process} ${activity}`,
  loop: (process: string, activity: string) => `loop ${process} ${activity}`,
  activation: (process: string, gateway: string) => `activation ${process} ${gateway}`,
  adHoc: (process: string, activity: string) => `adHoc ${process} ${activity}`,
  event: (process: string, event: string) => `event ${process} ${event}`,
} as const;

/** What happened, in words for people. */
export function describe({ happens, became }: Pick<ScenarioStep, "happens" | "became">): string {
  const conditions = became.length === 0 ? "" : `, condition of ${became.join(", ")} comes true`;
  return `${inWords(happens)}${conditions}`;
}

function inWords(happens: Happening): string {
  switch (happens.type) {
    case "start":
      return happens.startEvent === null ? "start" : `start at ${happens.startEvent}`;
    case "complete":
      return `${happens.element} ${happens.outcome ?? "done"}`;
    case "error":
      return `${happens.element} fails with ${happens.code}`;
    case "timer":
      return `timer ${happens.element}`;
    case "message":
      return `message to ${happens.element}`;
    case "signal":
      return `signal ${happens.name}`;
    case "data":
      return "data change";
    case "startActivity":
      return `${happens.element} is begun`;
    case "completeAdHoc":
      return `${happens.element} is declared done`;
  }
}
