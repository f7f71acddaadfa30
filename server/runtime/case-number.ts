import { localDate } from "../../engine/calendar/dates.ts";
import { isDuplicateKey } from "../store/duplicate-key.ts";
import { integer } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

/** `SQ-520102-20261123-0001`: per kind, region and day, never given twice. A start that fails afterwards leaves a gap. */
export async function nextCaseNumber(store: Store, kind: string, region: string, now: string): Promise<string> {
  const name = `${kind}-${region}-${localDate(now).replaceAll("-", "")}`;
  const take = () =>
    store.transaction(async (tx) => {
      const changed = await tx.execute("UPDATE counter SET value = value + 1 WHERE name = ?", [name]);
      if (changed === 0) await tx.insert("counter", { name, value: 1 });
      const [row] = await tx.query("SELECT value FROM counter WHERE name = ?", [name]);
      return `${name}-${String(row ? integer(row, "value") : 1).padStart(4, "0")}`;
    });
  try {
    return await take();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // Another first case of the day made the counter meanwhile.
    return take();
  }
}

/** What the cases of a process are numbered by: `DS08` of `ds-08`. */
export function numberKindOf(processKey: string): string {
  return processKey.replaceAll("-", "").toUpperCase();
}
