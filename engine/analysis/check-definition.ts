import { compileDefinitions } from "../model/compile.ts";
import { warning, type Problem } from "../model/problems.ts";
import type { ProcessModel } from "../model/process-model.ts";
import { checkNames } from "./references/check-names.ts";
import { checkLimits } from "./references/check-limits.ts";
import { checkTimeouts } from "./references/check-timeouts.ts";
import type { KnownNames } from "./references/known-names.ts";
import type { ExplorationBounds } from "./soundness/explore.ts";
import { checkSoundness, type Finding } from "./soundness/soundness.ts";

export type { Problem } from "../model/problems.ts";

/** Situations that the checks before publishing look at: enough for the processes that ship, and about two seconds. */
export const situationsBeforePublishing = 6_000;

/**
 * The checks before publishing, the same in the browser, on the server and in `jieli check`: structure, names, limits and timeouts,
 * then behaviour in every situation that the bounds allow. Errors first. `called` holds processes of other files that call
 * activities name; `names` what a process may refer to, or `null` where nobody tells.
 */
export async function checkDefinition(
  xml: string,
  called: ReadonlyMap<string, ProcessModel>,
  bounds: ExplorationBounds,
  names: KnownNames | null = null,
): Promise<readonly Problem[]> {
  const { processes, problems } = await compileDefinitions(xml);
  const known = new Map([...called, ...processes.map((process) => [process.id, process] as const)]);
  const all = [...problems];
  for (const process of processes) {
    if (names) all.push(...checkNames(process, names));
    all.push(
      ...checkTimeouts(process, names),
      ...checkLimits(process),
      ...(await behaviourProblems(process, known, bounds)),
    );
  }
  return all.sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
}

async function behaviourProblems(
  process: ProcessModel,
  called: ReadonlyMap<string, ProcessModel>,
  bounds: ExplorationBounds,
): Promise<readonly Problem[]> {
  const { findings, situations, stoppedEarly } = await checkSoundness(process, called, bounds);
  const early = warning(
    "SOUNDNESS_NOT_FINISHED",
    process.id,
    `流程的可能情形太多：检查了 ${situations} 种后停止，其余未检查`,
    `The process can come to too many situations: ${situations} were looked at, the others were not`,
  );
  return [...findings.map(withWay), ...(stoppedEarly ? [early] : [])];
}

/** The way to the fault belongs to what the designer reads. */
function withWay({ trace, code, severity, element, message }: Finding): Problem {
  if (trace.length === 0) return { code, severity, element, message };
  const way = trace.map((step) => `${step.element}(${step.what})`).join(" → ");
  return { code, severity, element, message: { zh: `${message.zh}。路径：${way}`, en: `${message.en}. Way: ${way}` } };
}
