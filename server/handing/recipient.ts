import { standingIn, standingOfRole } from "../../engine/approval/posts.ts";
import type { Operation } from "../../engine/approval/operations.ts";
import type { Bilingual } from "../api/shared/common.schema.ts";
import type { Post } from "../identity/sessions.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import { partsBeside } from "../runtime/signing-rounds.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";
import { isExcluded } from "../tasks/standing.ts";

/** Operations that give work to a person who is named. */
export const handingOperations = [
  "assign",
  "transfer",
  "delegate",
  "consult",
  "coHandle",
  "addSigner",
] as const satisfies readonly Operation[];
export type HandingOperation = (typeof handingOperations)[number];

export interface Recipient {
  readonly id: string;
  readonly name: string;
  readonly posts: readonly Post[];
}

export interface Handing {
  readonly query: Query;
  readonly instance: Row;
  readonly task: Row;
  readonly operation: HandingOperation;
  /** Who hands it over; nobody gives work to themselves. */
  readonly giver: string;
}

interface Bar {
  readonly code: string;
  readonly message: Bilingual;
}

/** The person with all posts held now. Throws 422 for somebody unknown, or who has left. */
export async function recipientNamed(query: Query, id: string): Promise<Recipient> {
  const [recipient] = await recipients(query, { sql: "person.id = ?", parameters: [id] });
  if (recipient) return recipient;
  throw new RuntimeProblem(422, "PERSON_UNKNOWN", {
    zh: "没有这位工作人员，或已离职",
    en: "There is no such person, or they have left",
  });
}

/** Persons with a post at the organisation, in the order of their names. */
export async function recipientsAt(query: Query, organisation: string): Promise<readonly Recipient[]> {
  return recipients(query, {
    sql: "person.id IN (SELECT person_id FROM post WHERE organisation_id = ?)",
    parameters: [organisation],
  });
}

async function recipients(
  query: Query,
  { sql, parameters }: { readonly sql: string; readonly parameters: readonly string[] },
): Promise<readonly Recipient[]> {
  const rows = await query(
    `SELECT person.id, person.name, post.organisation_id, post.role FROM person JOIN post ON post.person_id = person.id
     WHERE person.left_at IS NULL AND ${sql} ORDER BY person.name, person.id, post.organisation_id, post.role`,
    parameters,
  );
  const byId = new Map<string, Recipient>();
  for (const row of rows) {
    const [id, name] = [text(row, "id"), text(row, "name")];
    const posts = byId.get(id)?.posts ?? [];
    const post = { organisation: text(row, "organisation_id"), role: text(row, "role") };
    byId.set(id, { id, name, posts: [...posts, post] });
  }
  return [...byId.values()];
}

/** The organisation at which the recipient would do the work: that of the task where they have a post there. */
export function organisationFor(task: Row, { posts }: Recipient): string {
  const own = text(task, "organisation_id");
  return posts.some(({ organisation }) => organisation === own) ? own : (posts[0]?.organisation ?? own);
}

/**
 * Why the person can't be given this work; `null` where they can. A decision stays in its organisation and goes to nobody of
 * lower standing than the step asks for; one who assigns names a holder of the role. An opinion may also be asked of
 * organisations that take part in the case. Who may not decide (own application, two-person rule) is given no part in it but
 * a question. Nobody gets two pieces of work of the same step.
 */
export async function barTo(handing: Handing, recipient: Recipient): Promise<Bar | null> {
  return placeBar(handing, recipient) ?? (await caseBar(handing, recipient));
}

/** Throws 422 `RECIPIENT_BARRED` with the reason. */
export async function admitRecipient(handing: Handing, recipient: Recipient): Promise<void> {
  const bar = await barTo(handing, recipient);
  if (bar === null) return;
  throw new RuntimeProblem(422, "RECIPIENT_BARRED", bar.message, { zh: "请选择其他人员", en: "Choose somebody else" }, [
    { code: bar.code, place: "to", message: bar.message },
  ]);
}

function placeBar({ task, operation, giver }: Handing, { id, name, posts }: Recipient): Bar | null {
  const own = text(task, "organisation_id");
  if (id === giver && operation !== "assign")
    return { code: "TO_ONESELF", message: { zh: "不能交给本人", en: "Not to oneself" } };
  if (id === optionalText(task, "assignee_id"))
    return { code: "HAS_IT", message: { zh: `已由 ${name} 办理`, en: `${name} has it in hand` } };
  const isDecision = text(task, "kind") === "decide" && (operation === "assign" || operation === "transfer");
  if (operation === "assign" && isDecision)
    return posts.some(({ organisation, role }) => organisation === own && role === text(task, "role"))
      ? null
      : {
          code: "NOT_IN_ROLE",
          message: { zh: `${name} 没有此环节的职责`, en: `${name} does not hold the step's role` },
        };
  const asksOpinion = operation === "consult" || operation === "coHandle";
  const standing = asksOpinion
    ? Math.max(...posts.map(({ organisation }) => standingIn(posts, organisation) ?? 0))
    : standingIn(posts, own);
  if (standing === null || standing === 0)
    return {
      code: "ELSEWHERE",
      message: { zh: `${name} 不是本单位工作人员`, en: `${name} is not of this organisation` },
    };
  if (isDecision && standing < standingOfRole(text(task, "role")))
    return {
      code: "LOWER_STANDING",
      message: { zh: `${name} 的职级低于此环节的要求`, en: `${name} is of lower standing than the step asks for` },
    };
  return null;
}

async function caseBar({ query, instance, task, operation }: Handing, recipient: Recipient): Promise<Bar | null> {
  const { id, name, posts } = recipient;
  if (operation === "consult" || operation === "coHandle") {
    const rows = await query("SELECT organisation_id FROM participant WHERE instance_id = ?", [text(instance, "id")]);
    const participants = new Set(rows.map((row) => text(row, "organisation_id")));
    if (!posts.some(({ organisation }) => participants.has(organisation)))
      return {
        code: "NOT_IN_CASE",
        message: { zh: `${name} 的单位未参与本案`, en: `The organisation of ${name} takes no part in the case` },
      };
  }
  const givesPart = operation !== "consult" && text(task, "kind") !== "consult";
  if (givesPart && (await isExcluded({ query, instance }, task, id)))
    return {
      code: "EXCLUDED",
      message: {
        zh: `${name} 须回避（本人申请或已办理互斥环节）`,
        en: `${name} may not act here (own application, or the other step of a two-person rule)`,
      },
    };
  // Who has signed or decided the step has had their say: no vote counts twice.
  const [has] = await query(
    `SELECT id FROM task WHERE instance_id = ? AND wait_id = ? AND assignee_id = ? AND id <> ?
       AND (state IN ('open', 'waiting') OR (state = 'completed' AND kind = 'decide'))`,
    [text(instance, "id"), text(task, "wait_id"), id, text(task, "id")],
  );
  if (has || (await partsBeside({ query }, task)).has(id))
    return {
      code: "HAS_PART",
      message: { zh: `${name} 已在办理此环节的工作`, en: `${name} has a piece of work of this step already` },
    };
  return null;
}
