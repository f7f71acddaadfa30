import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { excludedFrom } from "./standing.ts";

export interface Invited {
  readonly person: { readonly id: string; readonly name: string };
  readonly organisation: string;
  readonly role: string;
}

/**
 * Somebody who is asked to take part in a step: of the task's own organisation or of one that takes part in the case, and
 * neither the applicant nor kept out by the two-person rule. Throws 422 that says which it is.
 */
export async function invitedPerson(within: Within, task: Row, personId: string): Promise<Invited> {
  const { tx, instance } = within;
  const own = text(task, "organisation_id");
  const posts = await tx.query(
    `SELECT person.id, person.name, post.organisation_id, post.role FROM post JOIN person ON person.id = post.person_id
     WHERE person.id = ? AND (post.organisation_id = ? OR post.organisation_id IN (SELECT organisation_id FROM participant WHERE instance_id = ?))
     ORDER BY CASE WHEN post.organisation_id = ? THEN 0 ELSE 1 END, CASE WHEN post.role = ? THEN 0 ELSE 1 END, post.role`,
    [personId, own, text(instance, "id"), own, text(task, "role")],
  );
  const [post] = posts;
  if (!post) {
    throw invalid("PERSON_NOT_OF_CASE", {
      zh: "此人不属于本单位或案件参与单位",
      en: "This person belongs neither to your organisation nor to one that takes part in the case",
    });
  }
  const query = (sql: string, parameters?: Parameters<typeof tx.query>[1]) => tx.query(sql, parameters);
  if (await excludedFrom({ query, instance }, task, personId)) {
    throw invalid("PERSON_EXCLUDED", {
      zh: "此人是申请人或办理过两人规则的另一环节，须回避",
      en: "This person applied, or did the other step of a two-person rule",
    });
  }
  return {
    person: { id: personId, name: text(post, "name") },
    organisation: text(post, "organisation_id"),
    role: text(post, "role"),
  };
}

function invalid(code: string, message: { readonly zh: string; readonly en: string }): RuntimeProblem {
  return new RuntimeProblem(422, code, message, { zh: "请选择另一人", en: "Choose somebody else" }, [
    { code, place: "person", message },
  ]);
}
