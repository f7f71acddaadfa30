import type { Json, Variables } from "../expressions/json.ts";
import { dimensions, dimensionOf, type DimensionValue } from "./dimensions.ts";
import { RouteError } from "./errors.ts";
import { organisationOfKind, type Directory, type Organisation } from "./organisations.ts";
import type { CaseParties } from "./positions.ts";
import { chainOf, lowestCommonRegion, requireRegion } from "./regions.ts";
import type { AuthorityModel } from "./rule-pack.ts";

/** What route tables ask: the values of the dimensions, and the case's own data for any other expression. */
export interface Facts {
  readonly step: string;
  /** Value by dimension key; a dimension that the case must tell and does not is missing. */
  readonly dimensions: ReadonlyMap<string, DimensionValue>;
  /** Scope of FEEL expressions; made when first asked for, which most cases never do. */
  readonly scope: () => Variables;
}

/** Parties of a case from its variables. Throws `RouteError` that names the missing field. */
export function partiesOf(variables: Variables): CaseParties {
  return {
    applicant: requireParty(variables, "applicant"),
    provider: requireParty(variables, "provider"),
    hop: named(variables, "hop"),
    breach: breachOf(variables),
    holder: named(variables, "holder"),
    sourceDepartment: named(variables, "sourceDepartment"),
  };
}

function requireParty(variables: Variables, name: "applicant" | "provider"): CaseParties["applicant"] {
  const party = record(variables[name]);
  const organisation = party?.["organisation"];
  const region = party?.["region"];
  if (typeof organisation === "string" && typeof region === "string") return { organisation, region };
  throw new RouteError(
    "CONDITION_FAILED",
    `case variables ${name}`,
    { zh: "办件数据缺少该方的单位或区域", en: "the case's data name no organisation and region for this party" },
    { zh: "请连同申请方和提供方发起办件", en: "Start the case with applicant and provider" },
  );
}

function named(variables: Variables, name: string): { organisation: string } | null {
  const organisation = record(variables[name])?.["organisation"];
  return typeof organisation === "string" ? { organisation } : null;
}

function breachOf(variables: Variables): CaseParties["breach"] {
  const region = record(variables["breach"])?.["region"];
  return typeof region === "string" ? { region } : null;
}

export interface CaseSituation {
  readonly directory: Directory;
  readonly parties: CaseParties;
  readonly acting: Organisation;
  readonly authorityModel: AuthorityModel;
}

/** The facts of one step of a case: dimensions told by the case, and those that follow from who takes part and who acts. */
export function factsOf(variables: Variables, step: string, situation: CaseSituation): Facts {
  const { directory, parties, acting } = situation;
  const applicant = directory.organisations.get(parties.applicant.organisation);
  const derived: Record<string, DimensionValue> = {
    levelRelation: levelRelation(directory, parties),
    regionRelation: regionRelation(directory, parties.applicant.region, parties.provider.region),
    authorityModel: situation.authorityModel,
    applicantPlatform: organisationOfKind(directory, parties.applicant.region, "operator") ? "own" : "shared",
    calendarArea: isAutonomous(directory, acting.region) ? "autonomous" : "national",
  };
  const found = new Map<string, DimensionValue>(Object.entries(derived));
  found.set("acting.level", acting.level);
  for (const { key, path, whenAbsent } of toldDimensions) {
    if (found.has(key)) continue;
    const value = toldValue(variables, path) ?? (key === "applicant.level" ? applicant?.level : null) ?? whenAbsent;
    if (value !== null) found.set(key, value);
  }
  return {
    step,
    dimensions: found,
    scope: () => ({ ...variables, ...derived, step, acting: { level: acting.level, region: acting.region } }),
  };
}

/** The value of a dimension. Throws `RouteError` when the case does not tell it, or tells one outside the vocabulary. */
export function dimensionValue(facts: Facts, key: string): DimensionValue {
  const value = facts.dimensions.get(key);
  const label = dimensionOf(key)?.label ?? { zh: key, en: key };
  if (value === undefined)
    throw new RouteError(
      "CONDITION_FAILED",
      key,
      { zh: `办件未说明“${label.zh}”`, en: `the case does not tell its “${label.en}”` },
      { zh: "请在办件数据中补充", en: "Supply it with the case's data" },
    );
  return value;
}

const toldDimensions = dimensions.map((dimension) => ({ ...dimension, path: dimension.key.split(".") }));

function toldValue(variables: Variables, path: readonly string[]): DimensionValue | null {
  let value: Json | undefined = variables;
  for (const name of path) value = record(value)?.[name];
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** Levels between the two sides, counted in the tree of regions, so that zones stand where their parent puts them. */
function levelRelation(directory: Directory, { applicant, provider }: CaseParties): string {
  const difference = depthOf(directory, applicant) - depthOf(directory, provider);
  if (difference === 0) return "same";
  const way = difference > 0 ? "upward" : "downward";
  return `${way}${Math.min(2, Math.abs(difference))}`;
}

/** A township has its county's region and stands one step below it. */
function depthOf(directory: Directory, party: CaseParties["applicant"]): number {
  const below = directory.organisations.get(party.organisation)?.level === "township" ? 1 : 0;
  return chainOf(directory.regions, party.region).length + below;
}

function regionRelation(directory: Directory, a: string, b: string): string {
  if (a === b) return "same";
  const common = lowestCommonRegion(directory.regions, a, b);
  const { level } = requireRegion(directory.regions, common);
  if (level === "country") return a === common || b === common ? "national" : "otherProvince";
  return level === "province" ? "sameProvince" : "sameCity";
}

/** Autonomous areas bear the word in their official name (宪法 art 30: 自治区, 自治州, 自治县, 自治旗); they may set holidays. */
function isAutonomous(directory: Directory, region: string): boolean {
  return chainOf(directory.regions, region).some((code) =>
    requireRegion(directory.regions, code).name.includes("自治"),
  );
}

function record(value: Json | undefined): Variables | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Variables) : null;
}
