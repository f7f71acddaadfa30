import { knownLimits } from "../../../engine/analysis/second-opinion/known-limits.ts";
import {
  countsOf,
  type ScenarioOpinion,
  type SecondOpinion as Opinion,
} from "../../../engine/analysis/second-opinion/opinion.ts";
import type { Trace } from "../../../engine/analysis/second-opinion/scenario.ts";
import type { ComparedScenario, SecondOpinion, TraceStep } from "./definitions.schema.ts";

export function presentOpinion(opinion: Opinion): SecondOpinion {
  return {
    process: opinion.process,
    counts: countsOf(opinion),
    scenarios: opinion.scenarios.map((scenario) => ({
      steps: scenario.steps.map(({ zh, en }) => ({ zh, en })),
      verdict: verdictOf(scenario),
    })),
    uncovered: [...opinion.uncovered],
    uncompared: [...opinion.uncompared],
    stoppedEarly: opinion.stoppedEarly,
  };
}

function verdictOf(opinion: ScenarioOpinion): ComparedScenario["verdict"] {
  switch (opinion.verdict) {
    case "agrees":
      return { verdict: "agrees" };
    case "knownLimit":
      return { verdict: "knownLimit", at: opinion.at, limits: opinion.limits.map(limitOf) };
    case "suspicious":
      return { verdict: "suspicious", at: opinion.at, ours: traceOf(opinion.ours), theirs: traceOf(opinion.theirs) };
    case "noOpinion":
      return { verdict: "noOpinion", reason: opinion.reason };
  }
}

function limitOf(code: string) {
  const { zh = code, en = code } = knownLimits.find((limit) => limit.code === code) ?? {};
  return { code, text: { zh, en } };
}

function traceOf(trace: Trace): TraceStep[] {
  return trace.map(({ completed, taken, open, status }) => ({
    completed: [...completed],
    taken: [...taken],
    open: [...open],
    status,
  }));
}
