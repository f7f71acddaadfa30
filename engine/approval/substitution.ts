import type { WorkPost } from "./posts.ts";
import { standingIn } from "./posts.ts";

/** Who stands in for whom at one organisation, in [`from`, `until`), ISO 8601 instants (UTC). */
export interface Substitution {
  readonly person: NamedPerson;
  readonly substitute: NamedPerson;
  readonly organisation: string;
  readonly from: string;
  readonly until: string;
}

export interface NamedPerson {
  readonly id: string;
  readonly name: string;
}

export interface ProposedSubstitution extends Substitution {
  /** Roles that it covers; `null` for all that the person has at the organisation. */
  readonly roles: readonly string[] | null;
}

export interface SubstitutionContext {
  readonly personPosts: readonly WorkPost[];
  readonly substitutePosts: readonly WorkPost[];
  /** Named by a head of the organisation, who may name one of lower standing. */
  readonly byHead: boolean;
  readonly now: string;
  /** Those in force or to come that were not revoked. */
  readonly others: readonly Substitution[];
}

export interface SubstitutionFault {
  readonly code:
    | "SUBSTITUTE_ONESELF"
    | "SUBSTITUTE_ELSEWHERE"
    | "SUBSTITUTE_LOWER"
    | "SUBSTITUTE_AWAY"
    | "SUBSTITUTION_LOOP"
    | "SUBSTITUTION_OVERLAPS"
    | "SUBSTITUTION_COVERS_NOTHING"
    | "PERIOD_EMPTY"
    | "PERIOD_PAST";
  readonly place: "substitute" | "person" | "from" | "until" | "roles";
  readonly message: { readonly zh: string; readonly en: string };
}

/**
 * What stands against a substitution: it needs a period to come, a colleague of the same organisation and of no lower standing
 * (a head may name another), who is not away then; nobody has two substitutes at once, and no loop leaves everybody away.
 */
export function faultsOf(proposed: ProposedSubstitution, context: SubstitutionContext): readonly SubstitutionFault[] {
  return [
    ...periodFaults(proposed, context.now),
    ...personFaults(proposed, context),
    ...conflictFaults(proposed, context.others),
  ];
}

/** Whose substitute goes away with this one: their work has nobody then, for a substitute's own substitute gets none of it. */
export function leftUncovered(proposed: Substitution, others: readonly Substitution[]): readonly NamedPerson[] {
  return others
    .filter((other) => other.substitute.id === proposed.person.id && overlap(other, proposed))
    .map(({ person }) => person);
}

function periodFaults({ from, until }: Substitution, now: string): readonly SubstitutionFault[] {
  if (until <= from)
    return [
      fault("PERIOD_EMPTY", "until", { zh: "结束时间须晚于开始时间", en: "The end must be after the beginning" }),
    ];
  if (until <= now)
    return [fault("PERIOD_PAST", "until", { zh: "这段时间已经过去", en: "This period is over already" })];
  return [];
}

function personFaults(
  { person, substitute, organisation, roles }: ProposedSubstitution,
  { personPosts, substitutePosts, byHead }: SubstitutionContext,
): readonly SubstitutionFault[] {
  if (person.id === substitute.id)
    return [
      fault("SUBSTITUTE_ONESELF", "substitute", { zh: "不能由本人代理本人", en: "Nobody stands in for themselves" }),
    ];
  const covered = personPosts.filter(
    (post) => post.organisation === organisation && (roles === null || roles.includes(post.role)),
  );
  if (covered.length === 0)
    return [
      fault("SUBSTITUTION_COVERS_NOTHING", "roles", {
        zh: `${person.name} 在该单位没有所列职责`,
        en: `${person.name} has none of these roles at the organisation`,
      }),
    ];
  const standing = standingIn(substitutePosts, organisation);
  if (standing === null)
    return [
      fault("SUBSTITUTE_ELSEWHERE", "substitute", {
        zh: `${substitute.name} 不是本单位工作人员`,
        en: `${substitute.name} is not of the same organisation`,
      }),
    ];
  if (byHead || standing >= (standingIn(covered, organisation) ?? 0)) return [];
  return [
    fault("SUBSTITUTE_LOWER", "substitute", {
      zh: `${substitute.name} 的职级低于被代理人，须由单位负责人指定`,
      en: `${substitute.name} is of lower standing; only the head may name them`,
    }),
  ];
}

function conflictFaults(proposed: Substitution, others: readonly Substitution[]): readonly SubstitutionFault[] {
  const atOnce = others.filter((other) => overlap(other, proposed));
  const twice = atOnce.find(
    ({ person, organisation }) => person.id === proposed.person.id && organisation === proposed.organisation,
  );
  if (twice)
    return [
      fault("SUBSTITUTION_OVERLAPS", "from", {
        zh: `${twice.person.name} 在这段时间已由 ${twice.substitute.name} 代理`,
        en: `${twice.substitute.name} stands in for ${twice.person.name} in this period already`,
      }),
    ];
  const loop = proposed.person.id === proposed.substitute.id ? null : loopThrough(proposed, atOnce);
  if (loop) {
    const way = loop.map(({ name }) => name).join(" → ");
    return [
      fault("SUBSTITUTION_LOOP", "substitute", {
        zh: `形成代理循环：${way}`,
        en: `This makes a loop of substitutes: ${way}`,
      }),
    ];
  }
  const away = atOnce.find(({ person }) => person.id === proposed.substitute.id);
  if (!away) return [];
  return [
    fault("SUBSTITUTE_AWAY", "substitute", {
      zh: `${away.person.name} 在这段时间外出，由 ${away.substitute.name} 代理；代理不能再转代理`,
      en: `${away.person.name} is away then, with ${away.substitute.name} standing in; a substitute's substitute gets nothing`,
    }),
  ];
}

/** The persons from the one who is away round to themselves again; `null` where the way ends. */
function loopThrough(
  { person, substitute }: Substitution,
  atOnce: readonly Substitution[],
): readonly NamedPerson[] | null {
  const walked = new Set([person.id]);
  const follow = (at: NamedPerson, way: readonly NamedPerson[]): readonly NamedPerson[] | null => {
    if (at.id === person.id) return [...way, at];
    if (walked.has(at.id)) return null;
    walked.add(at.id);
    for (const next of atOnce.filter((other) => other.person.id === at.id)) {
      const found = follow(next.substitute, [...way, at]);
      if (found) return found;
    }
    return null;
  };
  return follow(substitute, [person]);
}

function overlap(a: Substitution, b: Substitution): boolean {
  return a.from < b.until && b.from < a.until;
}

function fault(
  code: SubstitutionFault["code"],
  place: SubstitutionFault["place"],
  message: SubstitutionFault["message"],
): SubstitutionFault {
  return { code, place, message };
}
