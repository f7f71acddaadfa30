import { knownLimits } from "../../engine/analysis/second-opinion/known-limits.ts";
import {
  countsOf,
  traceLine,
  type ScenarioOpinion,
  type SecondOpinion,
} from "../../engine/analysis/second-opinion/opinion.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import { askInWorker } from "../../server/second-opinion/second-opinions.ts";

/** Asks bpmn-engine about every process of the files, which may call each other, and prints what it says. */
export async function printOpinions(path: string, files: readonly string[]): Promise<void> {
  const compiled = await Promise.all(files.map(async (xml) => compileDefinitions(xml)));
  const models = compiled.flatMap(({ processes }) => processes);
  const called = new Map(models.map((model) => [model.id, model]));
  for (const model of models) {
    const startedAt = performance.now();
    const opinion = await askInWorker({ model, called });
    for (const line of linesOf(opinion, performance.now() - startedAt)) process.stdout.write(`${path}: ${line}\n`);
  }
}

function linesOf(opinion: SecondOpinion, tookMs: number): readonly string[] {
  const { scenarios, agree, knownLimits: limits, suspicious, noOpinion } = countsOf(opinion);
  const counts = `${agree} agree, ${limits} known limits, ${suspicious} suspicious, ${noOpinion} without an opinion`;
  return [
    `second opinion on ${opinion.process}: ${scenarios} scenarios, ${counts} (${(tookMs / 1000).toFixed(1)} s)`,
    ...opinion.scenarios.flatMap(differenceOf),
    ...(opinion.uncovered.length > 0 ? [`  no scenario passes ${opinion.uncovered.join(", ")}`] : []),
    ...(opinion.uncompared.length > 0
      ? [`  passed only after the traces parted: ${opinion.uncompared.join(", ")}`]
      : []),
    ...(opinion.stoppedEarly ? ["  the process can come to more situations than were looked at"] : []),
  ];
}

function differenceOf(opinion: ScenarioOpinion): readonly string[] {
  switch (opinion.verdict) {
    case "agrees":
      return [];
    case "knownLimit":
      return [
        `  known limit ${opinion.limits.join(", ")}: ${wayTo(opinion, opinion.at)}`,
        ...opinion.limits.map(
          (code) => `    bpmn-engine ${knownLimits.find((limit) => limit.code === code)?.en ?? code}`,
        ),
      ];
    case "suspicious":
      return [
        `  SUSPICIOUS: ${wayTo(opinion, opinion.at)}`,
        ...opinion.ours.map(
          (step, index) => `    Jieli       ${opinion.steps[opinion.at + index]?.en}: ${traceLine(step)}`,
        ),
        ...opinion.theirs.map(
          (step, index) => `    bpmn-engine ${opinion.steps[opinion.at + index]?.en}: ${traceLine(step)}`,
        ),
      ];
    case "noOpinion":
      return [`  no opinion (${opinion.reason}): ${wayTo(opinion, opinion.steps.length)}`];
  }
}

function wayTo({ steps }: ScenarioOpinion, at: number): string {
  return steps
    .slice(0, at + 1)
    .map(({ en }) => en)
    .join(" → ");
}
