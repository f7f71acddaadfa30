import type { ApprovalPolicy } from "../../engine/approval/policy.ts";
import type { AskedSigner } from "../../engine/approval/round.ts";
import type { RouteDecision } from "../../engine/routing/types.ts";
import { text } from "../store/rows.ts";
import type { Query } from "../store/store.ts";

export type Persons = readonly { readonly id: string; readonly name: string }[];

/** A place in which a step is signed: a role at its organisation, and who may take it in this case. */
export interface Seat {
  readonly rule: Omit<AskedSigner, "person" | "organisation">;
  /** Whoever holds the role, also those who may not act here. */
  readonly holders: Persons;
  readonly persons: Persons;
}

export interface SeatQuestion {
  readonly query: Query;
  readonly instanceId: string;
  readonly startedBy: string;
  readonly acting: Acting | null;
}

/** A step that is decided at this very moment, and so is not done yet. */
export interface Acting {
  readonly step: string;
  readonly wait: string;
  /** Who is about to decide it; whoever has decided already stands in its rows. */
  readonly persons: readonly string[];
}

/** A step as the route answers it, with the policy by which it is signed. */
export interface SeatedStep {
  readonly decision: Pick<RouteDecision, "role" | "fourEyes"> & { readonly organisation: { readonly id: string } };
  readonly policy: ApprovalPolicy | null;
}

/**
 * The seats of each step. Whoever applied is left out of all but the applicant's own steps, and who did the other step of a
 * two-person rule of that one.
 */
export async function seatsOf(
  question: SeatQuestion,
  steps: readonly SeatedStep[],
): Promise<readonly (readonly Seat[])[]> {
  const asked = steps.map((step) => ({ ...step, rules: rulesOf(step) }));
  const holders = await holdersOf(
    question.query,
    asked.flatMap(({ decision, rules }) => rules.map(({ role }) => ({ organisation: decision.organisation.id, role }))),
  );
  const done = await doersOf(question, [...new Set(asked.flatMap(({ decision }) => decision.fourEyes))]);
  return asked.map(({ decision, rules }) =>
    rules.map((rule): Seat => {
      const held = holders.get(`${decision.organisation.id} ${rule.role}`) ?? [];
      const isApplicants = rule.role.startsWith("applicant-");
      const persons = held.filter(
        ({ id }) =>
          (isApplicants || id !== question.startedBy) && !decision.fourEyes.some((step) => done.get(step)?.has(id)),
      );
      return { rule, holders: held, persons };
    }),
  );
}

function rulesOf({ policy, decision }: SeatedStep): readonly Seat["rule"][] {
  const named = policy?.parameters.signers ?? [];
  return named.length > 0 ? named : [{ role: decision.role, weight: 1, required: false, veto: false }];
}

async function holdersOf(
  query: Query,
  posts: readonly { readonly organisation: string; readonly role: string }[],
): Promise<ReadonlyMap<string, Persons>> {
  if (posts.length === 0) return new Map();
  const rows = await query(
    `SELECT post.organisation_id, post.role, person.id, person.name FROM post JOIN person ON person.id = post.person_id
     WHERE ${posts.map(() => "(post.organisation_id = ? AND post.role = ?)").join(" OR ")} ORDER BY person.id`,
    posts.flatMap(({ organisation, role }) => [organisation, role]),
  );
  const holders = new Map<string, { id: string; name: string }[]>();
  for (const row of rows) {
    const post = `${text(row, "organisation_id")} ${text(row, "role")}`;
    holders.set(post, [...(holders.get(post) ?? []), { id: text(row, "id"), name: text(row, "name") }]);
  }
  return holders;
}

/** Who did each of these steps in this case, in their own name or in that of somebody else. */
async function doersOf(
  { query, instanceId, acting }: SeatQuestion,
  steps: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (steps.length === 0) return new Map();
  const rows = await query(
    `SELECT step, assignee_id, on_behalf_id FROM task
     WHERE instance_id = ? AND (state = 'completed' OR (state = 'open' AND kind = 'decide' AND wait_id = ?)) AND step IN (${steps.map(() => "?").join(", ")})`,
    [instanceId, acting?.wait ?? "", ...steps],
  );
  const doers = new Map<string, Set<string>>();
  const note = (step: string, person: string) => doers.set(step, (doers.get(step) ?? new Set()).add(person));
  for (const row of rows)
    for (const column of ["assignee_id", "on_behalf_id"])
      if (typeof row[column] === "string") note(text(row, "step"), text(row, column));
  for (const person of acting?.persons ?? []) note(acting?.step ?? "", person);
  return doers;
}
