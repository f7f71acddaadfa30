import { authorize } from "../identity/policy.ts";
import { organisationsOf } from "../identity/posts.ts";
import type { Principal } from "../identity/sessions.ts";
import type { PersonActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Query, Row, Transaction } from "../store/store.ts";
import { passWatching } from "../talk/watchers.ts";
import { custodyLine, putInHands } from "./hold.ts";
import { barTo, recipientNamed, type Recipient } from "./recipient.ts";
import { letGo } from "./stranded.ts";
import { tellHanded } from "./transfer.ts";

/** What somebody who leaves has in hand. */
export interface OpenWork {
  readonly person: Recipient;
  /** Open and waiting tasks, what was asked of the person among them. */
  readonly tasks: readonly Row[];
  /** Pieces of work that others do at their request. */
  readonly asked: number;
  readonly substitutions: number;
}

export interface Departure {
  readonly person: string;
  /** Who takes the work over; `null` gives it back to all who hold the roles. */
  readonly successor: string | null;
  readonly reason: string;
}

export interface HandedOver {
  readonly taskId: string;
  readonly caseNumber: string;
  /** Named only where the successor may take it; otherwise it goes back to the candidates, and `because` says why. */
  readonly to: { readonly id: string; readonly name: string } | null;
  readonly because: { readonly zh: string; readonly en: string } | null;
}

/** What would be handed over. Throws 404 for whoever may not sign the person off. */
export async function openWorkOf(runtime: Runtime, principal: Principal, id: string): Promise<OpenWork> {
  const query = runtime.store.read;
  const person = await leaver(runtime, principal, { query, id });
  const [asked] = await query(
    "SELECT COUNT(*) AS n FROM task WHERE owner_id = ? AND kind <> 'decide' AND state IN ('open', 'waiting')",
    [id],
  );
  const [substitutions] = await query(
    "SELECT COUNT(*) AS n FROM substitution WHERE (person_id = ? OR substitute_id = ?) AND revoked_at IS NULL AND ends_at > ?",
    [id, id, runtime.clock.now()],
  );
  return {
    person,
    tasks: await tasksOf(query, id),
    asked: Number(asked?.["n"] ?? 0),
    substitutions: Number(substitutions?.["n"] ?? 0),
  };
}

/**
 * Signs somebody off: sign-in and posts end first, so that nothing new reaches them; then every open task goes to the successor
 * or back to its candidates, each in its own transaction with a line in its case. Should this end half-way, the watch
 * (`stranded.ts`) gives back what is left. Throws 404 for whoever may not, 422 for a successor who is of no use.
 */
export async function signOff(
  runtime: Runtime,
  principal: Principal,
  departure: Departure,
): Promise<readonly HandedOver[]> {
  const query = runtime.store.read;
  const person = await leaver(runtime, principal, { query, id: departure.person });
  const successor = departure.successor === null ? null : await recipientNamed(query, departure.successor);
  refuseForeign(person, successor);
  const id = newId();
  await runtime.store.transaction((tx) =>
    endPosts(tx, person, { id, by: principal, now: runtime.clock.now(), successor, reason: departure.reason }),
  );
  const results: HandedOver[] = [];
  for (const task of await tasksOf(query, person.id))
    results.push(await handOver(runtime, principal, { task, person, successor, reason: departure.reason }));
  await runtime.store.transaction((tx) =>
    tx.execute("UPDATE departure SET results = ? WHERE id = ?", [JSON.stringify(results), id]),
  );
  return results;
}

async function leaver(
  { content }: Runtime,
  principal: Principal,
  { query, id }: { readonly query: Query; readonly id: string },
): Promise<Recipient> {
  const person = await recipientNamed(query, id);
  const organisations = organisationsOf(person.posts);
  authorize(principal, { type: "person.leave", person: id, organisations }, content);
  return person;
}

