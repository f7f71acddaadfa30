/**
 * Our core against bpmn-engine on four processes, in one run on one machine, and how our own time grows. Run with
 * `npm run bench:engine`; prints tables and one line a bar, and fails when a bar is missed.
 */
import { peerElements } from "../engine/analysis/second-opinion/peer-elements.ts";
import * as peer from "./bpmn-engine-runs.ts";
import { costByPastSteps, growths, type CostAt, type Growth } from "./growth.ts";
import * as core from "./jieli-runs.ts";
import { summary, type CaseMeasure, type Measured } from "./measure.ts";
import { benchProcesses, type BenchProcess } from "./processes.ts";
import { printBars, printTable, whole, type Bar } from "./report.ts";

const casesOfOurs = 600;
const casesOfTheirs = 32;

/** The second opinion's form of bpmn-engine; none of these processes has an inclusive gateway whose arrivals matter. */
const replacedElements = peerElements(() => undefined, new Map());

interface Comparison {
  readonly process: BenchProcess;
  readonly hot: Sides;
  readonly recovered: Sides;
}

interface Sides {
  readonly ours: Measured;
  readonly shipped: Measured;
  readonly replaced: Measured;
}

const comparisons: Comparison[] = [];
for (const process of benchProcesses) comparisons.push(await compare(process));
const costs = await costByPastSteps();
const growth = await growths();

printComparisons("Kept in memory: one step is one command", "hot");
printComparisons("Recovered: one step is state from JSON, one command, state to JSON", "recovered");
printSizes();
printTable(
  "Our durable step by the steps that the case has behind it",
  ["past steps", "µs a step", "state, characters"],
  costs.map(({ pastSteps, microseconds, stateBytes }) => [
    whole(pastSteps),
    microseconds.toFixed(1),
    whole(stateBytes),
  ]),
);
printTable(
  "Whole cases of our core by size",
  ["what", "size: ms", "grows with size to the power of"],
  growth.map(({ what, points, exponent }) => [
    what,
    points.map(({ size, ms }) => `${whole(size)}: ${ms.toFixed(1)}`).join("  "),
    exponent.toFixed(2),
  ]),
);
printBars([
  ...comparisons.flatMap(speedBars),
  pastStepsBar(costs),
  ...growth.filter(({ isBar }) => isBar).map(growthBar),
]);

async function compare(process: BenchProcess): Promise<Comparison> {
  const model = await core.compiled(process.source("feel"));
  const theirs = process.source("bpmn-engine");
  return {
    process,
    hot: {
      ours: await measured(process, casesOfOurs, () => core.hotCase(model)),
      shipped: await measured(process, casesOfTheirs, () => peer.hotCase(theirs, {})),
      replaced: await measured(process, casesOfTheirs, () => peer.hotCase(theirs, replacedElements)),
    },
    recovered: {
      ours: await measured(process, casesOfOurs, () => core.recoveredCase(model)),
      shipped: await measured(process, casesOfTheirs, () => peer.recoveredCase(theirs, {})),
      replaced: await measured(process, casesOfTheirs, () => peer.recoveredCase(theirs, replacedElements)),
    },
  };
}

async function measured(
  { name, steps }: BenchProcess,
  cases: number,
  run: () => CaseMeasure | Promise<CaseMeasure>,
): Promise<Measured> {
  const all: CaseMeasure[] = [];
  for (let index = 0; index < cases; index += 1) all.push(await run());
  const wrong = all.find((one) => one.ended && one.steps !== steps);
  if (wrong) throw new Error(`a case of ${name} ended after ${wrong.steps} steps instead of ${steps}`);
  return summary(all);
}

function printComparisons(title: string, mode: "hot" | "recovered"): void {
  printTable(
    `${title} (steps per second)`,
    ["process", "our core", "bpmn-engine as shipped", "elements replaced", "times as shipped", "times replaced"],
    comparisons.map(({ process, [mode]: { ours, shipped, replaced } }) => [
      process.name,
      whole(ours.stepsPerSecond),
      told(shipped),
      told(replaced),
      times(ours, shipped).toFixed(0),
      times(ours, replaced).toFixed(0),
    ]),
  );
}

function told({ stepsPerSecond, ended }: Measured): string {
  return `${whole(stepsPerSecond)}${ended ? "" : " (never ends)"}`;
}

function printSizes(): void {
  printTable(
    "Largest state of a case, in characters of JSON",
    ["process", "our core", "bpmn-engine as shipped", "elements replaced"],
    comparisons.map(({ process, recovered: { ours, shipped, replaced } }) => [
      process.name,
      whole(ours.stateBytes),
      whole(shipped.stateBytes),
      whole(replaced.stateBytes),
    ]),
  );
}

function times(ours: Measured, theirs: Measured): number {
  return ours.stepsPerSecond / theirs.stepsPerSecond;
}

function speedBars({ process, hot, recovered }: Comparison): readonly Bar[] {
  return [speedBar(process, "recovered", recovered, 50), speedBar(process, "hot", hot, 20)];
}

/** Against the faster of the two forms of bpmn-engine. */
function speedBar({ name }: BenchProcess, mode: string, { ours, shipped, replaced }: Sides, wanted: number): Bar {
  const factor = Math.min(times(ours, shipped), times(ours, replaced));
  return {
    statement: `${name}, ${mode}: at least ${wanted} times bpmn-engine's speed`,
    measured: `${factor.toFixed(0)} times`,
    passes: factor >= wanted,
  };
}

/** Half as much again is left to chance: the machine may do other things. */
function pastStepsBar(measuredCosts: readonly CostAt[]): Bar {
  const [, early, , late] = measuredCosts.map(({ microseconds }) => microseconds);
  const factor = (late ?? Number.NaN) / (early ?? Number.NaN);
  return {
    statement: "a step after 10,000 costs what a step after 100 does (at most 1.5 times)",
    measured: `${factor.toFixed(2)} times`,
    passes: factor <= 1.5,
  };
}

/** Between in line (1) and quadratic (2); what is above 1 is the memory's share, which grows in leaps. */
function growthBar({ what, exponent }: Growth): Bar {
  return {
    statement: `${what}: time grows in line with size (power at most 1.4)`,
    measured: exponent.toFixed(2),
    passes: exponent <= 1.4,
  };
}
