import { RouteError } from "./errors.ts";
import {
  authorityOf,
  nearestOfKind,
  organisationOfKind,
  requireOrganisation,
  type Directory,
  type Organisation,
} from "./organisations.ts";
import { lowestCommonRegion, provinceOf, requireRegion } from "./regions.ts";
import { localBranchOf, systemOwnerOf } from "./vertical.ts";

/** Who acts, by its place in the case. Standard names of `jieli:at`. */
export const positions = {
  applicant: { zh: "申请部门", en: "Applicant department" },
  applicantAuthority: { zh: "申请方同级数据主管部门", en: "Data-sharing authority of the applicant's region" },
  hop: { zh: "逐级转报的主管部门", en: "Authority on the way" },
  gateway: { zh: "省级对接国家平台的主管部门", en: "Provincial authority at the national platform" },
  provider: { zh: "数据提供部门", en: "Provider department" },
  providerAuthority: { zh: "提供方同级数据主管部门", en: "Data-sharing authority of the provider's region" },
  systemOwner: { zh: "垂管系统的主管单位", en: "Upper organ that owns the vertically managed system" },
  localBranch: { zh: "垂管系统的本地机构（知会）", en: "Local branch of a vertically managed system (informed)" },
  sourceDepartment: { zh: "数源部门", en: "Source-of-record department named by the authority" },
  holder: { zh: "实际持有数据的部门", en: "Department named as the real holder" },
  operator: { zh: "平台运营单位", en: "Platform operator" },
  supervisor: { zh: "上一级督办单位", en: "Supervising authority one level up" },
  mediator: { zh: "共同上级主管部门（调解）", en: "Lowest common authority (mediates)" },
  mediatorGovernment: { zh: "共同上级人民政府（裁定）", en: "Lowest common people's government (decides)" },
  emergencyOffice: { zh: "政府应急管理机构", en: "Government emergency office" },
} as const;
export type Position = keyof typeof positions;

interface Party {
  readonly organisation: string;
  readonly region: string;
}

/** Facts of a case that say which organisations take part; `null` where the case has not come to that. */
export interface CaseParties {
  readonly applicant: Party;
  readonly provider: Party;
  /** The authority whose turn it is on the way up. */
  readonly hop: { readonly organisation: string } | null;
  /** Region whose clock ran out. */
  readonly breach: { readonly region: string } | null;
  /** Department that a refusal R8 named. */
  readonly holder: { readonly organisation: string } | null;
  /** Department that the authority named when several collect the same data (Order 809 art 19). */
  readonly sourceDepartment: { readonly organisation: string } | null;
}

/** The organisation that holds `position` in this case. Throws `RouteError` when there is none. */
export function organisationAt(directory: Directory, position: string, parties: CaseParties): Organisation {
  if (!isPosition(position)) {
    const known = Object.keys(positions).join(", ");
    throw new RouteError(
      "POSITION_UNKNOWN",
      position,
      { zh: "办件中没有此承办位置", en: "no such position in a case" },
      { zh: `请使用：${known}`, en: `Use one of ${known}` },
    );
  }
  const { applicant, provider } = parties;
  switch (position) {
    case "applicant":
      return requireOrganisation(directory, applicant.organisation, position);
    case "provider":
      return requireOrganisation(directory, provider.organisation, position);
    case "hop":
      return requireOrganisation(directory, parties.hop?.organisation ?? null, position);
    case "holder":
      return requireOrganisation(directory, parties.holder?.organisation ?? null, position);
    case "sourceDepartment":
      return requireOrganisation(directory, parties.sourceDepartment?.organisation ?? null, position);
    case "applicantAuthority":
      return authorityOf(directory, applicant.region);
    case "providerAuthority":
      return authorityOf(directory, provider.region);
    case "gateway":
      return gatewayOf(directory, applicant.region);
    case "systemOwner":
      return systemOwnerOf(directory, provider.organisation);
    case "localBranch":
      return localBranchOf(directory, provider.organisation, applicant.region);
    case "operator":
      return nearestOfKind(directory, applicant.region, "operator");
    case "supervisor":
      return supervisorOf(directory, parties.breach?.region ?? applicant.region);
    case "mediator":
      return commonOfKind(directory, applicant.region, provider.region, "authority");
    case "mediatorGovernment":
      return commonOfKind(directory, applicant.region, provider.region, "government");
    case "emergencyOffice":
      return nearestOfKind(directory, provider.region, "emergency");
  }
}

/** Whether a case has a place of that name. */
export function isPosition(position: string): position is Position {
  return Object.hasOwn(positions, position);
}

/** The provincial authority raises what concerns another province at the national platform (国办发〔2021〕6号, domain N22). */
export function gatewayOf(directory: Directory, applicantRegion: string): Organisation {
  return authorityOf(directory, provinceOf(directory.regions, applicantRegion));
}

/**
 * Mediation and decision lie with the lowest common region (Order 809, three-tier dispute scheme). Between two provinces that
 * is the country; where it has no organisation here, the applicant's own province is its contact.
 */
function commonOfKind(
  directory: Directory,
  applicantRegion: string,
  providerRegion: string,
  kind: "authority" | "government",
): Organisation {
  const common = lowestCommonRegion(directory.regions, applicantRegion, providerRegion);
  const found = organisationOfKind(directory, common, kind);
  if (found) return found;
  const { level } = requireRegion(directory.regions, common);
  return nearestOfKind(directory, level === "country" ? provinceOf(directory.regions, applicantRegion) : common, kind);
}

/** One level up from the region in question; a province is chased by its own supervision office. */
function supervisorOf(directory: Directory, region: string): Organisation {
  const { level, parent } = requireRegion(directory.regions, region);
  if (level === "country" || level === "province" || parent === null)
    return nearestOfKind(directory, region, "supervision");
  return authorityOf(directory, parent);
}
