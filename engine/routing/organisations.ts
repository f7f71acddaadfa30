import { RouteError } from "./errors.ts";
import { chainOf, requireRegion, type Regions } from "./regions.ts";
import type { OrganisationRef } from "./types.ts";

/**
 * What an organisation is for: `authority` is the data-sharing authority of its region, `operator` runs a platform,
 * `supervision` chases (督办), `government` is the people's government that decides disputes, `emergency` its emergency office.
 */
export const organisationKinds = [
  "department",
  "authority",
  "operator",
  "supervision",
  "government",
  "emergency",
] as const;
export type OrganisationKind = (typeof organisationKinds)[number];

export interface Organisation extends OrganisationRef {
  readonly kind: OrganisationKind;
  /** Roles that somebody holds there. */
  readonly roles: readonly string[];
  /** The upper organ that manages it vertically (垂直管理) and owns its systems; `null` for an organ of local government. */
  readonly superior: string | null;
}

export interface Directory {
  readonly regions: Regions;
  readonly organisations: ReadonlyMap<string, Organisation>;
}

/** The data-sharing authority of a region; a functional zone without one of its own belongs to its parent's. */
export function authorityOf(directory: Directory, region: string): Organisation {
  const own = organisationOfKind(directory, region, "authority");
  if (own) return own;
  const { level, parent } = requireRegion(directory.regions, region);
  if (level === "zone" && parent !== null) return authorityOf(directory, parent);
  throw new RouteError(
    "POSITION_EMPTY",
    region,
    { zh: "该区域没有政务数据共享主管部门", en: "this region has no data-sharing authority" },
    { zh: "请在组织机构中补充", en: "Add one to the organisations" },
  );
}

/** The organisation of that kind in the region or the nearest one above: a county without a platform uses the city's (domain P10). */
export function nearestOfKind(directory: Directory, region: string, kind: OrganisationKind): Organisation {
  for (const code of chainOf(directory.regions, region)) {
    const found = organisationOfKind(directory, code, kind);
    if (found) return found;
  }
  throw new RouteError(
    "POSITION_EMPTY",
    `${region} ${kind}`,
    {
      zh: `${region} 及其上级区域均没有此类单位（${kind}）`,
      en: `neither ${region} nor a region above it has an organisation of this kind (${kind})`,
    },
    { zh: "请在组织机构中补充", en: "Add one to the organisations" },
  );
}

/** The first organisation of that kind in this very region, `null` where it has none. */
export function organisationOfKind(directory: Directory, region: string, kind: OrganisationKind): Organisation | null {
  return placesOf(directory.organisations).get(`${region} ${kind}`) ?? null;
}

/** Throws `RouteError` POSITION_EMPTY when the organisation that a case names for `position` does not exist. */
export function requireOrganisation(directory: Directory, id: string | null, position: string): Organisation {
  const found = id === null ? undefined : directory.organisations.get(id);
  if (found) return found;
  throw new RouteError(
    "POSITION_EMPTY",
    position,
    {
      zh: id === null ? "办件尚未指明该单位" : `办件指明的单位“${id}”不存在`,
      en:
        id === null
          ? "the case names no organisation for this position"
          : `the case names the organisation “${id}”, which does not exist`,
    },
    { zh: "请更正办件或补充组织机构", en: "Correct the case or add the organisation" },
  );
}

export function referTo({ id, name, level, region }: OrganisationRef): OrganisationRef {
  return { id, name, level, region };
}

/** First organisation by region and kind, built once for each list: every step of every case asks for it. */
const indexes = new WeakMap<ReadonlyMap<string, Organisation>, ReadonlyMap<string, Organisation>>();

function placesOf(organisations: ReadonlyMap<string, Organisation>): ReadonlyMap<string, Organisation> {
  const known = indexes.get(organisations);
  if (known) return known;
  const index = new Map<string, Organisation>();
  for (const organisation of organisations.values()) {
    const place = `${organisation.region} ${organisation.kind}`;
    if (!index.has(place)) index.set(place, organisation);
  }
  indexes.set(organisations, index);
  return index;
}
