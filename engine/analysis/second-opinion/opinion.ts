import { firstDifference } from "./compare.ts";
import { limitsIn } from "./known-limits.ts";
import { runOurs, type OurStep } from "./our-core.ts";
import { modelsOf } from "./recording.ts";
import {
  describe,
  type Bilingual,
  type Executor,
  type Scenario,
  type Subject,
  type Trace,
  type TraceStep,
} from "./scenario.ts";
import { generateScenarios, type ScenarioBounds } from "./scenarios.ts";

/** What comparing one scenario came to. */
export type Verdict =
  | { readonly verdict: "agrees" }
  /** The traces part in step `at`, which passes through something that the other engine is known to do wrong. */
  | { readonly verdict: "knownLimit"; readonly at: number; readonly limits: readonly string[] }
  | { readonly verdict: "suspicious"; readonly at: number; readonly ours: Trace; readonly theirs: Trace }
  /** The other engine did not come to an end (a hang, its memory, a failure of its own). */
  | { readonly verdict: "noOpinion"; readonly reason: string };

export type ScenarioOpinion = Verdict & {
  /** What happens, step by step, in words. */
  readonly steps: readonly Bilingual[];
};

export interface SecondOpinion {
  readonly process: string;
  readonly scenarios: readonly ScenarioOpinion[];
  /** Sequence flows and events that no scenario passes. */
  readonly uncovered: readonly string[];
  /** Sequence flows that scenarios pass only where the traces have parted already. */
  readonly uncompared: readonly string[];
  /** The process can come to more situations than were looked at. */
  readonly stoppedEarly: boolean;
}

/** Situations that are looked at, and scenarios that are run, before a process is published. */
export const opinionBeforePublishing = { situations: 3_000, scenarios: 60 };

/**
 * Asks another engine about a process: scenarios that cover it run on our core and on the other one, and every difference is
 * told with both sides, or by the known limit that explains it. Never throws for what the other engine does.
 */
export async function secondOpinion(subject: Subject, other: Executor, bounds: ScenarioBounds): Promise<SecondOpinion> {
  const { scenarios, uncovered, stoppedEarly } = await generateScenarios(subject, bounds);
  const opinions: ScenarioOpinion[] = [];
  const [passed, confirmed] = [new Set<string>(), new Set<string>()];
  for (const scenario of scenarios) {
    const { verdict, ours } = await compared(subject, scenario, other);
    opinions.push({ steps: scenario.steps.map(describe), ...verdict });
    for (const flow of flowsOf(ours)) passed.add(flow);
    for (const flow of flowsOf(ours.slice(0, stepsCompared(verdict)))) confirmed.add(flow);
    await bounds.pause();
  }
  const uncompared = [...passed].filter((flow) => !confirmed.has(flow)).sort();
  return { process: subject.model.id, scenarios: opinions, uncovered, uncompared, stoppedEarly };
}

function flowsOf(ours: readonly OurStep[]): readonly string[] {
  return ours.flatMap(({ trace }) => trace.taken);
}

function stepsCompared(verdict: Verdict): number {
  if (verdict.verdict === "agrees") return Infinity;
  return verdict.verdict === "noOpinion" ? 0 : verdict.at;
}

/** Runs one scenario on both and tells how they compare. */
export async function compareOn(subject: Subject, scenario: Scenario, other: Executor): Promise<Verdict> {
  return (await compared(subject, scenario, other)).verdict;
}

interface Compared {
  readonly verdict: Verdict;
  readonly ours: readonly OurStep[];
}

/** A failure on either side is told as such: a second opinion must never stand in the way of publishing. */
async function compared(subject: Subject, scenario: Scenario, other: Executor): Promise<Compared> {
  let ours: readonly OurStep[] = [];
  try {
    ours = runOurs(subject, scenario);
    return { verdict: verdictOn(subject, ours, await other.run(subject, scenario)), ours };
  } catch (error) {
    return { verdict: { verdict: "noOpinion", reason: error instanceof Error ? error.message : String(error) }, ours };
  }
}

function verdictOn(subject: Subject, ours: readonly OurStep[], theirs: Trace): Verdict {
  const traces = ours.map(({ trace }) => trace);
  const at = firstDifference(traces, theirs);
  if (at === null) return { verdict: "agrees" };
  const step = ours[at];
  const earlier = new Set(ours.slice(0, at).flatMap(({ trace }) => trace.completed));
  const limits = step ? limitsIn(modelsOf(subject), step, earlier) : [];
  if (limits.length > 0) return { verdict: "knownLimit", at, limits: limits.map(({ code }) => code) };
  return { verdict: "suspicious", at, ours: traces.slice(at), theirs: theirs.slice(at) };
}

export interface OpinionCounts {
  readonly scenarios: number;
  readonly agree: number;
  readonly knownLimits: number;
  readonly suspicious: number;
  readonly noOpinion: number;
}

export function countsOf({ scenarios }: SecondOpinion): OpinionCounts {
  const count = (verdict: Verdict["verdict"]) => scenarios.filter((one) => one.verdict === verdict).length;
  return {
    scenarios: scenarios.length,
    agree: count("agrees"),
    knownLimits: count("knownLimit"),
    suspicious: count("suspicious"),
    noOpinion: count("noOpinion"),
  };
}

/** One step of a trace in a line. */
export function traceLine({ completed, taken, open, status }: TraceStep): string {
  const list = (items: readonly string[]) => (items.length === 0 ? "–" : items.join(" "));
  return `completed ${list(completed)}; took ${list(taken)}; waits at ${list(open)}; ${status}`;
}
