import type { InstanceState } from "../../execution/state.ts";
import type { MemoryClocks } from "../headless-clocks.ts";
import type { AwaitedEvent, SkippedStep, Walk, WalkedStep } from "./walk-result.ts";

export type OpenStep = { -readonly [K in keyof WalkedStep]: WalkedStep[K] };

/** What a walk has come to so far. */
export interface Come {
  readonly steps: OpenStep[];
  readonly visits: Map<string, number>;
  readonly skipped: SkippedStep[];
  readonly awaited: AwaitedEvent[];
  readonly unexpected: Map<string, AwaitedEvent>;
  readonly uncertain: Set<string>;
  readonly endEvents: string[];
}

/** What a walk has come to before it begins. */
export const nothing: Come = {
  steps: [],
  visits: new Map(),
  skipped: [],
  awaited: [],
  unexpected: new Map(),
  uncertain: new Set(),
  endEvents: [],
};

/** The same, which from here on goes its own way. */
export function copyOf({ steps, visits, skipped, awaited, unexpected, uncertain, endEvents }: Come): Come {
  return {
    steps: steps.map((step) => ({ ...step })),
    visits: new Map(visits),
    skipped: [...skipped],
    awaited: [...awaited],
    unexpected: new Map(unexpected),
    uncertain: new Set(uncertain),
    endEvents: [...endEvents],
  };
}

/** A walk at the moment at which a step is about to be decided. */
export interface Crossing {
  readonly element: string;
  readonly visit: number;
  readonly now: string;
  /** Moves that the walk has made. */
  readonly moves: number;
  readonly state: InstanceState;
  readonly clocks: MemoryClocks;
  readonly come: Come;
}

/** A walk of which each decision can be taken otherwise without walking there again. */
export interface CrossedWalk extends Walk {
  readonly crossings: readonly Crossing[];
}
