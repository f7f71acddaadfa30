import type { GrantSide } from "../../engine/sharing/grant.ts";
import { isWithin } from "../../engine/routing/regions.ts";
import { notAppliedBy } from "./authors.ts";
import type { Content } from "../content/load-content.ts";
import { applicantRoles, attended, organisationsOf, overseen, regionPrefixes } from "./posts.ts";
import { allOf, anyOf, not, oneOf, type ScopeCondition } from "./scope.ts";
import type { Principal, StandIn } from "./sessions.ts";
import { coveredGrades, coveredProcesses } from "./stand-ins.ts";

/** Whom a grant concerns. */
export interface GrantParties {
  readonly receiver: string;
  readonly provider: string;
  readonly receiverRegion: string;
  readonly providerRegion: string;
}

/** An authority acts on the grants of its region, never on one that it received or gave itself. */
export function mayActOnGrant(
  principal: Principal,
  { side, receiver, provider, receiverRegion, providerRegion }: GrantParties & { readonly side: GrantSide },
  content: Content,
): boolean {
  const has = (organisation: string, prefix: string) =>
    principal.posts.some((post) => post.organisation === organisation && post.role.startsWith(prefix));
  switch (side) {
    case "receiver":
      return has(receiver, applicantRoles);
    case "provider":
      return has(provider, "provider-");
    case "authority":
      return (
        !principal.posts.some(({ organisation }) => organisation === receiver || organisation === provider) &&
        attended(principal, content).some((region) =>
          [receiverRegion, providerRegion].some((inner) => isWithin(content.regions, inner, region)),
        )
      );
  }
}

/**
 * The grants that the person may see, as a condition on `access_grant`: those of their own organisations and regions, and those
 * on which they may act in the stead of somebody who is away (`sidesInStead`). Lists, counts and the single grant ask by it.
 */
export function visibleGrants(principal: Principal, content: Content): ScopeCondition {
  const own = organisationsOf(principal.posts);
  return anyOf([
    oneOf("access_grant.applicant_org", own),
    oneOf("access_grant.provider_org", own),
    inRegions([...overseen(principal, content), ...attended(principal, content)]),
    ...principal.standsInFor.map((standIn) => grantsInStead(principal, standIn, content)),
  ]);
}

function grantsInStead(principal: Principal, standIn: StandIn, content: Content): ScopeCondition {
  const { person, posts } = standIn;
  const own = [...organisationsOf(principal.posts), ...organisationsOf(posts)];
  const isNoParty = not(anyOf([oneOf("access_grant.applicant_org", own), oneOf("access_grant.provider_org", own)]));
  const holding = (side: string) => organisationsOf(posts.filter(({ role }) => role.startsWith(side)));
  const granted = ofGrantingCase(
    coveredProcesses(standIn),
    anyOf([notAppliedBy(principal.id), { sql: "instance.started_by = ?", parameters: [person.id] }]),
  );
  const othersSides = anyOf([
    oneOf("access_grant.provider_org", holding("provider-")),
    allOf(inRegions(attended({ ...principal, posts }, content)), isNoParty),
  ]);
  return allOf(
    anyOf([
      oneOf("access_grant.applicant_org", holding(applicantRoles)),
      allOf(othersSides, ofGrantingCase(notAppliedBy(person.id))),
    ]),
    coveredGrades(standIn, "access_grant.resource_id", content),
    granted,
  );
}

/** What is asked of the case that granted the access: found by its key, where MariaDB would gather all cases for an EXISTS. */
function ofGrantingCase(...conditions: readonly ScopeCondition[]): ScopeCondition {
  const { sql, parameters } = allOf(...conditions);
  return {
    sql: `(SELECT CASE WHEN ${sql} THEN 1 ELSE 0 END FROM instance WHERE instance.id = access_grant.instance_id) = 1`,
    parameters,
  };
}

function inRegions(regions: readonly string[]): ScopeCondition {
  return anyOf(
    regionPrefixes(regions).map((prefix) => ({
      sql: "access_grant.applicant_region LIKE ? OR access_grant.provider_region LIKE ?",
      parameters: [prefix, prefix],
    })),
  );
}
