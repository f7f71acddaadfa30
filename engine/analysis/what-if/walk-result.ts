import type { Confidence } from "../../calendar/working-days.ts";
import type { EngineEvent } from "../../execution/events.ts";
import type { InstanceState } from "../../execution/state.ts";
import type { ResolvedLimit, RouteDecision, RouteExplanation } from "../../routing/types.ts";

export type TaskCreated = Extract<EngineEvent, { type: "task.created" }>;

export interface WalkedStep {
  readonly element: string;
  readonly name: string | null;
  /** How often the walk has come to this element, this time included. */
  readonly visit: number;
  readonly decision: RouteDecision | null;
  /** The limit that the step is measured by: its own, or that of what encloses it. */
  readonly limit: ResolvedLimit | null;
  readonly outcomes: readonly string[];
  /** Branches that its handler may choose by hand. */
  readonly branches: readonly string[];
  /** Wait of the engine at which it stands, and the case as it was when the step opened. */
  readonly wait: string;
  readonly state: InstanceState;
  /** What the engine told when it opened; `null` for a step that was open before the walk began. */
  readonly created: TaskCreated | null;
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly dueConfidence: Confidence | null;
  /** `null`: still open when the walk ended, or taken away. */
  readonly leftAt: string | null;
  readonly outcome: string | null;
}

export interface SkippedStep {
  readonly element: string;
  readonly explanation: RouteExplanation;
}

export type WalkEnd =
  | { readonly how: "ended"; readonly at: string; readonly events: readonly string[] }
  /** Nobody can act, or a condition cannot be answered: the case would stop there as an incident. */
  | { readonly how: "incident"; readonly element: string; readonly code: string; readonly message: string }
  /** What a job gives decides what follows, and only its work will tell. */
  | { readonly how: "depends"; readonly element: string }
  /** It waits for something that nothing in it tells of. */
  | { readonly how: "waits"; readonly element: string }
  | { readonly how: "endless"; readonly element: string };

/** Something from outside the case for which the walk stood still. */
export interface AwaitedEvent {
  readonly element: string;
  readonly kind: "message" | "signal";
  readonly name: string;
}

export interface Walk {
  readonly steps: readonly WalkedStep[];
  readonly awaited: readonly AwaitedEvent[];
  /** What might have come, of which nobody is known to send it, where the walk let the time run out instead. */
  readonly unexpected: readonly AwaitedEvent[];
  /** Jobs that might have given something else. */
  readonly uncertain: readonly string[];
  readonly skipped: readonly SkippedStep[];
  readonly end: WalkEnd;
  /** The end-to-end clock, where the process has one. */
  readonly endToEnd: {
    readonly code: string;
    readonly value: number;
    readonly unit: string;
    readonly dueAt: string | null;
    readonly dueConfidence: Confidence;
  } | null;
}
