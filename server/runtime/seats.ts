import type { ApprovalPolicy } from "../../engine/approval/policy.ts";
import type { AskedSigner } from "../../engine/approval/round.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { partiesOf } from "../../engine/routing/facts.ts";
import { referTo, type Directory } from "../../engine/routing/organisations.ts";
import { organisationAt } from "../../engine/routing/positions.ts";
import type { OrganisationRef, RouteDecision } from "../../engine/routing/types.ts";
import { hasApplied, type Authors } from "../identity/authors.ts";
import { applicantRoles } from "../identity/posts.ts";
import { text } from "../store/rows.ts";
import type { Query } from "../store/store.ts";

export type Persons = readonly { readonly id: string; readonly name: string }[];

interface AskedPlace {
  readonly rule: Omit<AskedSigner, "person" | "organisation">;
  readonly organisation: Pick<OrganisationRef, "id">;
}

/** A place in which a step is signed: a role, at the step's organisation or at one that signs beside it. */
export interface AskedSeat extends AskedPlace {
  readonly organisation: OrganisationRef;
}

/** The place with who may take it in this case. */
type Seated<Place extends AskedPlace> = Place & {
  /** Whoever holds the role, also those who may not act here. */
  readonly holders: Persons;
  readonly persons: Persons;
};
export type Seat = Seated<AskedSeat>;

export interface SeatQuestion {
  readonly query: Query;
  readonly instanceId: string;
  readonly authors: Authors;
  readonly acting: Acting | null;
}

/** A step that is decided at this very moment, and so is not done yet. */
export interface Acting {
  readonly step: string;
  readonly wait: string;
  /** Who is about to decide it; whoever has decided already stands in its rows. */
  readonly persons: readonly string[];
}

/** A step as the route answers it, with whom it asks. */
export interface SeatedStep<Place extends AskedPlace> {
  readonly decision: Pick<RouteDecision, "fourEyes">;
  readonly asked: readonly Place[];
}

/**
 * Whom a step asks by its policy: the role that the route names where the policy names none. `variables` give the parties of the
 * case where signers stand elsewhere in it. Throws `RouteError` where the case has no organisation at such a place.
 */
export function askedSeats(
  directory: Directory,
  { policy, decision }: { readonly policy: ApprovalPolicy | null; readonly decision: RouteDecision },
  variables: () => Variables,
): readonly AskedSeat[] {
  const { role, organisation } = decision;
  const named = policy?.parameters.signers ?? [];
  if (named.length === 0) return [{ rule: { role, weight: 1, required: false, veto: false }, organisation }];
  const parties = named.some(({ at }) => at !== undefined) ? partiesOf(variables()) : null;
  return named.map((rule) => ({
    rule,
    organisation:
      parties && rule.at !== undefined ? referTo(organisationAt(directory, rule.at, parties)) : organisation,
  }));
}

/**
 * The seats of each step. Whoever applied is left out of all but the applicant's own steps, and who did the other step of a
 * two-person rule of that one.
 */
export async function seatsOf<Place extends AskedPlace>(
  question: SeatQuestion,
  steps: readonly SeatedStep<Place>[],
): Promise<readonly (readonly Seated<Place>[])[]> {
  const holders = await holdersOf(
    question.query,
    steps.flatMap(({ asked }) =>
      asked.map(({ rule, organisation }) => ({ organisation: organisation.id, role: rule.role })),
    ),
  );
  const done = await doersOf(question, [...new Set(steps.flatMap(({ decision }) => decision.fourEyes))]);
  return steps.map(({ decision, asked }) =>
    asked.map((seat): Seated<Place> => {
      const held = holders.get(`${seat.organisation.id} ${seat.rule.role}`) ?? [];
      const isApplicants = seat.rule.role.startsWith(applicantRoles);
      const persons = held.filter(
        ({ id }) =>
          (isApplicants || !hasApplied(question.authors, id)) &&
          !decision.fourEyes.some((step) => done.get(step)?.has(id)),
      );
      return { ...seat, holders: held, persons };
    }),
  );
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
