import { addMs } from "../../engine/calendar/dates.ts";
import { text } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";

/** How long notices and their delivery log are kept: a preset above the six months of the Cybersecurity Law, art. 21 (grade S). */
const keptDays = 366;
const atOnce = 200;

/** Deletes what people were told long ago, with its deliveries. What happened stays in the journals. Gives the number. */
export async function purgeNotices(store: Store, now: string): Promise<number> {
  const before = addMs(now, -keptDays * 86_400_000);
  const old = await store.read(`SELECT id FROM announcement WHERE planned_at < ? ORDER BY planned_at LIMIT ${atOnce}`, [
    before,
  ]);
  const ids = old.map((row) => text(row, "id"));
  if (ids.length === 0) return 0;
  await store.transaction(async (tx) => {
    for (const table of ["notice_message", "notice_delivery"])
      await tx.execute(`DELETE FROM ${table} WHERE announcement_id IN (${placesFor(ids)})`, ids);
    await tx.execute(`DELETE FROM announcement WHERE id IN (${placesFor(ids)})`, ids);
  });
  return ids.length;
}
