import type { Content } from "../content/load-content.ts";
import { mayDo, type Action } from "../identity/policy.ts";
import type { Principal, StandIn } from "../identity/sessions.ts";
import { organisationsOf } from "../identity/posts.ts";
import { covers, type Covered } from "../identity/stand-ins.ts";
import type { PersonActor } from "../runtime/actor.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";

/** Somebody who begins a case, and whose application it is where it is not their own. */
export interface Beginner {
  readonly principal: Principal;
  /** Whoever is away, in whose stead they begin it. */
  readonly inSteadOf: StandIn["person"] | null;
}

export type StartAction = Extract<Action, { readonly type: "application.start" | "process.start" }>;

/** In whose names somebody may begin at all, whatever the scope of a substitution: their own alone where they may. */
export function possibleBeginners(content: Content, principal: Principal, action: StartAction): readonly Beginner[] {
  if (mayDo(principal, action, content)) return [{ principal, inSteadOf: null }];
  return ableStandIns(content, principal, action).map(({ person }) => ({ principal, inSteadOf: person }));
}

/**
 * In whose name somebody may begin: in their own before any other, else in that of somebody who is away, within the scope of the
 * substitution; `null` where in none. `about` is asked only of a substitute.
 */
export function beginnerOf(
  content: Content,
  principal: Principal,
  action: StartAction,
  about: () => Covered,
): Beginner | null {
  if (mayDo(principal, action, content)) return { principal, inSteadOf: null };
  const able = ableStandIns(content, principal, action);
  const found = able.length === 0 ? undefined : able.find((standIn) => covers(standIn, about()));
  return found ? { principal, inSteadOf: found.person } : null;
}

/**
 * The same, for the act itself. Throws 404 for whoever may begin it in nobody's name, 403 `BEYOND_SUBSTITUTION` for a substitute
 * whose substitution does not cover it.
 */
export function requireBeginner(
  content: Content,
  principal: Principal,
  action: StartAction,
  about: () => Covered,
): Beginner {
  const beginner = beginnerOf(content, principal, action, about);
  if (beginner) return beginner;
  const [first] = ableStandIns(content, principal, action);
  if (!first) throw notFound();
  throw new RuntimeProblem(
    403,
    "BEYOND_SUBSTITUTION",
    {
      zh: `代 ${first.person.name} 的范围不包括此流程或此级别的数据`,
      en: `Standing in for ${first.person.name} does not cover this process, or data of this grade`,
    },
    {
      zh: "请由有此职责的同事申请，或请负责人重新安排代理范围",
      en: "Let a colleague with the role apply, or have the head arrange a wider substitution",
    },
  );
}

/** Where the person holds a post, in their own name or in that of somebody who is away. */
export function organisationsToBeginAt({ posts, standsInFor }: Principal): readonly string[] {
  return organisationsOf([...posts, ...standsInFor.flatMap((standIn) => standIn.posts)]);
}

/** Those whose posts would do, whatever the scope. */
function ableStandIns(content: Content, principal: Principal, action: StartAction): readonly StandIn[] {
  return principal.standsInFor.filter(({ person, posts }) =>
    mayDo({ ...principal, id: person.id, posts }, action, content),
  );
}

/** Both names belong to what a substitute begins. */
export function actorBeginning({ principal: { id, name }, inSteadOf }: Beginner, organisation: string): PersonActor {
  return { kind: "person", id, name, organisation, ...(inSteadOf ? { onBehalfOf: inSteadOf } : {}) };
}
