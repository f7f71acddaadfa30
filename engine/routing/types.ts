import type { Forbiddable } from "../approval/operations.ts";
import type { Variables } from "../expressions/json.ts";

/** What a flexible route answers for one step of one case. Plain data: stored with the task as its explanation. */

/** Division level of an organisation's jurisdiction; `zone` is a functional zone without a GB/T 2260 code of its own, `township` is governed from its county's region. */
export const levels = ["country", "province", "city", "county", "zone", "township"] as const;
export type Level = (typeof levels)[number];

export type LimitUnit = "workday" | "workhour" | "hour" | "day";

/** Where a rule comes from. `grade`: V read in full, S stated in an excerpt, R recalled, P preset of ours. */
export interface RuleSource {
  readonly title: string;
  readonly documentNumber: string | null;
  readonly article: string | null;
  readonly url: string | null;
  readonly grade: "V" | "S" | "R" | "P";
}

/** A time limit as resolved for an acting jurisdiction, after inheritance and bounds. */
export interface ResolvedLimit {
  readonly code: string;
  readonly name: { readonly zh: string; readonly en: string };
  /** In force for the step: the smaller of the layers' values, in `unit`. */
  readonly value: number;
  readonly unit: LimitUnit;
  /** Promised limit in the same unit; `null` where none is promised. */
  readonly promised: number | null;
  /** Region whose working-day calendar counts, a division code. */
  readonly calendarRegion: string;
  readonly onSupplement: "restart" | "resume" | "none";
  /** What a return to the step, or a step entered anew, does to its clock: goes on with what was used, or begins anew. */
  readonly onReturn: "resume" | "restart";
  readonly maxSupplements: number;
  /** Pause reasons during which the clock does not run (`supplement`, `consultation`, `expertReview`, `dispute`, `suspended`). */
  readonly excludes: readonly string[];
  readonly extension: {
    readonly max: number;
    readonly times: number;
    readonly approver: string;
    readonly notify: boolean;
  } | null;
  readonly onTimeout: "escalate" | "deemedGrant" | "deemedRefusal";
  /** When the calendar changes: a due moment that people were told keeps the later date, or follows the calendar. */
  readonly onCalendarChange: "keepLater" | "follow";
  /** Its running out is followed by the ladder of supervision of the region; false for what the applicant owes. */
  readonly monitored: boolean;
  readonly source: RuleSource;
  readonly verified: boolean;
  readonly packRegion: string;
  readonly packVersion: string;
}

export interface OrganisationRef {
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly level: Level;
  /** Division code of its jurisdiction, e.g. `520102`. */
  readonly region: string;
}

export interface MatchedCondition {
  readonly dimension: string;
  readonly test: string;
  readonly value: unknown;
}

export interface MatchedRow {
  readonly region: string;
  readonly table: string;
  readonly version: string;
  readonly row: string;
  readonly conditions: readonly MatchedCondition[];
  /** Outputs this row contributed (a child layer's non-empty cell wins). */
  readonly gave: Readonly<Record<string, unknown>>;
}

export interface AppliedBound {
  readonly region: string;
  readonly bound: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly source: RuleSource;
}

/** "Why me, why five days": every layer that was asked, what matched, what was cut back. */
export interface RouteExplanation {
  readonly step: string;
  readonly jurisdiction: string;
  readonly layersAsked: readonly string[];
  readonly rows: readonly MatchedRow[];
  readonly bounds: readonly AppliedBound[];
  readonly basis: readonly RuleSource[];
  readonly sentence: { readonly zh: string; readonly en: string };
}

export interface RouteDecision {
  readonly perform: boolean;
  readonly role: string;
  readonly organisation: OrganisationRef;
  readonly limit: ResolvedLimit | null;
  /** How several persons sign the step; `null`: one person does. */
  readonly approval: { readonly policy: string; readonly parameters: Variables } | null;
  /** Operations that the route takes away from the step, of all layers. */
  readonly forbids: readonly Forbiddable[];
  /** Steps whose persons may not do this one (two-person rule of a rule pack). */
  readonly fourEyes: readonly string[];
  readonly explanation: RouteExplanation;
}

/** What the engine asks of the route for one step. */
export interface RouteQuery {
  readonly element: string;
  /** `jieli:step`, the key of route tables; the element id where none is given. */
  readonly step: string;
  /** `jieli:at`: which organisation of the case acts, one of the names in positions.ts. */
  readonly at: string | null;
  /** `jieli:role` held there. */
  readonly role: string | null;
  /** `jieli:limit`, a limit code. */
  readonly limit: string | null;
}

/**
 * Resolves one step of a case. Pure: same query, variables and rule versions give the same answer.
 * Throws a `RouteError` (code, place, mend) when nobody can act or a code is unknown; the engine turns it into an incident.
 */
export type Route = (query: RouteQuery, variables: Variables) => RouteDecision;
