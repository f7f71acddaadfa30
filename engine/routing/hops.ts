import { authorityOf, referTo, type Directory, type Organisation } from "./organisations.ts";
import { gatewayOf } from "./positions.ts";
import { chainOf, lowestCommonRegion, requireRegion } from "./regions.ts";
import type { OrganisationRef } from "./types.ts";

/**
 * How an application reaches a provider of another level (domain rule a4, "Cross-level"): straight to it; straight to it while
 * the authorities between are told; or through each of them.
 */
export const upwardModes = {
  direct: { zh: "直达提供部门", en: "Straight to the provider" },
  notifyParent: { zh: "直达并知会上级主管部门", en: "Straight to the provider; authorities between are told" },
  viaParentAuthority: { zh: "经上级主管部门逐级转报", en: "Forwarded by each authority between" },
} as const;
export type UpwardMode = keyof typeof upwardModes;

/** How the provider's region lies to the applicant's. */
export type RegionalDirection = "same" | "upward" | "downward" | "sideways" | "otherProvince";

export interface HopPlan {
  readonly direction: RegionalDirection;
  /** Authorities that must forward the application, in order, between the applicant's own authority and the provider's. */
  readonly hops: readonly OrganisationRef[];
  /** Authorities that are told and not asked. */
  readonly informed: readonly OrganisationRef[];
  /** The provincial authority that posts to the national platform; `null` within one province. */
  readonly gateway: OrganisationRef | null;
  /** Another province and the nation keep their own time: only our side's steps have clocks here. */
  readonly clocks: "bothSides" | "ourSideOnly";
}

/**
 * The authorities between applicant and provider: up from the applicant's to just below the lowest common region, then down to
 * just above the provider's. The two ends' own authorities have steps of their own (check, dispatch) and are no hops.
 */
export function planHops(
  directory: Directory,
  applicantRegion: string,
  providerRegion: string,
  mode: UpwardMode,
): HopPlan {
  const direction = directionOf(directory, applicantRegion, providerRegion);
  const gateway = leavesProvince(directory, applicantRegion, providerRegion)
    ? gatewayOf(directory, applicantRegion)
    : null;
  const between = authoritiesBetween(directory, applicantRegion, providerRegion, gateway).map(referTo);
  return {
    direction,
    hops: mode === "viaParentAuthority" ? between : [],
    informed: mode === "notifyParent" ? between : [],
    gateway: gateway === null ? null : referTo(gateway),
    clocks: gateway === null ? "bothSides" : "ourSideOnly",
  };
}

/** What another province or the nation holds is asked for at the national platform (domain rules N22, DS-04). */
function leavesProvince(directory: Directory, applicantRegion: string, providerRegion: string): boolean {
  const isNational = (region: string) => requireRegion(directory.regions, region).level === "country";
  const common = lowestCommonRegion(directory.regions, applicantRegion, providerRegion);
  return isNational(common) && !isNational(applicantRegion);
}

/** How the provider's region lies to the applicant's. Throws `RouteError` for an unknown region. */
export function directionOf(directory: Directory, applicantRegion: string, providerRegion: string): RegionalDirection {
  if (applicantRegion === providerRegion) return "same";
  const common = lowestCommonRegion(directory.regions, applicantRegion, providerRegion);
  if (common === providerRegion) return "upward";
  if (common === applicantRegion) return "downward";
  return requireRegion(directory.regions, common).level === "country" ? "otherProvince" : "sideways";
}

function authoritiesBetween(
  directory: Directory,
  applicantRegion: string,
  providerRegion: string,
  gateway: Organisation | null,
): readonly Organisation[] {
  const common = lowestCommonRegion(directory.regions, applicantRegion, providerRegion);
  const way =
    gateway === null
      ? [...below(directory, applicantRegion, common), ...below(directory, providerRegion, common).reverse()]
      : below(directory, applicantRegion, common);
  const ends = new Set([
    authorityOf(directory, applicantRegion).id,
    ...(gateway === null ? [authorityOf(directory, providerRegion).id] : [gateway.id]),
  ]);
  const authorities = way.map((region) => authorityOf(directory, region)).filter(({ id }) => !ends.has(id));
  return [...new Map(authorities.map((authority) => [authority.id, authority])).values()];
}

/** Regions strictly between `region` and `common`, from below. */
function below(directory: Directory, region: string, common: string): string[] {
  const chain = chainOf(directory.regions, region);
  return chain.slice(1, Math.max(1, chain.indexOf(common)));
}
