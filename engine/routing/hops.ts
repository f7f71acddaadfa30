import { RouteError } from "./errors.ts";
import { authorityOf, referTo, type Directory } from "./organisations.ts";
import { chainOf, requireRegion } from "./regions.ts";
import type { OrganisationRef } from "./types.ts";

/** Does the application go up authority by authority, or straight to the provider (domain rule a4, "Cross-level")? */
export type UpwardMode = "direct" | "viaParentAuthority" | "notifyParent";

/**
 * Authorities that an upward application passes between the applicant's own and the provider's: county → province passes the
 * city. Empty on the same level, when it goes directly, and for a provider that lies in another line.
 */
export function computeHops(
  directory: Directory,
  applicantRegion: string,
  providerRegion: string,
  mode: UpwardMode,
): readonly OrganisationRef[] {
  if (mode === "direct") return [];
  const chain = chainOf(directory.regions, applicantRegion);
  const end = chain.indexOf(providerRegion);
  return end <= 1 ? [] : chain.slice(1, end).map((region) => referTo(authorityOf(directory, region)));
}

/** The process that carries an application from one region to a provider of another. */
export function processFor(directory: Directory, applicantRegion: string, providerRegion: string): "ds-01" | "ds-03" {
  requireRegion(directory.regions, providerRegion);
  if (applicantRegion === providerRegion) return "ds-01";
  if (chainOf(directory.regions, applicantRegion).includes(providerRegion)) return "ds-03";
  throw new RouteError(
    "NO_PROCESS",
    `${applicantRegion} → ${providerRegion}`,
    "no published process carries an application across regions or downward yet",
    "Apply through the common superior authority",
  );
}
