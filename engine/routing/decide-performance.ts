import { allowAddedStep, keepRequiredStep, type Bounded, type PackChain } from "./bounds.ts";
import { isTextList, isTruth, outputOf } from "./layered-output.ts";
import type { AppliedBound, MatchedRow } from "./types.ts";

export interface Performance extends Bounded<boolean> {
  /** Rows about the whole case that added the step. */
  readonly addedBy: readonly MatchedRow[];
}

/**
 * Whether a step is performed. A row of the step itself decides; else an optional step is left out and any other performed. A
 * step that a row about the whole case adds is performed in any event, for a lower region may always be more careful, within
 * what the regions above let it add; one that a region above forbids to skip, likewise.
 */
export function decidePerformance(
  chain: PackChain,
  step: string,
  rows: readonly MatchedRow[],
  caseRows: () => readonly MatchedRow[],
): Performance {
  const own = outputOf(rows, "perform", isTruth) ?? { value: !isOptional(chain, step), by: null };
  const required = keepRequiredStep(chain, step, own);
  if (required.value) return { ...required, addedBy: [] };
  const wanted = caseRows().filter(({ gave }) => {
    const steps = gave["addSteps"];
    return Array.isArray(steps) && isTextList(steps) && steps.includes(step);
  });
  const applied: AppliedBound[] = [];
  const addedBy = wanted.filter((row) => {
    const allowed = allowAddedStep(chain, step, row.region);
    applied.push(...allowed.applied);
    return allowed.value;
  });
  return { value: addedBy.length > 0, applied: [...required.applied, ...applied], addedBy };
}

function isOptional({ regions, packs }: PackChain, step: string): boolean {
  return regions.some((region) => packs.get(region)?.optionalSteps.includes(step) ?? false);
}
