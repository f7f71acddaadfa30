import type { Distribution } from "./distribution.ts";

/** Finished tasks that are needed before a distribution is drawn from them; fewer say too little. */
export const fewestObservations = 20;

/** What finished tasks of one step at one level of organisations show. */
export interface StepHistory {
  readonly element: string;
  readonly level: string;
  /** Office hours from the opening of the task to its end, waiting included, in ascending order. */
  readonly turnaroundHours: readonly number[];
  /** How often each outcome was given. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface Observed {
  readonly turnaround: Distribution;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** History by step and level, for a simulation to draw from. */
export class History {
  readonly #steps: ReadonlyMap<string, StepHistory>;

  constructor(steps: readonly StepHistory[]) {
    this.#steps = new Map(steps.map((step) => [`${step.element} ${step.level}`, step]));
  }

  count(element: string, level: string): number {
    return this.#steps.get(`${element} ${level}`)?.turnaroundHours.length ?? 0;
  }

  /** `null` where fewer than `fewestObservations` tasks were finished. */
  observed(element: string, level: string): Observed | null {
    const step = this.#steps.get(`${element} ${level}`);
    if (!step || step.turnaroundHours.length < fewestObservations) return null;
    return { turnaround: { type: "empirical", hours: [...step.turnaroundHours] }, outcomes: step.outcomes };
  }
}
