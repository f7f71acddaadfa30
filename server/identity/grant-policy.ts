import type { GrantSide } from "../../engine/sharing/grant.ts";
import { isWithin } from "../../engine/routing/regions.ts";
import type { Content } from "../content/load-content.ts";
import { applicantRoles, attended, overseen, regionPrefixes } from "./posts.ts";
import type { ScopeCondition } from "./scope.ts";
import type { Principal } from "./sessions.ts";

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

/** The grants that the person may see, as a condition on `access_grant` or a table of the same columns. */
export function visibleGrants(principal: Principal, content: Content, table = "access_grant"): ScopeCondition {
  const own = [...new Set(principal.posts.map(({ organisation }) => organisation))];
  const prefixes = regionPrefixes([...overseen(principal, content), ...attended(principal, content)]);
  const places = own.map(() => "?").join(", ");
  const conditions = [
    ...(own.length > 0 ? [`${table}.applicant_org IN (${places})`, `${table}.provider_org IN (${places})`] : []),
    ...prefixes.flatMap(() => [`${table}.applicant_region LIKE ?`, `${table}.provider_region LIKE ?`]),
  ];
  if (conditions.length === 0) return { sql: "1 = 0", parameters: [] };
  return {
    sql: `(${conditions.join(" OR ")})`,
    parameters: [...(own.length > 0 ? [...own, ...own] : []), ...prefixes.flatMap((prefix) => [prefix, prefix])],
  };
}
