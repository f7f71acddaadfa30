import type { Content } from "../content/load-content.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { PersonActor } from "../runtime/actor.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { integer, text } from "../store/rows.ts";
import type { Transaction } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import { refuseBeyondQuota, sumOf } from "./attachments.ts";

export interface Binding {
  readonly ids: readonly string[];
  readonly instanceId: string;
  readonly taskId: string | null;
  readonly actor: PersonActor;
  readonly at: string;
  /** The form that they were sent with and the field of each; left out for what is added to the case itself. */
  readonly sentWith?: { readonly place: string; readonly fields: ReadonlyMap<string, string> };
}

/**
 * Makes uploads of the actor part of a case, in the transaction of what they are sent with, and gives the journal lines that
 * hold their hashes. Throws 422 for one that is not theirs, bound elsewhere or infected, 409 beyond the quota of a case.
 */
export async function bindAttachments(
  tx: Transaction,
  content: Content,
  { ids, instanceId, taskId, actor, at, sentWith }: Binding,
): Promise<readonly JournalLine[]> {
  const distinct = [...new Set(ids)];
  if (distinct.length === 0) return [];
  if (taskId !== null) {
    const tasks = await tx.query("SELECT id FROM task WHERE id = ? AND instance_id = ?", [taskId, instanceId]);
    if (tasks.length === 0) throw notFound();
  }
  const rows = await tx.query(
    `SELECT * FROM attachment WHERE id IN (${placesFor(distinct)}) AND person_id = ? AND instance_id IS NULL AND scan <> 'infected' ORDER BY id`,
    [...distinct, actor.id],
  );
  if (rows.length !== distinct.length) throw notYours();
  const held = await tx.query("SELECT SUM(bytes) AS bytes FROM attachment WHERE instance_id = ?", [instanceId]);
  const added = rows.reduce((sum, row) => sum + integer(row, "bytes"), 0);
  refuseBeyondQuota({ rules: content.talk.attachments }, sumOf(held), added);
  const changed = await tx.execute(
    `UPDATE attachment SET instance_id = ?, task_id = ?, bound_at = ? WHERE id IN (${placesFor(distinct)}) AND instance_id IS NULL`,
    [instanceId, taskId, at, ...distinct],
  );
  if (changed !== distinct.length) throw notYours();
  if (sentWith) await markFields(tx, distinct, sentWith);
  return rows.map((row) => ({
    at,
    type: "attachment.added",
    element: null,
    actor,
    payload: {
      attachment: text(row, "id"),
      name: text(row, "name"),
      sha256: text(row, "sha256"),
      bytes: integer(row, "bytes"),
      task: taskId,
      ...(sentWith ? { place: sentWith.place, field: sentWith.fields.get(text(row, "id")) ?? "" } : {}),
    },
  }));
}

/** Rights to read follow the field. */
async function markFields(
  tx: Transaction,
  ids: readonly string[],
  { place, fields }: NonNullable<Binding["sentWith"]>,
): Promise<void> {
  for (const field of new Set(fields.values())) {
    const of = ids.filter((id) => fields.get(id) === field);
    if (of.length === 0) continue;
    await tx.execute(`UPDATE attachment SET form_place = ?, form_field = ? WHERE id IN (${placesFor(of)})`, [
      place,
      field,
      ...of,
    ]);
  }
}

function notYours(): RuntimeProblem {
  return new RuntimeProblem(
    422,
    "ATTACHMENT_NOT_YOURS",
    {
      zh: "附件不存在、已被使用或未通过安全检查",
      en: "An attachment is missing, used elsewhere, or was found harmful",
    },
    { zh: "请重新上传", en: "Upload it again" },
  );
}
