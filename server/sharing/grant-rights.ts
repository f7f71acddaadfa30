import { mayAct, type GrantAction, type GrantSide } from "../../engine/sharing/grant.ts";
import type { Content } from "../content/load-content.ts";
import { hasApplied } from "../identity/authors.ts";
import { visibleGrants } from "../identity/grant-policy.ts";
import { mayDo } from "../identity/policy.ts";
import type { ScopeCondition } from "../identity/scope.ts";
import type { Principal, StandIn } from "../identity/sessions.ts";
import { standInsFor } from "../identity/stand-ins.ts";
import type { Query, Row } from "../store/store.ts";
import { grantSelect, type Grant } from "./grants.ts";

const everySide: readonly GrantSide[] = ["receiver", "provider", "authority"];

/** On which sides somebody may act on a grant, and in whose stead: `null` in their own name, which comes before any other. */
export type GrantSides = ReadonlyMap<GrantSide, StandIn["person"] | null>;

/** Asked at the moment of acting, after every substitution. Whoever applied acts as the receiver alone, whatever post they hold since. */
export function sidesOf(content: Content, principal: Principal, grant: Grant): GrantSides {
  const hasPart = hasApplied(grant.authors, principal.id);
  const own = everySide
    .filter((side) => side === "receiver" || !hasPart)
    .filter((side) => mayDo(principal, { type: "grant.act", side, ...grant }, content))
    .map((side) => [side, null] as const);
  return new Map([...sidesInStead(content, principal, grant), ...own]);
}

/**
 * The sides on which somebody may act for those who are away, within the scope of the substitution. Never in a case that they
 * began, but for its author where they wrote it in the author's stead; and not as the authority on what an organisation of their
 * own received or gave.
 */
export function sidesInStead(content: Content, principal: Principal, grant: Grant): GrantSides {
  const sides = new Map<GrantSide, StandIn["person"]>();
  const isParty = principal.posts.some(({ organisation }) => [grant.receiver, grant.provider].includes(organisation));
  const hasPart = hasApplied(grant.authors, principal.id);
  const covering = standInsFor(content, principal, grant).filter(
    ({ person }) => !hasPart || person.id === grant.authors.startedBy,
  );
  for (const standIn of covering) {
    const inPlace = { ...principal, id: standIn.person.id, posts: standIn.posts };
    for (const side of everySide) {
      if (sides.has(side) || (side === "authority" && isParty)) continue;
      if (side !== "receiver" && hasApplied(grant.authors, standIn.person.id)) continue;
      if (mayDo(inPlace, { type: "grant.act", side, ...grant }, content)) sides.set(side, standIn.person);
    }
  }
  return sides;
}

/** What somebody may do by hand to a grant as it stands. */
export function actionsOf(sides: GrantSides, { state }: Grant): readonly GrantAction[] {
  return (["renew", "narrow", "release", "suspend", "restore", "revoke"] as const).filter((action) =>
    [...sides.keys()].some((side) => mayAct(side, action, state)),
  );
}

/** The row of a grant that the person may see; `null` where there is none. */
export async function grantSeenBy(
  query: Query,
  content: Content,
  principal: Principal,
  id: string,
): Promise<Row | null> {
  const [row] = await grantsSeenBy(query, content, principal, {
    sql: "access_grant.instance_id = ?",
    parameters: [id],
  });
  return row ?? null;
}

/** Those of the grants meant that the person may see, by the condition that also makes their lists. */
export async function grantsSeenBy(
  query: Query,
  content: Content,
  principal: Principal,
  meant: ScopeCondition,
): Promise<readonly Row[]> {
  const seen = visibleGrants(principal, content);
  return query(`${grantSelect} WHERE (${meant.sql}) AND ${seen.sql}`, [...meant.parameters, ...seen.parameters]);
}
