import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import type { ScopeCondition } from "./scope.ts";

/** Whose application a case is. Neither of them decides on it. */
export interface Authors {
  /** The person who applied, or `system`. */
  readonly startedBy: string;
  /** The substitute who wrote it in that person's stead. */
  readonly draftedBy: string | null;
}

/** The authors of a case, from its row or from one that holds these columns of it. */
export function authorsOf(row: Row): Authors {
  return { startedBy: text(row, "started_by"), draftedBy: optionalText(row, "drafted_by") };
}

export function hasApplied({ startedBy, draftedBy }: Authors, person: string): boolean {
  return startedBy === person || draftedBy === person;
}

/** The cases in which the person is not `hasApplied`, as a condition on `instance`. */
export function notAppliedBy(person: string): ScopeCondition {
  return {
    sql: "instance.started_by <> ? AND COALESCE(instance.drafted_by, '') <> ?",
    parameters: [person, person],
  };
}
