import { localDate } from "../../calendar/dates.ts";
import { workingDaysBetween, type Confidence } from "../../calendar/working-days.ts";
import type { ResolvedLimit, RouteDecision } from "../../routing/types.ts";
import type { ImaginedCase } from "./imagined-case.ts";
import { walk, type Decide } from "./walk.ts";
import type { SkippedStep, Walk, WalkedStep, WalkEnd } from "./walk-result.ts";

/** A moment that depends on how soon others act: at the earliest and at the latest. */
export interface DueRange {
  readonly earliest: string | null;
  readonly latest: string | null;
  readonly confidence: Confidence | null;
}

export interface PathStep {
  readonly element: string;
  readonly name: string | null;
  readonly visit: number;
  readonly decision: RouteDecision | null;
  readonly limit: ResolvedLimit | null;
  readonly due: DueRange;
  readonly outcomes: readonly string[];
  /** Outcome that the path goes on with. */
  readonly outcome: string | null;
}

/** What follows where a step is decided otherwise than on the path. */
export interface Deviation {
  readonly element: string;
  readonly visit: number;
  readonly outcome: string;
  /** Steps that the path does not have. */
  readonly steps: readonly string[];
  readonly end: WalkEnd;
}

export interface CasePath {
  readonly steps: readonly PathStep[];
  readonly skipped: readonly SkippedStep[];
  readonly end: WalkEnd;
  readonly deviations: readonly Deviation[];
  readonly total: Total;
}

/** How long the whole takes when everybody uses the limit to the end, against the promise to the applicant. */
export interface Total {
  /** Working days on the applicant's calendar. */
  readonly workingDays: number;
  readonly endsBy: string | null;
  readonly promised: Walk["endToEnd"];
  readonly withinPromise: boolean;
}

/**
 * The way of an imagined case through its process: each step with its actor, limit and due date, a range where it depends on
 * how soon the steps before are done, and what follows where somebody decides otherwise. `region` is the applicant's.
 */
export function casePath(imagined: ImaginedCase, region: string): CasePath {
  const soonest = walk(imagined, "atOnce");
  const latest = walk(imagined, "atTheLimit");
  return {
    steps: soonest.steps.map((step) => pathStep(step, latest)),
    skipped: soonest.skipped,
    end: soonest.end.how === "ended" ? latest.end : soonest.end,
    deviations: deviationsOf(imagined, soonest),
    total: totalOf(imagined, region, latest),
  };
}

function pathStep(step: WalkedStep, latest: Walk): PathStep {
  const slow = latest.steps.find(({ element, visit }) => element === step.element && visit === step.visit);
  return {
    element: step.element,
    name: step.name,
    visit: step.visit,
    decision: step.decision,
    limit: step.limit,
    due: {
      earliest: step.dueAt,
      latest: slow?.dueAt ?? step.dueAt,
      confidence: slow?.dueConfidence ?? step.dueConfidence,
    },
    outcomes: step.outcomes,
    outcome: step.outcome,
  };
}

/** Each other outcome of each step of the path, tried once. */
function deviationsOf(imagined: ImaginedCase, main: Walk): readonly Deviation[] {
  const known = new Set(main.steps.map(keyOf));
  return main.steps.flatMap((step) =>
    step.outcomes
      .filter((outcome) => outcome !== step.outcome)
      .map((outcome): Deviation => {
        const decide: Decide = (element, visit) =>
          element === step.element && visit === step.visit ? { outcome } : null;
        const other = walk(imagined, "atOnce", { decide });
        const steps = other.steps.filter((candidate) => !known.has(keyOf(candidate))).map(({ element }) => element);
        return { element: step.element, visit: step.visit, outcome, steps, end: other.end };
      }),
  );
}

function keyOf({ element, visit }: WalkedStep): string {
  return `${element} ${visit}`;
}

function totalOf({ calendarOf, now }: ImaginedCase, region: string, latest: Walk): Total {
  const endsBy = latest.end.how === "ended" ? latest.end.at : null;
  const promised = latest.endToEnd;
  const promisedBy = promised?.dueAt ?? null;
  return {
    workingDays: endsBy === null ? 0 : workingDaysBetween(calendarOf(region), localDate(now), localDate(endsBy)),
    endsBy,
    promised,
    withinPromise: endsBy === null || promisedBy === null || endsBy <= promisedBy,
  };
}
