import { z } from "zod";
import type { AttachmentFault, AttachmentRef } from "../../engine/forms/context.ts";
import { fieldsOf, type Form } from "../../engine/forms/form.ts";
import { bindAttachments, type Binding } from "../attachments/bind.ts";
import { scanStateOf } from "../attachments/attachments.ts";
import type { Content } from "../content/load-content.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { integer, optionalText, text } from "../store/rows.ts";
import type { Query, Row, Transaction } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";

/** Place of the files that an application is made with. A step's files stand under its element. */
export const applicationPlace = "application";
/** Place of the files that a process is begun or told with by hand. */
export const startPlace = "start";

type Values = Readonly<Record<string, unknown>>;

/** Who sends a form, and where it belongs. `instanceId` is `null` before the case exists. */
export interface FormSender {
  readonly person: string;
  readonly instanceId: string | null;
  readonly place: string;
}

const references = z.array(z.object({ id: z.string() }));

/**
 * The attachments that the file fields of a form refer to, as the store of attachments knows them: uploads of the sender that are
 * bound to nothing, and those that are bound to this very place of the case already. Others have their fault, or are unknown.
 */
export async function attachmentsNamed(
  query: Query,
  form: Form,
  values: Values,
  sender: FormSender,
): Promise<(id: string) => AttachmentRef | AttachmentFault | null> {
  const ids = [...fieldsByFile(form, values).keys()];
  const rows =
    ids.length === 0 ? [] : await query(`SELECT * FROM attachment WHERE id IN (${placesFor(ids)})`, [...ids]);
  const found = new Map(rows.map((row) => [text(row, "id"), seenBy(row, sender)]));
  return (id) => found.get(id) ?? null;
}

function seenBy(row: Row, { person, instanceId, place }: FormSender): AttachmentRef | AttachmentFault | null {
  const boundTo = optionalText(row, "instance_id");
  const isHere = boundTo !== null && boundTo === instanceId && optionalText(row, "form_place") === place;
  if (!isHere && text(row, "person_id") !== person) return null;
  if (!isHere && boundTo !== null) return "elsewhere";
  switch (scanStateOf(row)) {
    case "pending":
      return "pending";
    case "infected":
      return "infected";
    case "clean":
    case "notScanned":
      return { id: text(row, "id"), name: text(row, "name"), size: integer(row, "bytes"), type: text(row, "media") };
  }
}

/** A form as it was accepted, with the case that its files become part of. */
export interface SentForm extends Omit<Binding, "ids" | "sentWith"> {
  readonly form: Form;
  readonly values: Values;
  readonly place: string;
}

/**
 * Makes the files of an accepted form part of the case, in the transaction of what the form is sent with. Those that are bound to
 * this place already stay as they are. Errors of `bindAttachments`.
 */
export async function bindFormFiles(
  tx: Transaction,
  content: Content,
  { form, values, place, ...binding }: SentForm,
): Promise<readonly JournalLine[]> {
  const fields = fieldsByFile(form, values);
  if (fields.size === 0) return [];
  const kept = await tx.query(
    `SELECT id FROM attachment WHERE id IN (${placesFor([...fields.keys()])}) AND instance_id = ? AND form_place = ?`,
    [...fields.keys(), binding.instanceId, place],
  );
  for (const row of kept) fields.delete(text(row, "id"));
  return bindAttachments(tx, content, { ...binding, ids: [...fields.keys()], sentWith: { place, fields } });
}

/** Files that the values name, each with the field of the form that holds it. No column of a table holds files. */
function fieldsByFile(form: Form, values: Values): Map<string, string> {
  const found = new Map<string, string>();
  for (const { kind, key } of fieldsOf(form.components)) {
    if (kind !== "file") continue;
    for (const { id } of references.safeParse(values[key]).data ?? []) if (!found.has(id)) found.set(id, key);
  }
  return found;
}
