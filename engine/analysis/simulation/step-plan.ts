import type { FlowNode } from "../../model/process-model.ts";
import type { RouteDecision } from "../../routing/types.ts";
import type { Distribution } from "./distribution.ts";
import { fewestObservations, type History } from "./history.ts";
import type { Offices } from "./offices.ts";
import type { OutcomePlan, Scenario } from "./scenario.ts";

/** How a step is worked on at one level, once scenario, history and limits have been asked. */
export interface PlannedWork {
  readonly duration: Distribution;
  /** False where the duration holds the waiting already, so that nobody is waited for again. */
  readonly queues: boolean;
  readonly outcomes: readonly OutcomePlan[];
}

/** Something that the scenario did not say and the simulation took for granted. Told with the result. */
export interface Assumption {
  readonly code: "STEP_NOT_PLANNED" | "HISTORY_USED" | "HISTORY_THIN" | "RULES_NOT_ASKED";
  readonly place: string;
  readonly message: { readonly zh: string; readonly en: string };
}

const hourMs = 3_600_000;

/** Answers how each step is worked on, and keeps what it had to assume. */
export class StepPlans {
  readonly #scenario: Scenario;
  readonly #history: History | null;
  readonly #offices: Offices;
  readonly #plans = new Map<string, PlannedWork>();
  readonly #assumptions = new Map<string, Assumption>();

  /** With a history, every step takes its durations and outcomes from there; without, those alone that ask for it do. */
  constructor(scenario: Scenario, history: History | null, offices: Offices) {
    this.#scenario = scenario;
    this.#history = history;
    this.#offices = offices;
  }

  get assumptions(): readonly Assumption[] {
    return [...this.#assumptions.values()];
  }

  assume(assumption: Assumption): void {
    this.#assumptions.set(`${assumption.code} ${assumption.place}`, assumption);
  }

  for(node: FlowNode, decision: RouteDecision | null): PlannedWork {
    const level = decision?.organisation.level ?? "-";
    const key = `${node.id} ${level} ${decision?.limit?.value ?? ""}`;
    const known = this.#plans.get(key);
    if (known) return known;
    const plan = this.#make(node, level, decision);
    this.#plans.set(key, plan);
    return plan;
  }

  #make(node: FlowNode, level: string, decision: RouteDecision | null): PlannedWork {
    const planned = this.#scenario.steps[node.id];
    if (!planned) this.assume(notPlanned(node.id));
    const named = "outcomes" in node ? node.outcomes : [];
    const outcomes = planned?.outcomes ?? named.slice(0, 1).map((outcome) => ({ outcome, weight: 1, variables: {} }));
    const handling = planned?.handling ?? this.#scenario.otherSteps;
    if (this.#history === null && handling !== "history") return { duration: handling, queues: true, outcomes };
    const place = `${node.id} ${level}`;
    const observed = this.#history?.observed(node.id, level) ?? null;
    if (observed) {
      this.assume(historyUsed(place, this.#history?.count(node.id, level) ?? 0));
      return { duration: observed.turnaround, queues: false, outcomes: weighted(observed.outcomes, outcomes) };
    }
    const half = this.#halfOf(decision);
    this.assume(historyThin(place, this.#history?.count(node.id, level) ?? 0, half !== null));
    if (half !== null) return { duration: half, queues: false, outcomes };
    return { duration: handling === "history" ? this.#scenario.otherSteps : handling, queues: true, outcomes };
  }

  /** Half of the step's limit, in office hours: what is said where too little was observed (features b-23). */
  #halfOf(decision: RouteDecision | null): Distribution | null {
    if (!decision?.limit) return null;
    const { value, unit, calendarRegion } = decision.limit;
    const dayHours = this.#offices.of(calendarRegion).dayMs / hourMs;
    return { type: "fixed", hours: (unit === "hour" || unit === "workhour" ? value : value * dayHours) / 2 };
  }
}

/** Outcomes by how often they were given; data and caps are the scenario's. */
function weighted(counts: Readonly<Record<string, number>>, planned: readonly OutcomePlan[]): readonly OutcomePlan[] {
  return Object.entries(counts).map(([outcome, weight]) => {
    const plan = planned.find((candidate) => candidate.outcome === outcome);
    return { variables: {}, ...plan, outcome, weight };
  });
}

function notPlanned(place: string): Assumption {
  return {
    code: "STEP_NOT_PLANNED",
    place,
    message: {
      zh: "情景未说明该环节，按其他环节的用时办理并取第一个结论",
      en: "the scenario does not name the step: it takes the time of other steps and its first outcome",
    },
  };
}

function historyUsed(place: string, count: number): Assumption {
  return {
    code: "HISTORY_USED",
    place,
    message: {
      zh: `用时和结论取自 ${count} 件已办事项；用时已含等待，不再另行排队`,
      en: `durations and outcomes are those of ${count} finished tasks; they hold the waiting, so nobody is waited for again`,
    },
  };
}

function historyThin(place: string, count: number, hasLimit: boolean): Assumption {
  return {
    code: "HISTORY_THIN",
    place,
    message: {
      zh: `已办 ${count} 件，少于 ${fewestObservations} 件，${hasLimit ? "按时限的一半计" : "且无时限，按情景的用时计"}`,
      en: `only ${count} finished tasks, fewer than ${fewestObservations}: ${hasLimit ? "half of the limit is taken" : "without a limit, the scenario's time is taken"}`,
    },
  };
}
