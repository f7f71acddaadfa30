import type { Problem } from "../../engine/model/problems.ts";
import type { FlowNode } from "../../engine/model/process-model.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import type { CaseAt } from "./case-at.ts";
import { isDecision, isSupplement, planTaskReturn, stands, type PlannedReturn, type TargetKind } from "./plan.ts";

/** A step that a case may be returned to, as the returner chooses it. */
export interface ReturnTarget {
  /** What it is to the returner; every step is an `element`. */
  readonly kinds: readonly TargetKind[];
  readonly planned: PlannedReturn;
}
/** How a returner names a step. */
export type ReturnTo = "applicant" | "previous" | { readonly element: string };
export interface NoTarget {
  readonly element: string;
  readonly problem: Problem;
}

/**
 * The steps that can be returned to from a task, the nearest first, and those that cannot with the reason: what the case has
 * passed, and where the process draws one, the step at which the applicant supplements.
 */
export async function returnTargets(
  at: CaseAt,
  task: Row,
): Promise<{ readonly possible: readonly ReturnTarget[]; readonly impossible: readonly NoTarget[] }> {
  const possible: PlannedReturn[] = [];
  const impossible: NoTarget[] = [];
  const applicant = applicantStep(at, task);
  const passed = passedSteps(at, task);
  for (const element of new Set([...(applicant ? [applicant.id] : []), ...passed])) {
    const planned = await planTaskReturn(at, task, element);
    if (!planned) continue;
    const [problem] = planned.problems;
    if (problem) impossible.push({ element, problem });
    else possible.push(planned);
  }
  const previous = passed.find((element) => possible.some(({ target }) => target.id === element));
  const kindsOf = (element: string): readonly TargetKind[] => [
    ...(element === applicant?.id ? (["applicant"] as const) : []),
    ...(element === previous ? (["previous"] as const) : []),
    "element",
  ];
  return { possible: possible.map((planned) => ({ kinds: kindsOf(planned.target.id), planned })), impossible };
}

/** The target that is meant by `to`. */
export function targetFor(possible: readonly ReturnTarget[], to: ReturnTo): ReturnTarget | null {
  const found = possible.find(({ kinds, planned }) =>
    typeof to === "string" ? kinds.includes(to) : planned.target.id === to.element,
  );
  return found ?? null;
}

/** Steps with a decision that still stands, the latest first. */
function passedSteps({ tasks }: CaseAt, task: Row): readonly string[] {
  const mine = text(task, "element");
  const done = tasks.filter(stands).toSorted((a, b) => text(b, "completed_at").localeCompare(text(a, "completed_at")));
  return [...new Set(done.map((row) => text(row, "element")))].filter((element) => element !== mine);
}

/** The applicant's step nearest to the task: where it supplements, drawn in the same place or further out; else its last step. */
function applicantStep({ model, tasks }: CaseAt, task: Row): FlowNode | null {
  const mine = model.elements.get(text(task, "element"));
  const supplements = [...model.elements.values()].filter(isSupplement);
  for (let parent = mine?.parent; parent !== undefined; parent = model.elements.get(parent)?.parent) {
    const found = supplements.find((node) => node.parent === parent);
    if (found) return found;
  }
  const own = tasks.findLast(
    (row) => isDecision(row) && text(row, "state") === "completed" && text(row, "role").startsWith("applicant-"),
  );
  return (
    supplements.find(({ parent }) => parent === model.id) ??
    (own ? (model.elements.get(text(own, "element")) ?? null) : null)
  );
}
