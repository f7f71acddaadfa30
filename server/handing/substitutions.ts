import { faultsOf, leftUncovered, type NamedPerson, type Substitution } from "../../engine/approval/substitution.ts";
import { authorize } from "../identity/policy.ts";
import type { Principal } from "../identity/sessions.ts";
import { announce, announceAll } from "../notices/announce.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { recipientNamed, type Recipient } from "./recipient.ts";

export interface Arrangement {
  readonly person: string;
  readonly substitute: string;
  readonly organisation: string;
  /** ISO 8601 instants (UTC) on the clock of cases; `until` no longer counts. */
  readonly from: string;
  readonly until: string;
  readonly processes: readonly string[] | null;
  readonly roles: readonly string[] | null;
  readonly highestGrade: number | null;
  readonly reason: string;
}

/**
 * Arranges who stands in for somebody who is away, by that person or by the head (features b14). Pending work is covered at
 * once. Gives the id of the row and who is left without a substitute by it. Throws 404 for whoever may not, 422
 * `SUBSTITUTION_INVALID` with every fault.
 */
export async function arrangeSubstitution(
  runtime: Runtime,
  principal: Principal,
  arrangement: Arrangement,
): Promise<{ readonly id: string; readonly uncovered: readonly NamedPerson[] }> {
  const { person: personId, organisation } = arrangement;
  authorize(principal, { type: "substitution.arrange", person: personId, organisation }, runtime.content);
  const now = runtime.clock.now();
  return runtime.store.transaction(async (tx) => {
    await takeTurns(tx, [personId, arrangement.substitute]);
    const [person, substitute] = [
      await recipientNamed(tx.query, personId),
      await recipientNamed(tx.query, arrangement.substitute),
    ];
    const others = await othersOf(tx, now);
    const proposed = { ...arrangement, person: nameOf(person), substitute: nameOf(substitute) };
    const byHead = principal.posts.some((post) => post.organisation === organisation && post.role.endsWith("-head"));
    const [personPosts, substitutePosts] = [person.posts, substitute.posts];
    refuseFaulty(faultsOf(proposed, { personPosts, substitutePosts, byHead, now, others }));
    const id = newId();
    await tx.insert("substitution", rowOf(id, proposed, { by: principal, now }));
    const uncovered = leftUncovered(proposed, others);
    await tell(tx, proposed, { by: principal, now, uncovered });
    return { id, uncovered };
  });
}

/** Ends a substitution before its time, by the person, the substitute or the head. Throws 404, 409 `SUBSTITUTION_OVER`. */
export async function revokeSubstitution(runtime: Runtime, principal: Principal, id: string): Promise<void> {
  const now = runtime.clock.now();
  await runtime.store.transaction(async (tx) => {
    const [row] = await tx.query("SELECT * FROM substitution WHERE id = ?", [id]);
    if (!row) throw notFound();
    const [person, organisation] = [text(row, "person_id"), text(row, "organisation_id")];
    if (text(row, "substitute_id") !== principal.id)
      authorize(principal, { type: "substitution.arrange", person, organisation }, runtime.content);
    const changed = await tx.execute(
      "UPDATE substitution SET revoked_by_id = ?, revoked_by_name = ?, revoked_at = ? WHERE id = ? AND revoked_at IS NULL AND ends_at > ?",
      [principal.id, principal.name, now, id, now],
    );
    if (changed !== 1)
      throw new RuntimeProblem(409, "SUBSTITUTION_OVER", {
        zh: "该代理已结束或已撤销",
        en: "This substitution is over or was revoked already",
      });
  });
}

/** Two arrangements for the same person, or back and forth between two, wait for each other. */
async function takeTurns(tx: Transaction, persons: readonly string[]): Promise<void> {
  for (const id of [...new Set(persons)].sort())
    await tx.query(`SELECT id FROM person WHERE id = ? ${tx.forUpdate}`, [id]);
}

async function othersOf(tx: Transaction, now: string): Promise<readonly Substitution[]> {
  const rows = await tx.query("SELECT * FROM substitution WHERE ends_at > ? AND revoked_at IS NULL ORDER BY id", [now]);
  return rows.map((row: Row) => ({
    person: { id: text(row, "person_id"), name: text(row, "person_name") },
    substitute: { id: text(row, "substitute_id"), name: text(row, "substitute_name") },
    organisation: text(row, "organisation_id"),
    from: text(row, "starts_at"),
    until: text(row, "ends_at"),
  }));
}

function refuseFaulty(faults: ReturnType<typeof faultsOf>): void {
  if (faults.length === 0) return;
  throw new RuntimeProblem(
    422,
    "SUBSTITUTION_INVALID",
    { zh: "代理安排有以下问题，未作设定", en: "The substitution has these faults; nothing was set" },
    { zh: "请更正后再提交", en: "Correct them and send again" },
    faults,
  );
}

type Named = Omit<Arrangement, "person" | "substitute"> & Pick<Substitution, "person" | "substitute">;

function rowOf(id: string, named: Named, { by, now }: { readonly by: NamedPerson; readonly now: string }) {
  return {
    id,
    person_id: named.person.id,
    person_name: named.person.name,
    substitute_id: named.substitute.id,
    substitute_name: named.substitute.name,
    organisation_id: named.organisation,
    starts_at: named.from,
    ends_at: named.until,
    processes: named.processes?.join(" ") ?? null,
    roles: named.roles?.join(" ") ?? null,
    highest_grade: named.highestGrade,
    reason: named.reason,
    created_by_id: by.id,
    created_by_name: by.name,
    created_at: now,
    revoked_by_id: null,
    revoked_by_name: null,
    revoked_at: null,
  };
}

async function tell(
  tx: Transaction,
  { person, substitute, from, until, organisation }: Named,
  {
    by,
    now,
    uncovered,
  }: { readonly by: NamedPerson; readonly now: string; readonly uncovered: readonly NamedPerson[] },
): Promise<void> {
  const about = { instanceId: null, taskId: null, at: now, by: by.id } as const;
  const params = { person: person.name, substitute: substitute.name, from, until, who: by.name };
  await announce(tx, {
    ...about,
    kind: "substitution.named",
    to: [{ person: person.id }, { person: substitute.id }],
    params,
  });
  const heads = ["applicant-head", "provider-head", "authority-head"].map((role) => ({ organisation, role }));
  await announceAll(
    tx,
    uncovered.map((left) => ({
      ...about,
      kind: "substitution.uncovered" as const,
      to: [{ person: left.id }, ...heads],
      params: { person: left.name, substitute: person.name },
    })),
  );
}

function nameOf({ id, name }: Recipient): NamedPerson {
  return { id, name };
}
