import type { Json } from "../expressions/json.ts";
import { boundText, type Bound, type BoundOf } from "./bound.ts";
import type { Facts } from "./facts.ts";
import type { RulePack } from "./rule-pack.ts";
import type { AppliedBound } from "./types.ts";

/** A value after the bounds of the layers above, and what they changed. */
export interface Bounded<T> {
  readonly value: T;
  readonly applied: readonly AppliedBound[];
}

/** An output of a route table with the region whose row gave it; `null` where the process itself says it. */
export interface Given<T> {
  readonly value: T;
  readonly by: string | null;
}

/** Packs of a chain of regions, from the acting one up to the country. */
export interface PackChain {
  readonly regions: readonly string[];
  readonly packs: ReadonlyMap<string, RulePack>;
}

export interface RegionalBound<T extends Bound["type"]> {
  readonly region: string;
  readonly bound: BoundOf<T>;
}

/** Bounds of one type set by the chain; those that bind `region` are set above it. */
export function boundsOf<T extends Bound["type"]>(
  chain: PackChain,
  type: T,
  above: string | null,
): readonly RegionalBound<T>[] {
  const regions = above === null ? chain.regions : chain.regions.slice(chain.regions.indexOf(above) + 1);
  return regions.flatMap((region) =>
    (chain.packs.get(region)?.bounds ?? []).flatMap((bound) => (isOfType(bound, type) ? [{ region, bound }] : [])),
  );
}

function isOfType<T extends Bound["type"]>(bound: Bound, type: T): bound is BoundOf<T> {
  return bound.type === type;
}

/** A step that a region above forbids to skip is performed whatever a lower table says. */
export function keepRequiredStep(chain: PackChain, step: string, given: Given<boolean>): Bounded<boolean> {
  if (given.value || given.by === null) return { value: given.value, applied: [] };
  const keeps = boundsOf(chain, "mayNotSkip", given.by).find(({ bound }) => bound.steps.includes(step));
  return keeps ? { value: true, applied: [applied(keeps, given.value, true)] } : { value: given.value, applied: [] };
}

/** A role outside those that a region above demands gives way to the drawn one, or to the first that is demanded. */
export function keepRequiredRole(chain: PackChain, step: string, given: Given<string>, drawn: string): Bounded<string> {
  if (given.by === null) return { value: given.value, applied: [] };
  const demands = boundsOf(chain, "mustHaveRole", given.by).find(
    ({ bound }) => bound.step === step && !bound.roles.includes(given.value),
  );
  if (!demands) return { value: given.value, applied: [] };
  const role = demands.bound.roles.includes(drawn) ? drawn : (demands.bound.roles[0] ?? drawn);
  return { value: role, applied: [applied(demands, given.value, role)] };
}

export interface Approval {
  readonly policy: string;
  readonly parameters: Readonly<Record<string, Json>>;
}

/** The nearest approval policy that no region above it forbids. `given` is ordered from the acting region up. */
export function keepApprovalPolicy(
  chain: PackChain,
  step: string,
  given: readonly Given<Approval>[],
): Bounded<Approval | null> {
  const refused: AppliedBound[] = [];
  for (const { value, by } of given) {
    const keeps = boundsOf(chain, "keepsApprovalPolicy", by).find(({ bound }) => bound.steps.includes(step));
    if (!keeps) return { value, applied: refused };
    refused.push(applied(keeps, value.policy, null));
  }
  return { value: null, applied: refused };
}

/** Whether a step may be added by `by`: a region above may have named the only ones. */
export function allowAddedStep(chain: PackChain, step: string, by: string): Bounded<boolean> {
  const forbids = boundsOf(chain, "mayOnlyAddSteps", by).find(({ bound }) => !bound.steps.includes(step));
  return forbids ? { value: false, applied: [applied(forbids, true, false)] } : { value: true, applied: [] };
}

/** Silence grants nothing where any layer forbids it for the limit, for personal information or for the grade of the data. */
export function refuseDeemedConsent<T extends string>(
  chain: PackChain,
  limit: string,
  onTimeout: T | "deemedGrant",
  facts: Facts,
): Bounded<T | "deemedGrant" | "escalate"> {
  if (onTimeout !== "deemedGrant") return { value: onTimeout, applied: [] };
  const personal = facts.dimensions.get("request.personalInfo") ?? "unknown";
  const grade = facts.dimensions.get("resource.grade") ?? Number.POSITIVE_INFINITY;
  const forbids = boundsOf(chain, "noDeemedConsent", null).find(
    ({ bound }) =>
      bound.limits.includes(limit) || (bound.personalInfo && personal !== "none") || Number(grade) >= bound.fromGrade,
  );
  return forbids
    ? { value: "escalate", applied: [applied(forbids, onTimeout, "escalate")] }
    : { value: onTimeout, applied: [] };
}

/** Steps whose persons may not do this one (two-person rule). */
export function othersOfFourEyes(chain: PackChain, step: string): readonly string[] {
  const groups = boundsOf(chain, "fourEyes", null).filter(({ bound }) => bound.steps.includes(step));
  return [...new Set(groups.flatMap(({ bound }) => bound.steps.filter((other) => other !== step)))];
}

export function applied(
  { region, bound }: { readonly region: string; readonly bound: Bound },
  from: unknown,
  to: unknown,
): AppliedBound {
  return { region, bound: boundText(bound), from, to, source: bound.source };
}
