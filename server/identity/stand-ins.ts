import { integer, optionalText, text } from "../store/rows.ts";
import type { Row, Store } from "../store/store.ts";
import type { Content } from "../content/load-content.ts";
import type { Participants } from "./participants.ts";
import { allOf, anything, oneOf, type ScopeCondition } from "./scope.ts";
import type { Principal, StandIn } from "./sessions.ts";

/**
 * For whom the person stands in at this moment, by the clock of cases. Read anew with every request, in one statement, so that
 * a revocation counts at once. Only the posts of whoever is away come along, never what those stand in for themselves.
 */
export async function standInsOf(store: Pick<Store, "read">, person: string, at: string): Promise<readonly StandIn[]> {
  const rows = await store.read(
    `SELECT substitution.*, post.role FROM substitution
     JOIN post ON post.person_id = substitution.person_id AND post.organisation_id = substitution.organisation_id
     WHERE substitution.substitute_id = ? AND substitution.starts_at <= ? AND substitution.ends_at > ? AND substitution.revoked_at IS NULL
     ORDER BY substitution.id, post.role`,
    [person, at, at],
  );
  const byId = new Map<string, StandIn>();
  for (const row of rows) {
    const known = byId.get(text(row, "id")) ?? withoutPosts(row);
    byId.set(known.substitution, withPost(known, row));
  }
  return [...byId.values()];
}

function withoutPosts(row: Row): StandIn {
  return {
    substitution: text(row, "id"),
    person: { id: text(row, "person_id"), name: text(row, "person_name") },
    posts: [],
    processes: optionalText(row, "processes")?.split(" ") ?? null,
    everyRole: optionalText(row, "roles") === null,
    highestGrade: row["highest_grade"] === null ? null : integer(row, "highest_grade"),
  };
}

/** Adds the post of the row where the scope covers its role. */
function withPost(standIn: StandIn, row: Row): StandIn {
  const role = text(row, "role");
  const roles = optionalText(row, "roles")?.split(" ") ?? null;
  if (roles !== null && !roles.includes(role)) return standIn;
  return { ...standIn, posts: [...standIn.posts, { organisation: text(row, "organisation_id"), role }] };
}

/** What of a case says whether a substitution covers it; unknown data count as the highest grade. */
export interface Covered {
  readonly processKey: string;
  readonly grade: number;
}

export function covers({ processes, highestGrade }: StandIn, { processKey, grade }: Covered): boolean {
  return (processes === null || processes.includes(processKey)) && (highestGrade === null || grade <= highestGrade);
}

/** The same of many cases, as a condition on `instance`. */
export function coveredCases(standIn: StandIn, content: Pick<Content, "resources">): ScopeCondition {
  const { sql, parameters } = coveredGrades(standIn, "application.resource_id", content);
  return allOf(
    coveredProcesses(standIn),
    standIn.highestGrade === null
      ? anything
      : { sql: `instance.id IN (SELECT application.instance_id FROM application WHERE ${sql})`, parameters },
  );
}

export function coveredProcesses({ processes }: StandIn): ScopeCondition {
  return processes === null ? anything : oneOf("instance.process_key", processes);
}

/** The data that a substitution covers, as a condition on the column that names them. */
export function coveredGrades(
  { highestGrade }: StandIn,
  column: string,
  { resources }: Pick<Content, "resources">,
): ScopeCondition {
  if (highestGrade === null) return anything;
  const covered = resources.filter(({ grade }) => grade <= highestGrade);
  return oneOf(
    column,
    covered.map(({ id }) => id),
  );
}

/** Grade of catalogued data; of none, or of data that the catalogue does not hold, higher than any. */
export function gradeOf({ resources }: Pick<Content, "resources">, resourceId: string | null): number {
  return resources.find(({ id }) => id === resourceId)?.grade ?? Number.POSITIVE_INFINITY;
}

/** The substitutions by which the person may act at all where a case, or the grant that it gave, is about this. */
export function standInsFor(
  content: Pick<Content, "resources">,
  { standsInFor }: Pick<Principal, "standsInFor">,
  { processKey, resourceId }: Participants["about"],
): readonly StandIn[] {
  const about = { processKey, grade: gradeOf(content, resourceId) };
  return standsInFor.filter((standIn) => covers(standIn, about));
}
