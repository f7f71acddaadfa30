import { CommandError } from "../../execution/errors.ts";
import { RouteError } from "../../routing/errors.ts";
import type { ImaginedCase } from "./imagined-case.ts";
import { walk, type Decided, type WalkOptions } from "./walk.ts";
import type { AwaitedEvent, Walk, WalkedStep, WalkEnd } from "./walk-result.ts";

/** A decision not yet taken, or an event not yet come, on which it hangs whether and by whom a step is done. */
export type Dependence =
  | { readonly on: "outcome" | "branch"; readonly element: string; readonly visit: number; readonly wait: string }
  | { readonly on: AwaitedEvent["kind"]; readonly element: string; readonly name: string }
  /** An event that nobody is known to send, and which keeps the step from coming; the answer of a job that may be another one. */
  | { readonly on: "unless" | "job"; readonly element: string };

export interface ForecastStep {
  /** As it comes when everybody acts at once. */
  readonly walked: WalkedStep;
  /** When it opens and is due where everybody uses their limits to the end. */
  readonly latestOpenedAt: string | null;
  readonly latestDueAt: string | null;
  readonly dependsOn: readonly Dependence[];
  /** It comes again and again; only its first time is told. */
  readonly repeats: boolean;
}

export interface Forecast {
  /** Open steps and those that follow, in the order in which they come. */
  readonly steps: readonly ForecastStep[];
  readonly end: WalkEnd;
  /** Where everybody uses their limits to the end; `null` where it does not end by itself. */
  readonly latestEnd: string | null;
}

/** A step that is to come so often does so for ever, as far as people care. */
const mostVisits = 20;

/** More decisions that are tried otherwise than any shipped process has ahead of it. */
const mostTried = 200;

/**
 * The remaining steps of a case, by the engine itself: on the way on which every step takes its first outcome and the branch that
 * the rule gives; where a timer runs beside an event that nobody is known to send, the time runs out. A step that would not come, or would come to somebody else, if one decision on the way were another one says on
 * which it depends. Never throws for what a process may hold: where nothing can be told, the end says so. `pause` is called
 * before each walk, so that the server can do something else in between.
 */
export async function forecast(imagined: ImaginedCase, pause: () => Promise<void>): Promise<Forecast> {
  const main = attempt(imagined, "atOnce");
  const latest = attempt(imagined, "atTheLimit");
  const others: { readonly dependence: Dependence; readonly keys: ReadonlySet<string> }[] = [];
  for (const { dependence, options } of alternatives(main).slice(0, mostTried)) {
    await pause();
    others.push({ dependence, keys: keysOf(attempt(imagined, "atOnce", options)) });
  }
  const repeated = repeatedOn(main);
  return {
    steps: main.steps.flatMap((step) => {
      const repeats = repeated.has(step.element);
      if (repeats && step.visit > 1) return [];
      const late = latest.steps.find(({ element, visit }) => element === step.element && visit === step.visit);
      return [
        {
          walked: step,
          latestOpenedAt: late?.openedAt ?? null,
          latestDueAt: late?.dueAt ?? null,
          repeats,
          dependsOn: unique(others.filter(({ keys }) => !keys.has(keyOf(step))).map(({ dependence }) => dependence)),
        },
      ];
    }),
    end: main.end,
    latestEnd: latest.end.how === "ended" ? latest.end.at : null,
  };
}

/** Steps that go round for ever on a walk that is endless. */
function repeatedOn({ steps, end }: Walk): ReadonlySet<string> {
  if (end.how !== "endless") return new Set();
  return new Set(steps.filter(({ visit }) => visit > 1).map(({ element }) => element));
}

/** A walk that a command or a route stops is told as what stops it. */
function attempt(imagined: ImaginedCase, pace: "atOnce" | "atTheLimit", options: WalkOptions = {}): Walk {
  try {
    return walk(imagined, pace, { ...options, mostVisits });
  } catch (error) {
    if (!(error instanceof CommandError) && !(error instanceof RouteError)) throw error;
    const place = error instanceof CommandError ? error.element : error.place;
    const end = {
      how: "incident",
      element: place ?? imagined.model.id,
      code: error.code,
      message: error.message,
    } as const;
    return { steps: [], skipped: [], awaited: [], unexpected: [], uncertain: [], end, endToEnd: null };
  }
}

interface Alternative {
  readonly dependence: Dependence;
  readonly options: WalkOptions;
}

/** Each other outcome and branch of each step, tried once, and each event and job that would be otherwise. */
function alternatives({ steps, awaited, unexpected, uncertain }: Walk): readonly Alternative[] {
  const decided = steps.flatMap((step) => [
    ...step.outcomes
      .filter((outcome) => outcome !== step.outcome)
      .map((outcome) => decidedOtherwise(step, "outcome", { outcome })),
    ...step.branches.map((branch) => decidedOtherwise(step, "branch", { branch })),
  ]);
  const missed = awaited.map(({ element, kind, name }): Alternative => ({
    dependence: { on: kind, element, name },
    options: { unanswered: new Set([element]) },
  }));
  const come = unexpected.map(({ element }): Alternative => ({
    dependence: { on: "unless", element },
    options: { unexpected: element },
  }));
  const answered = uncertain.map((element): Alternative => ({
    dependence: { on: "job", element },
    options: { otherwise: element },
  }));
  return [...decided, ...missed, ...come, ...answered];
}

function decidedOtherwise(step: WalkedStep, on: "outcome" | "branch", decided: Decided): Alternative {
  const { element, visit, wait } = step;
  return {
    dependence: { on, element, visit, wait },
    options: { decide: (at, time) => (at === element && time === visit ? decided : null) },
  };
}

/** The steps of a walk, each with who acts: a step that comes to others is another one. */
function keysOf({ steps }: Walk): ReadonlySet<string> {
  return new Set(steps.map(keyOf));
}

function keyOf({ element, visit, decision }: WalkedStep): string {
  return JSON.stringify([element, visit, decision?.organisation.id ?? null, decision?.role ?? null]);
}

function unique(found: readonly Dependence[]): readonly Dependence[] {
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}
