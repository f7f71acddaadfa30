import type { Capacity } from "../../engine/approval/operations.ts";
import type { Content } from "../content/load-content.ts";
import { mayDo, type Action } from "../identity/policy.ts";
import type { Post, Principal } from "../identity/sessions.ts";
import { integer, optionalText, text } from "../store/rows.ts";
import type { Parameter, Row } from "../store/store.ts";

export type Query = (sql: string, parameters?: readonly Parameter[]) => Promise<readonly Row[]>;

/** In which capacities somebody stands to a task and its case at this moment, and for whom if as a substitute. */
export interface Standing {
  readonly held: ReadonlySet<Capacity>;
  readonly onBehalfOf: { readonly id: string; readonly name: string } | null;
}

export interface Question {
  readonly query: Query;
  readonly content: Content;
  readonly principal: Principal;
  readonly instance: Row;
  readonly task: Row | null;
}

/**
 * Asked anew whenever somebody acts, after every substitution: nobody decides on their own application, and who did a step
 * of a two-person rule does not do the other, whether in their own name or in that of somebody who is away.
 */
export async function standingOf(question: Question): Promise<Standing> {
  const held = new Set<Capacity>(await onCase(question));
  const { task } = question;
  if (task === null) return { held, onBehalfOf: null };
  for (const capacity of aroundTask(question, task)) held.add(capacity);
  const work = await onWork(question, task);
  if (work === null) return { held, onBehalfOf: null };
  held.add(work.capacity);
  return { held, onBehalfOf: work.onBehalfOf };
}

async function onCase({ query, content, principal, instance }: Question): Promise<readonly Capacity[]> {
  const rows = await query("SELECT organisation_id, region FROM participant WHERE instance_id = ?", [
    text(instance, "id"),
  ]);
  const regions = rows.map((row) => text(row, "region"));
  const participants = rows.map((row) => text(row, "organisation_id"));
  const may = (action: Action) => mayDo(principal, action, content);
  const isApplicant =
    text(instance, "started_by") === principal.id ||
    principal.posts.some(
      ({ organisation, role }) => organisation === text(instance, "applicant_org") && role === "applicant-head",
    );
  return [
    ...(may({ type: "case.view", participants, regions }) ? (["participant"] as const) : []),
    ...(may({ type: "case.operate", regions }) ? (["overseer"] as const) : []),
    ...(isApplicant ? (["applicant"] as const) : []),
  ];
}

function aroundTask({ principal }: Question, task: Row): readonly Capacity[] {
  const isHead = principal.posts.some(
    ({ organisation, role }) => organisation === text(task, "organisation_id") && role.endsWith("-head"),
  );
  const isAssignee = optionalText(task, "assignee_id") === principal.id;
  return [
    ...(isHead ? (["head"] as const) : []),
    ...(isAssignee && text(task, "state") === "waiting" ? (["owner"] as const) : []),
    ...(optionalText(task, "owner_id") === principal.id ? (["adder"] as const) : []),
    ...(optionalText(task, "sent_by_id") === principal.id ? (["previousActor"] as const) : []),
  ];
}

interface Work {
  readonly capacity: "assignee" | "candidate";
  readonly onBehalfOf: Standing["onBehalfOf"];
}

/** Whether the person may do the work of the task itself: in their own name first, else for somebody who is away. */
async function onWork(question: Question, task: Row): Promise<Work | null> {
  const { principal } = question;
  if (await excludedFrom(question, task, principal.id)) return null;
  const own = workOf(task, { id: principal.id, posts: principal.posts });
  if (own) return { capacity: own, onBehalfOf: null };
  for (const { person, posts, processes } of principal.standsInFor) {
    if (processes !== null && !processes.includes(text(question.instance, "process_key"))) continue;
    const capacity = workOf(task, { id: person.id, posts });
    if (capacity && !(await excludedFrom(question, task, person.id))) return { capacity, onBehalfOf: person };
  }
  return null;
}

function workOf(
  task: Row,
  { id, posts }: { readonly id: string; readonly posts: readonly Post[] },
): Work["capacity"] | null {
  const assignee = optionalText(task, "assignee_id");
  const byName = task["by_name"] !== null && task["by_name"] !== undefined && integer(task, "by_name") === 1;
  const holdsRole = posts.some(
    (post) => post.organisation === text(task, "organisation_id") && post.role === text(task, "role"),
  );
  if (assignee === id) return holdsRole || (byName && posts.length > 0) ? "assignee" : null;
  return assignee === null && holdsRole ? "candidate" : null;
}

/** Nobody decides on their own application; nobody does both steps of a two-person rule (rule packs, bound `fourEyes`). */
export async function excludedFrom(
  { query, instance }: Pick<Question, "query" | "instance">,
  task: Row,
  person: string,
): Promise<boolean> {
  const forApplicant = text(task, "role").startsWith("applicant-");
  if (text(instance, "started_by") === person && !forApplicant) return true;
  const others = (optionalText(task, "four_eyes") ?? "").split(" ").filter((step) => step !== "");
  if (others.length === 0) return false;
  const rows = await query(
    `SELECT id FROM task WHERE instance_id = ? AND state = 'completed' AND step IN (${others.map(() => "?").join(", ")}) AND (assignee_id = ? OR on_behalf_id = ?)`,
    [text(instance, "id"), ...others, person, person],
  );
  return rows.length > 0;
}
