import type { InstanceState } from "../../engine/execution/state.ts";
import type { Principal } from "../identity/sessions.ts";
import type { Within } from "../runtime/dispatch.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";
import { isDecision } from "./plan.ts";

/** Work that a return ended, and the scope in which it stood: it is found there again when the case comes straight back. */
export interface HeldWork {
  readonly task: string;
  readonly scope: string;
}

/** The work of these rows, as it stands in the case before the return. */
export function heldWork(state: InstanceState, rows: readonly Row[]): readonly HeldWork[] {
  return rows
    .filter((row) => isDecision(row) && optionalText(row, "signer") === null)
    .flatMap((row) => {
      const scope = state.tokens[text(row, "token")]?.scope;
      return scope === undefined ? [] : [{ task: text(row, "id"), scope }];
    });
}

interface Person {
  readonly id: string;
  readonly name: string;
}

/** Who gets the returner's own step when the case comes straight back: the returner while they hold the post, else who had it. */
export function holderAfter(task: Row, principal: Principal): Person | null {
  const holds = principal.posts.some(
    ({ organisation, role }) => organisation === text(task, "organisation_id") && role === text(task, "role"),
  );
  return holds ? principal : holderOf(task);
}

function holderOf(row: Row): Person | null {
  const id = optionalText(row, "assignee_id");
  return id === null ? null : { id, name: optionalText(row, "assignee_name") ?? id };
}

/** Each step that the case came back to goes to the person who had it, and the returner's to them, while they still hold the post. */
export async function assignHolders({ tx, instance, state, now }: Within): Promise<void> {
  const instanceId = text(instance, "id");
  const [row] = await tx.query(
    "SELECT * FROM case_return WHERE instance_id = ? AND state = 'corrected' AND corrected_at = ? ORDER BY at DESC",
    [instanceId, now],
  );
  if (!row) return;
  const opened = await tx.query(
    "SELECT * FROM task WHERE instance_id = ? AND created_at = ? AND state = 'open' AND kind = 'decide' AND signer IS NULL ORDER BY id",
    [instanceId, now],
  );
  const given = new Set<string>();
  for (const { before, scope } of await leftBy(tx.query, row)) {
    const task = opened.find((found) => !given.has(text(found, "id")) && isSameWork(state, { before, scope }, found));
    if (!task) continue;
    given.add(text(task, "id"));
    if (optionalText(task, "assignee_id") !== null) continue;
    const person = await holding(tx.query, task, candidates(row, before));
    if (person)
      await tx.execute("UPDATE task SET assignee_id = ?, assignee_name = ? WHERE id = ?", [
        person.id,
        person.name,
        text(task, "id"),
      ]);
  }
}

interface Left {
  readonly before: Row;
  /** `null` for a return of before the scope was kept: any work at the same element will do. */
  readonly scope: string | null;
}

async function leftBy(query: Query, row: Row): Promise<readonly Left[]> {
  const kept: readonly { readonly task: string; readonly scope: string | null }[] =
    optionalText(row, "held_work") === null
      ? [{ task: text(row, "task_id"), scope: null }]
      : json<readonly HeldWork[]>(row, "held_work");
  const found: Left[] = [];
  for (const { task, scope } of kept) {
    const [before] = await query("SELECT * FROM task WHERE id = ?", [task]);
    if (before) found.push({ before, scope });
  }
  return found;
}

function isSameWork(state: InstanceState, { before, scope }: Left, task: Row): boolean {
  return (
    ["element", "organisation_id", "role"].every((column) => text(before, column) === text(task, column)) &&
    // A step of several begins anew, in new scopes.
    (scope === null || !state.scopes[scope] || state.tokens[text(task, "token")]?.scope === scope)
  );
}

function candidates(row: Row, before: Row): readonly Person[] {
  const returner = { id: text(row, "by_id"), name: text(row, "by_name") };
  const isOwn = text(row, "task_id") === text(before, "id");
  return [isOwn ? returner : null, holderOf(before)].flatMap((person) => person ?? []);
}

async function holding(query: Query, task: Row, persons: readonly Person[]): Promise<Person | null> {
  for (const person of persons) {
    const post = [person.id, text(task, "organisation_id"), text(task, "role")];
    const held = await query("SELECT id FROM post WHERE person_id = ? AND organisation_id = ? AND role = ?", post);
    if (held.length > 0) return person;
  }
  return null;
}
