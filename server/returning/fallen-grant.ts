import { systemActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { decidesApplication } from "./added-items.ts";

/** Tables that a grant is entered in before anything is delivered. */
const entered = ["access_probe", "delivery", "access_grant"] as const;

/**
 * A grant stands by the decision that gave it: where that falls before anything was delivered, its record is taken out again, so that
 * a case that is refused afterwards is not counted as granted. The history keeps both.
 */
export async function withdrawGrant(
  { tx, instance, now }: Pick<Within, "tx" | "instance" | "now">,
  fallen: readonly Row[],
): Promise<readonly JournalLine[]> {
  if (!fallen.some(decidesApplication)) return [];
  const id = text(instance, "id");
  const undelivered = await tx.query(
    "SELECT instance_id FROM access_grant WHERE instance_id = ? AND state = 'granted'",
    [id],
  );
  if (undelivered.length === 0) return [];
  for (const table of entered) await tx.execute(`DELETE FROM ${table} WHERE instance_id = ?`, [id]);
  return [{ at: now, type: "grant.fallen", element: null, actor: systemActor, payload: { grant: id } }];
}
