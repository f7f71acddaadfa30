import { z } from "zod";
import type { AttachmentRef } from "../../engine/forms/context.ts";
import { fieldsOf, type Form } from "../../engine/forms/form.ts";
import { integer, text } from "../store/rows.ts";
import type { Parameter, Row } from "../store/store.ts";

type Query = (sql: string, parameters?: readonly Parameter[]) => Promise<readonly Row[]>;

const references = z.array(z.object({ id: z.string() }));

/** The attachments that the file fields of a form refer to, as the store of attachments knows them: those that the person uploaded. */
export async function attachmentsNamed(
  query: Query,
  form: Form,
  values: Readonly<Record<string, unknown>>,
  person: string,
): Promise<(id: string) => AttachmentRef | null> {
  const ids = fieldsOf(form.components)
    .filter(({ kind }) => kind === "file")
    .flatMap(({ key }) => references.safeParse(values[key]).data ?? [])
    .map(({ id }) => id);
  const rows =
    ids.length === 0
      ? []
      : await query(
          `SELECT id, name, bytes, media FROM attachment WHERE id IN (${ids.map(() => "?").join(", ")}) AND person_id = ?`,
          [...ids, person],
        );
  const found = new Map(
    rows.map((row): [string, AttachmentRef] => [
      text(row, "id"),
      { id: text(row, "id"), name: text(row, "name"), size: integer(row, "bytes"), type: text(row, "media") },
    ]),
  );
  return (id) => found.get(id) ?? null;
}
