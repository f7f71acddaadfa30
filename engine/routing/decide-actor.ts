import type { Json } from "../expressions/json.ts";
import { keepRequiredRole, type PackChain } from "./bounds.ts";
import { RouteError } from "./errors.ts";
import { isText, outputOf } from "./layered-output.ts";
import { organisationOfKind, type Directory, type Organisation } from "./organisations.ts";
import { organisationAt, type CaseParties } from "./positions.ts";
import { chainOf, requireRegion } from "./regions.ts";
import { levels, type AppliedBound, type Level, type MatchedRow, type RouteQuery } from "./types.ts";

export interface ActorQuestion {
  readonly directory: Directory;
  readonly parties: CaseParties;
  /** The organisation at the position that the process draws. */
  readonly drawn: Organisation;
  readonly chain: PackChain;
  readonly rows: readonly MatchedRow[];
  readonly query: RouteQuery;
  readonly performed: boolean;
}

export interface Actor {
  readonly organisation: Organisation;
  readonly role: string;
  readonly applied: readonly AppliedBound[];
}

/**
 * Who does a step: the drawn position unless a row names another (`at`), lifted to the level that a row names, in the role of
 * the nearest row within the bounds. Throws `RouteError` when the organisation does not exist or nobody there holds the role.
 */
export function decideActor(question: ActorQuestion): Actor {
  const { directory, parties, drawn, chain, rows, query, performed } = question;
  const at = outputOf(rows, "at", isText);
  const placed = at ? organisationAt(directory, at.value, parties) : drawn;
  const level = outputOf(rows, "level", isLevel);
  const organisation = level ? liftTo(directory, placed, level.value) : placed;
  const wanted = outputOf(rows, "role", isText) ?? { value: query.role ?? "", by: null };
  const { value: role, applied } = keepRequiredRole(chain, query.step, wanted, query.role ?? "");
  if (performed && role !== "") requireRole(organisation, role);
  return { organisation, role, applied };
}

/** The organisation of the same kind at a level above: “the authority of the city” for a county's case. */
function liftTo(directory: Directory, organisation: Organisation, level: Level): Organisation {
  if (organisation.level === level) return organisation;
  for (const region of chainOf(directory.regions, organisation.region)) {
    if (requireRegion(directory.regions, region).level !== level) continue;
    const found = organisationOfKind(directory, region, organisation.kind);
    if (found) return found;
  }
  throw new RouteError(
    "POSITION_EMPTY",
    `${organisation.id} ${level}`,
    {
      zh: `${organisation.name.zh}以上没有该层级的同类单位`,
      en: `above ${organisation.name.en} there is no organisation of its kind at this level`,
    },
    { zh: "请更正路由表的“level”或补充组织机构", en: "Correct the table's level or add the organisation" },
  );
}

function isLevel(value: Json): value is Level {
  return levels.some((level) => level === value);
}

function requireRole(organisation: Organisation, role: string): void {
  if (organisation.roles.includes(role)) return;
  throw new RouteError(
    "ROLE_NOT_HELD",
    `${organisation.id} ${role}`,
    { zh: `${organisation.name.zh}没有人担任 ${role}`, en: `nobody holds ${role} at ${organisation.name.en}` },
    { zh: "请指定担任此角色的人员", en: "Appoint somebody to this role" },
  );
}