function refuseForeign(person: Recipient, successor: Recipient | null): void {
  if (successor === null) return;
  const shared = successor.posts.some(({ organisation }) =>
    person.posts.some((post) => post.organisation === organisation),
  );
  if (shared && successor.id !== person.id) return;
  throw new RuntimeProblem(
    422,
    "SUCCESSOR_ELSEWHERE",
    { zh: "接任人须是同一单位的其他工作人员", en: "The successor is somebody else of the same organisation" },
    null,
    [{ code: "SUCCESSOR_ELSEWHERE", place: "successor", message: { zh: "请另选接任人", en: "Choose somebody else" } }],
  );
}

async function tasksOf(query: Query, person: string): Promise<readonly Row[]> {
  return query(
    `SELECT task.*, instance.case_number, instance.subject_zh, instance.subject_en FROM task JOIN instance ON instance.id = task.instance_id
     WHERE task.assignee_id = ? AND task.state IN ('open', 'waiting') ORDER BY task.sort_at, task.id`,
    [person],
  );
}

interface Ending {
  readonly id: string;
  readonly by: Principal;
  readonly now: string;
  readonly successor: Recipient | null;
  readonly reason: string;
}

async function endPosts(tx: Transaction, person: Recipient, { id, by, now, successor, reason }: Ending): Promise<void> {
  await tx.insert("departure", {
    id,
    person_id: person.id,
    person_name: person.name,
    successor_id: successor?.id ?? null,
    successor_name: successor?.name ?? null,
    posts: JSON.stringify(person.posts),
    reason,
    by_id: by.id,
    by_name: by.name,
    at: now,
    results: null,
  });
  await tx.execute("UPDATE person SET left_at = ? WHERE id = ?", [now, person.id]);
  await tx.execute("DELETE FROM post WHERE person_id = ?", [person.id]);
  await tx.execute("DELETE FROM session WHERE person_id = ?", [person.id]);
  await tx.execute(
    "UPDATE substitution SET revoked_by_id = ?, revoked_by_name = ?, revoked_at = ? WHERE (person_id = ? OR substitute_id = ?) AND revoked_at IS NULL AND ends_at > ?",
    [by.id, by.name, now, person.id, person.id, now],
  );
  await passWatching(tx, person.id, successor && { id: successor.id, name: successor.name });
  if (successor)
    // What others do at the leaver's request is answered to the successor.
    await tx.execute(
      "UPDATE task SET owner_id = ?, owner_name = ? WHERE owner_id = ? AND state IN ('open', 'waiting')",
      [successor.id, successor.name, person.id],
    );
}

async function handOver(
  runtime: Runtime,
  principal: Principal,
  about: {
    readonly task: Row;
    readonly person: Recipient;
    readonly successor: Recipient | null;
    readonly reason: string;
  },
): Promise<HandedOver> {
  const { task, person, successor, reason } = about;
  const actor: PersonActor = {
    kind: "person",
    id: principal.id,
    name: principal.name,
    organisation: principal.posts[0]?.organisation ?? null,
  };
  const taskId = text(task, "id");
  let result: HandedOver = { taskId, caseNumber: text(task, "case_number"), to: null, because: null };
  await runtime.dispatch({
    instanceId: text(task, "instance_id"),
    actor,
    commandId: null,
    decide: async () => null,
    also: async (within): Promise<readonly JournalLine[]> => {
      const [now] = await within.tx.query(
        "SELECT * FROM task WHERE id = ? AND assignee_id = ? AND state IN ('open', 'waiting')",
        [taskId, person.id],
      );
      if (!now) return [];
      const because = successor === null ? null : await barFor(within, now, successor);
      const to = because === null ? successor : null;
      if (to) {
        await putInHands(within.tx, now, to, { asTransfer: true });
        await tellHanded(within, now, { to: to.id, by: principal, reason });
      } else await letGo(within, now);
      result = { ...result, to: to && { id: to.id, name: to.name }, because };
      return [custodyLine(within, "task.handedOver", { task: now, actor, to, reason })];
    },
  });
  return result;
}

async function barFor(
  { tx, instance }: Within,
  task: Row,
  successor: Recipient,
): Promise<{ zh: string; en: string } | null> {
  const giver = optionalText(task, "assignee_id") ?? "";
  const bar = await barTo({ query: tx.query, instance, task, operation: "transfer", giver }, successor);
  return bar && { ...bar.message };
}
