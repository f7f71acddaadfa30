import { RouteError } from "./errors.ts";
import { chainOf, lowestCommonRegion, requireRegion, type Regions } from "./regions.ts";
import type { OrganisationRef } from "./types.ts";

export interface Organisation extends OrganisationRef {
  /** `authority` is the data-sharing authority of its region, `operator` runs a platform, `supervision` chases (督办). */
  readonly kind: "department" | "authority" | "operator" | "supervision";
  /** Roles that somebody holds there. */
  readonly roles: readonly string[];
}

/** Who acts, by its place in the case. Standard names of `jieli:at`. */
export const positions = {
  applicant: { zh: "申请部门", en: "Applicant department" },
  applicantAuthority: { zh: "申请方同级数据主管部门", en: "Data-sharing authority of the applicant's region" },
  hop: { zh: "逐级转报的主管部门", en: "Authority on the way up" },
  provider: { zh: "数据提供部门", en: "Provider department" },
  providerAuthority: { zh: "提供方同级数据主管部门", en: "Data-sharing authority of the provider's region" },
  operator: { zh: "平台运营单位", en: "Platform operator" },
  supervisor: { zh: "上一级督办单位", en: "Supervising authority one level up" },
  mediator: { zh: "共同上级主管部门", en: "Lowest common authority" },
} as const;
export type Position = keyof typeof positions;

export interface Directory {
  readonly regions: Regions;
  readonly organisations: ReadonlyMap<string, Organisation>;
}

/** Facts of a case that say which organisations take part. */
export interface CaseParties {
  readonly applicant: { readonly organisation: string; readonly region: string };
  readonly provider: { readonly organisation: string; readonly region: string };
  readonly hop: { readonly organisation: string } | null;
  readonly breach: { readonly region: string } | null;
}

/** The organisation that holds `position` in this case. Throws `RouteError` when there is none. */
export function organisationAt(directory: Directory, position: string, parties: CaseParties): Organisation {
  switch (position) {
    case "applicant":
      return requireOrganisation(directory, parties.applicant.organisation, position);
    case "provider":
      return requireOrganisation(directory, parties.provider.organisation, position);
    case "applicantAuthority":
      return authorityOf(directory, parties.applicant.region);
    case "providerAuthority":
      return authorityOf(directory, parties.provider.region);
    case "hop":
      return requireOrganisation(directory, parties.hop?.organisation ?? "", position);
    case "operator":
      return nearest(directory, parties.applicant.region, "operator", position);
    case "supervisor":
      return supervisorOf(directory, parties.breach?.region ?? parties.applicant.region);
    case "mediator":
      return authorityOf(
        directory,
        lowestCommonRegion(directory.regions, parties.applicant.region, parties.provider.region),
      );
    default:
      throw new RouteError(
        "POSITION_UNKNOWN",
        position,
        "no such position in a case",
        `Use one of ${Object.keys(positions).join(", ")}`,
      );
  }
}

export function authorityOf(directory: Directory, region: string): Organisation {
  const found = [...directory.organisations.values()].find(
    (organisation) => organisation.region === region && organisation.kind === "authority",
  );
  if (found) return found;
  throw new RouteError(
    "POSITION_EMPTY",
    region,
    "this region has no data-sharing authority",
    "Add one to the organisations",
  );
}

/** One level up from the region in question; above a province its own supervision office chases. */
function supervisorOf(directory: Directory, region: string): Organisation {
  const { level, parent } = requireRegion(directory.regions, region);
  if (level === "province" || parent === null) return nearest(directory, region, "supervision", "supervisor");
  return authorityOf(directory, parent);
}

/** The organisation of that kind in the region or the nearest one above: a county without a platform uses the city's. */
function nearest(directory: Directory, region: string, kind: Organisation["kind"], position: string): Organisation {
  for (const code of chainOf(directory.regions, region)) {
    const found = [...directory.organisations.values()].find(
      (organisation) => organisation.region === code && organisation.kind === kind,
    );
    if (found) return found;
  }
  throw new RouteError(
    "POSITION_EMPTY",
    position,
    `neither ${region} nor a region above it has an organisation of this kind`,
    "Add one to the organisations",
  );
}

function requireOrganisation(directory: Directory, id: string, position: string): Organisation {
  const found = directory.organisations.get(id);
  if (found) return found;
  throw new RouteError(
    "POSITION_EMPTY",
    position,
    `the case names the organisation “${id}”, which does not exist`,
    "Correct the case or add the organisation",
  );
}

export function referTo({ id, name, level, region }: OrganisationRef): OrganisationRef {
  return { id, name, level, region };
}
