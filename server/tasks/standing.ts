import type { Capacity } from "../../engine/approval/operations.ts";
import type { Content } from "../content/load-content.ts";
import { authorsOf, hasApplied } from "../identity/authors.ts";
import type { Participants } from "../identity/participants.ts";
import { applicantRoles, mayDo, type Action } from "../identity/policy.ts";
import type { Post, Principal, StandIn } from "../identity/sessions.ts";
import { standInsFor } from "../identity/stand-ins.ts";
import { partsBeside } from "../runtime/signing-rounds.ts";
import { integer, optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";

/** In which capacities somebody stands to a task and its case at this moment. */
export interface Standing {
  readonly held: ReadonlySet<Capacity>;
  /** Whom one stands in for, by the capacities that one has only as a substitute. */
  readonly onBehalfOf: ReadonlyMap<Capacity, { readonly id: string; readonly name: string }>;
}

export interface Question {
  readonly query: Query;
  readonly content: Content;
  readonly principal: Principal;
  readonly instance: Row;
  readonly involved: Participants;
  readonly task: Row | null;
}

/** Somebody in whose place one may act: oneself, or one who is away. */
interface Place {
  readonly id: string;
  readonly posts: readonly Post[];
  /** Whether work that was given to the person by name, whatever the role, is covered. */
  readonly coversNamed: boolean;
  readonly standIn: StandIn | null;
}

/**
 * Asked anew whenever somebody acts, after every substitution: nobody decides on their own application, and who did a step
 * of a two-person rule does not do the other, whether in their own name or in that of somebody who is away.
 */
export async function standingOf(question: Question): Promise<Standing> {
  const held = new Set<Capacity>();
  const onBehalfOf = new Map<Capacity, { readonly id: string; readonly name: string }>();
  for (const place of placesOf(question)) {
    for (const capacity of await capacitiesIn(question, place)) {
      if (held.has(capacity)) continue;
      held.add(capacity);
      if (place.standIn) onBehalfOf.set(capacity, place.standIn.person);
    }
  }
  return { held, onBehalfOf };
}

/** One's own place first: whoever may act in their own name does. */
function placesOf({ content, principal, involved }: Question): readonly Place[] {
  const own = { id: principal.id, posts: principal.posts, coversNamed: true, standIn: null };
  const inStead = standInsFor(content, principal, involved.about);
  return [
    own,
    ...inStead.map((standIn) => ({
      id: standIn.person.id,
      posts: standIn.posts,
      coversNamed: standIn.everyRole,
      standIn,
    })),
  ];
}

async function capacitiesIn(question: Question, place: Place): Promise<readonly Capacity[]> {
  const { task } = question;
  const onTheCase = onCase(question, place);
  // A substitute fills posts at one organisation; a case that does not concern these is none of theirs.
  if (place.standIn && !onTheCase.includes("participant")) return [];
  if (task === null) return onTheCase;
  const work = await onWork(question, task, place);
  return [...onTheCase, ...aroundTask(task, place), ...(work ? [work] : [])];
}

function onCase({ content, principal, instance, involved }: Question, place: Place): readonly Capacity[] {
  const { id, posts, standIn } = place;
  const may = (action: Action) => mayDo({ ...principal, id, posts, standsInFor: [] }, action, content);
  const atApplicant = posts.filter(({ organisation }) => organisation === text(instance, "applicant_org"));
  const isAuthor = text(instance, "started_by") === id && (standIn === null || atApplicant.length > 0);
  const isApplicant = isAuthor || atApplicant.some(({ role }) => role === "applicant-head");
  return [
    ...(may({ type: "case.view", ...involved }) ? (["participant"] as const) : []),
    ...(may({ type: "case.operate", regions: involved.regions }) ? (["overseer"] as const) : []),
    ...(isApplicant ? (["applicant"] as const) : []),
  ];
}

function aroundTask(task: Row, { id, posts, coversNamed }: Place): readonly Capacity[] {
  const isHead = posts.some(
    ({ organisation, role }) => organisation === text(task, "organisation_id") && role.endsWith("-head"),
  );
  const isIn = (column: string) => coversNamed && optionalText(task, column) === id;
  return [
    ...(isHead ? (["head"] as const) : []),
    ...(isIn("assignee_id") && text(task, "state") === "waiting" ? (["owner"] as const) : []),
    ...(isIn("owner_id") ? (["adder"] as const) : []),
    ...(isIn("sent_by_id") ? (["previousActor"] as const) : []),
  ];
}

/**
 * Whether the work of the task itself may be done in this place. Nobody stands in for another in a case that they began; whoever
 * wrote it goes on for its author alone.
 */
async function onWork(question: Question, task: Row, place: Place): Promise<"assignee" | "candidate" | null> {
  const { principal, instance } = question;
  const authors = authorsOf(instance);
  const isForAuthor = place.id === authors.startedBy;
  if (place.standIn && hasApplied(authors, principal.id) && !isForAuthor) return null;
  const capacity = workOf(task, place);
  if (capacity === null || text(task, "kind") === "consult") return capacity;
  const isTheirs = capacity === "assignee" && !place.standIn;
  if (!isTheirs && (await hasSignedOrWill(question, task, place))) return null;
  for (const person of new Set([principal.id, place.id])) {
    if (await isExcluded(question, task, person)) return null;
  }
  return capacity;
}

/**
 * No hand signs twice in a round, and nobody is signed for twice: whoever has a part of it, has signed for somebody, or has been
 * signed for takes no other part, neither one that was released nor one of somebody who is away.
 */
async function hasSignedOrWill({ query, principal }: Question, task: Row, place: Place): Promise<boolean> {
  const parts = await partsBeside({ query }, task);
  return parts.has(principal.id) || parts.has(place.id);
}

function workOf(task: Row, { id, posts, coversNamed }: Place): "assignee" | "candidate" | null {
  const assignee = optionalText(task, "assignee_id");
  const byName = task["by_name"] !== null && task["by_name"] !== undefined && integer(task, "by_name") === 1;
  const holdsRole = posts.some(
    (post) => post.organisation === text(task, "organisation_id") && post.role === text(task, "role"),
  );
  const isThere = posts.some(({ organisation }) => organisation === text(task, "organisation_id"));
  if (assignee === id) return holdsRole || (byName && coversNamed && isThere) ? "assignee" : null;
  return assignee === null && holdsRole ? "candidate" : null;
}

/** Nobody decides on their own application; nobody does both steps of a two-person rule (rule packs, bound `fourEyes`). */
export async function isExcluded(
  { query, instance }: Pick<Question, "query" | "instance">,
  task: Row,
  person: string,
): Promise<boolean> {
  const forApplicant = text(task, "role").startsWith(applicantRoles);
  if (hasApplied(authorsOf(instance), person) && !forApplicant) return true;
  const others = (optionalText(task, "four_eyes") ?? "").split(" ").filter((step) => step !== "");
  if (others.length === 0) return false;
  const rows = await query(
    `SELECT id FROM task WHERE instance_id = ? AND state = 'completed' AND step IN (${others.map(() => "?").join(", ")}) AND (assignee_id = ? OR on_behalf_id = ?)`,
    [text(instance, "id"), ...others, person, person],
  );
  return rows.length > 0;
}
