import type { Problem } from "../../engine/model/problems.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import type { CaseAt } from "./case-at.ts";
import { sharedHome, standsAs } from "./homes.ts";
import {
  isDecision,
  isSupplement,
  planTaskReturn,
  stands,
  type Place,
  type PlannedReturn,
  type TargetKind,
} from "./plan.ts";

/** A step that a case may be returned to, as the returner chooses it. */
export interface ReturnTarget {
  /** What it is to the returner; every step is an `element`. */
  readonly kinds: readonly TargetKind[];
  readonly planned: PlannedReturn;
}
/** How a returner names a step. */
export type ReturnTo = "applicant" | "previous" | { readonly element: string };
export interface NoTarget extends Place {
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
  const passed = passedPlaces(at, task);
  for (const place of distinct([...(applicant ? [applicant] : []), ...passed])) {
    const planned = await planTaskReturn(at, task, place);
    if (!planned) continue;
    const [problem] = planned.problems;
    if (problem) impossible.push({ ...place, problem });
    else possible.push(planned);
  }
  const previous = passed.find((place) => possible.some((planned) => isAt(planned, place)));
  const kindsOf = (planned: PlannedReturn): readonly TargetKind[] => [
    ...(applicant && isAt(planned, applicant) ? (["applicant"] as const) : []),
    ...(previous && isAt(planned, previous) ? (["previous"] as const) : []),
    "element",
  ];
  return { possible: possible.map((planned) => ({ kinds: kindsOf(planned), planned })), impossible };
}

function isAt({ target, scope }: PlannedReturn, place: Place): boolean {
  return target.id === place.element && scope === place.scope;
}

function distinct(places: readonly Place[]): readonly Place[] {
  return [...new Map(places.map((place) => [`${place.scope ?? ""} ${place.element}`, place])).values()];
}

/** The target that is meant by `to`. */
export function targetFor(possible: readonly ReturnTarget[], to: ReturnTo): ReturnTarget | null {
  const found = possible.find(({ kinds, planned }) =>
    typeof to === "string" ? kinds.includes(to) : planned.target.id === to.element,
  );
  return found ?? null;
}

/**
 * Steps with a decision that still stands, the latest first: each in the innermost process that it shares with the task. What was
 * decided in a called process that the task is not in stands there as the call.
 */
function passedPlaces({ tasks }: CaseAt, task: Row): readonly Place[] {
  const done = tasks
    .filter(stands)
    .toSorted((a, b) => text(b, "completed_at").localeCompare(text(a, "completed_at")))
    .map((row): Place => {
      const scope = sharedHome(task, row);
      return { scope, element: standsAs(row, scope) ?? text(row, "element") };
    });
  return distinct(done).filter(({ scope, element }) => element !== standsAs(task, scope));
}

/** The applicant's step nearest to the task: where it supplements, drawn in the same place or further out; else its last step. */
function applicantStep({ model, tasks }: CaseAt, task: Row): Place | null {
  const mine = model.elements.get(standsAs(task, null) ?? "");
  const supplements = [...model.elements.values()].filter(isSupplement);
  for (let parent = mine?.parent; parent !== undefined; parent = model.elements.get(parent)?.parent) {
    const found = supplements.find((node) => node.parent === parent);
    if (found) return { element: found.id, scope: null };
  }
  const own = tasks.findLast(
    (row) => isDecision(row) && text(row, "state") === "completed" && text(row, "role").startsWith("applicant-"),
  );
  const drawn = supplements.find(({ parent }) => parent === model.id)?.id;
  const element = drawn ?? (own && standsAs(own, null));
  return element === undefined || element === null ? null : { element, scope: null };
}
