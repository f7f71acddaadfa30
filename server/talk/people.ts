import type { Query } from "../store/store.ts";
import type { Content } from "../content/load-content.ts";
import { seesCase } from "../identity/policy.ts";
import type { Post, Principal } from "../identity/sessions.ts";
import { text } from "../store/rows.ts";

/** Somebody with posts, as far as rights are asked about. */
export interface Holder {
  readonly id: string;
  readonly name: string;
  readonly posts: readonly Post[];
}

export interface CaseParties {
  readonly applicant: string;
  readonly participants: readonly string[];
  readonly regions: readonly string[];
}

export async function partiesOf(query: Query, instanceId: string): Promise<CaseParties | null> {
  const rows = await query(
    "SELECT participant.organisation_id, participant.region, instance.applicant_org FROM participant JOIN instance ON instance.id = participant.instance_id WHERE participant.instance_id = ?",
    [instanceId],
  );
  const [first] = rows;
  if (!first) return null;
  return {
    applicant: text(first, "applicant_org"),
    participants: rows.map((row) => text(row, "organisation_id")),
    regions: rows.map((row) => text(row, "region")),
  };
}

/** Whoever holds a post in one of these organisations, by name. */
export async function holdersIn(query: Query, organisations: readonly string[]): Promise<readonly Holder[]> {
  const distinct = [...new Set(organisations)];
  if (distinct.length === 0) return [];
  return gathered(
    await query(
      `SELECT person.id, person.name, post.organisation_id, post.role FROM post JOIN person ON person.id = post.person_id
       WHERE post.organisation_id IN (${distinct.map(() => "?").join(", ")}) ORDER BY person.name, person.id, post.id`,
      distinct,
    ),
  );
}

/** These persons with all their posts. */
export async function holdersOf(query: Query, persons: readonly string[]): Promise<readonly Holder[]> {
  const distinct = [...new Set(persons)];
  if (distinct.length === 0) return [];
  return gathered(
    await query(
      `SELECT person.id, person.name, post.organisation_id, post.role FROM post JOIN person ON person.id = post.person_id
       WHERE person.id IN (${distinct.map(() => "?").join(", ")}) ORDER BY person.name, person.id, post.id`,
      distinct,
    ),
  );
}

function gathered(rows: Awaited<ReturnType<Query>>): readonly Holder[] {
  const holders = new Map<string, { id: string; name: string; posts: Post[] }>();
  for (const row of rows) {
    const id = text(row, "id");
    const holder = holders.get(id) ?? { id, name: text(row, "name"), posts: [] };
    holder.posts.push({ organisation: text(row, "organisation_id"), role: text(row, "role") });
    holders.set(id, holder);
  }
  return [...holders.values()];
}

/** Whether this person may see the case, by the posts that they hold themselves. */
export function maySeeCase(content: Content, holder: Holder, parties: CaseParties): boolean {
  return seesCase(asPrincipal(holder), parties, content);
}

/** Whether this person sees the case as one who oversees a region, and not only as a party. */
export function oversees(content: Content, holder: Holder, { regions }: CaseParties): boolean {
  return seesCase(asPrincipal(holder), { participants: [], regions }, content);
}

function asPrincipal({ id, name, posts }: Holder): Principal {
  return { id, name, posts, account: "", standsInFor: [], csrf: "", lastSignInAt: null };
}
