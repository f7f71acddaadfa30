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
export function describe({ happens, became }: Pick<ScenarioStep, "happens" | "became">): Bilingual {
  const { zh, en } = inWords(happens);
  if (became.length === 0) return { zh, en };
  const events = became.join(", ");
  return { zh: `${zh}，${events} 的条件成立`, en: `${en}, condition of ${events} comes true` };
}

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

function inWords(happens: Happening): Bilingual {
  switch (happens.type) {
    case "start":
      if (happens.startEvent === null) return { zh: "开始", en: "start" };
      return { zh: `从 ${happens.startEvent} 开始`, en: `start at ${happens.startEvent}` };
    case "complete": {
      const { element, outcome } = happens;
      return { zh: `${element} ${outcome ?? "完成"}`, en: `${element} ${outcome ?? "done"}` };
    }
    case "error":
      return { zh: `${happens.element} 报错 ${happens.code}`, en: `${happens.element} fails with ${happens.code}` };
    case "timer":
      return { zh: `${happens.element} 到时`, en: `timer ${happens.element}` };
    case "message":
      return { zh: `${happens.element} 收到消息`, en: `message to ${happens.element}` };
    case "signal":
      return { zh: `信号 ${happens.name}`, en: `signal ${happens.name}` };
    case "data":
      return { zh: "数据变更", en: "data change" };
    case "startActivity":
      return { zh: `开始 ${happens.element}`, en: `${happens.element} is begun` };
    case "completeAdHoc":
      return { zh: `宣布 ${happens.element} 完成`, en: `${happens.element} is declared done` };
  }
}
