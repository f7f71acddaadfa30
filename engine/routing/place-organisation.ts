import type { UpwardMode } from "./hops.ts";
import type { AuthorityModel, RulePack } from "./rule-pack.ts";
import { suspensionCausesOf, type SuspensionCause } from "./suspension-cause.ts";

/** How a place organises its approvals: what its own pack says, or that of the nearest region above. */
export interface PlaceOrganisation {
  readonly authorityModel: AuthorityModel;
  readonly upwardMode: UpwardMode;
  /** How often a case may be sent on after “not the holder” (R8); then the authority settles who holds the data. */
  readonly mostReroutes: number;
  /** Months for which data may be used before the use has to be renewed; `null` where no pack says. */
  readonly longestUseMonths: number | null;
  /** Why a case may be suspended, those that are not allowed included. */
  readonly suspensionCauses: readonly SuspensionCause[];
}

/** `chain` from the region up to the country; where no pack speaks, the pre-check by the authority and the direct way. */
export function organisationOfPlace(chain: readonly string[], packs: ReadonlyMap<string, RulePack>): PlaceOrganisation {
  let authorityModel: AuthorityModel | null = null;
  let upwardMode: UpwardMode | null = null;
  let mostReroutes: number | null = null;
  let longestUseMonths: number | null = null;
  for (const region of chain) {
    const pack = packs.get(region);
    const own = pack?.organisation;
    authorityModel ??= own?.authorityModel ?? null;
    upwardMode ??= own?.upwardMode ?? null;
    mostReroutes ??= pack?.mostReroutes ?? null;
    longestUseMonths ??= pack?.longestUse?.months ?? null;
  }
  return {
    authorityModel: authorityModel ?? "relay",
    upwardMode: upwardMode ?? "direct",
    mostReroutes: mostReroutes ?? 0,
    longestUseMonths,
    suspensionCauses: suspensionCausesOf(chain, packs),
  };
}
