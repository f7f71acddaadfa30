import type { UpwardMode } from "./hops.ts";
import type { AuthorityModel, RulePack } from "./rule-pack.ts";

/** How a place organises its approvals: what its own pack says, or that of the nearest region above. */
export interface PlaceOrganisation {
  readonly authorityModel: AuthorityModel;
  readonly upwardMode: UpwardMode;
}

/** `chain` from the region up to the country; where no pack speaks, the pre-check by the authority and the direct way. */
export function organisationOfPlace(chain: readonly string[], packs: ReadonlyMap<string, RulePack>): PlaceOrganisation {
  let authorityModel: AuthorityModel | null = null;
  let upwardMode: UpwardMode | null = null;
  for (const region of chain) {
    const own = packs.get(region)?.organisation;
    authorityModel ??= own?.authorityModel ?? null;
    upwardMode ??= own?.upwardMode ?? null;
  }
  return { authorityModel: authorityModel ?? "relay", upwardMode: upwardMode ?? "direct" };
}
