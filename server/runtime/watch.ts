import type { InstanceState } from "../../engine/execution/state.ts";
import { integer, json, text } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

export interface WatchFinding {
  readonly instanceId: string;
  readonly caseNumber: string;
  readonly problem: "NOTHING_PENDING" | "PROJECTION_DIFFERS" | "NOBODY_CAN_ACT";
  /** What is missing or too much, by wait. */
  readonly detail: string;
}

/**
 * The invariant of a living case: it has an open task, an armed timer, a pending message or job, or an incident; and the rows
 * that people and sweeps read say the same as its state. A case that breaks it would never move again, unseen.
 */
export async function watch(store: Store): Promise<readonly WatchFinding[]> {
  const running = await store.read("SELECT id, case_number, state, incidents FROM instance WHERE status = 'running'");
  const pending = await store.read(
    `SELECT instance_id, wait_id FROM task WHERE state = 'open' UNION ALL SELECT instance_id, wait_id FROM timer
     UNION ALL SELECT instance_id, wait_id FROM job UNION ALL SELECT instance_id, wait_id FROM subscription`,
  );
  const rows = new Map<string, Set<string>>();
  for (const row of pending)
    rows.set(text(row, "instance_id"), (rows.get(text(row, "instance_id")) ?? new Set()).add(text(row, "wait_id")));
  return running.flatMap((row): WatchFinding[] => {
    const instanceId = text(row, "id");
    const found = rows.get(instanceId) ?? new Set<string>();
    const waits = json<InstanceState>(row, "state").waits;
    const common = { instanceId, caseNumber: text(row, "case_number") };
    const missing = Object.values(waits).filter((wait) => !found.has(wait.id));
    const surplus = [...found].filter((wait) => !waits[wait]);
    if (missing.length + surplus.length > 0) {
      const detail = [
        ...missing.map((wait) => `no row for ${wait.type} ${wait.element}`),
        ...surplus.map((wait) => `row without wait ${wait}`),
      ].join("; ");
      return [{ ...common, problem: "PROJECTION_DIFFERS", detail }];
    }
    if (found.size === 0 && integer(row, "incidents") === 0)
      return [{ ...common, problem: "NOTHING_PENDING", detail: "no task, timer, message, job or incident" }];
    return [];
  });
}
