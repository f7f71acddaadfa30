import type { Json, Variables } from "../../engine/expressions/json.ts";
import { systemActor } from "../runtime/actor.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { newId } from "../store/ids.ts";
import { integer, optionalText, text } from "../store/rows.ts";
import type { Query, Transaction } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";

/** The files of a case that its data name, with the ids under which another case will have them as its own. */
export interface CarriedFiles {
  readonly ids: ReadonlyMap<string, string>;
  /** The data, naming the files by their new ids. */
  readonly variables: Variables;
}

/** Which files the data of a case name. Each gets an id of its own for the case that takes the data over. */
export async function filesIn(query: Query, instanceId: string, variables: Variables): Promise<CarriedFiles> {
  const rows = await query("SELECT id FROM attachment WHERE instance_id = ?", [instanceId]);
  const known = new Set(rows.map((row) => text(row, "id")));
  const ids = new Map<string, string>();
  const carried = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(carried);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => {
      if (key !== "id" || typeof inner !== "string" || !known.has(inner)) return [key, carried(inner)] as const;
      const id = ids.get(inner) ?? newId();
      ids.set(inner, id);
      return [key, id] as const;
    });
    return Object.fromEntries(entries);
  };
  const named = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, carried(value)]));
  return { ids, variables: named };
}

interface Taking {
  readonly from: { readonly id: string; readonly caseNumber: string };
  readonly to: string;
  readonly at: string;
}

/**
 * Makes the files part of another case as well: rows of its own on the same content, which keep who uploaded them and the field,
 * and say where they come from. The content is kept as long as one row needs it, whatever becomes of the first case. Throws 409
 * where they were deleted meanwhile.
 */
export async function takeOverFiles(
  tx: Transaction,
  ids: CarriedFiles["ids"],
  { from, to, at }: Taking,
): Promise<readonly JournalLine[]> {
  if (ids.size === 0) return [];
  const rows = await tx.query(
    `SELECT * FROM attachment WHERE instance_id = ? AND id IN (${placesFor([...ids.keys()])}) ORDER BY id`,
    [from.id, ...ids.keys()],
  );
  if (rows.length !== ids.size)
    throw new RuntimeProblem(409, "FILES_DELETED", {
      zh: "原案的材料已被删除，不能重启",
      en: "The files of the case have been deleted; it cannot be begun anew",
    });
  const lines: JournalLine[] = [];
  for (const row of rows) {
    const id = ids.get(text(row, "id")) ?? "";
    const own = { id, instance_id: to, task_id: null, bound_at: at, origin_id: text(row, "id") };
    await tx.insert("attachment", { ...row, ...own });
    lines.push({
      at,
      type: "attachment.carried",
      element: null,
      actor: systemActor,
      payload: {
        attachment: id,
        origin: text(row, "id"),
        caseNumber: from.caseNumber,
        name: text(row, "name"),
        sha256: text(row, "sha256"),
        bytes: integer(row, "bytes"),
        place: optionalText(row, "form_place") ?? "",
        field: optionalText(row, "form_field") ?? "",
      },
    });
  }
  return lines;
}
