import { addMs } from "../../engine/calendar/dates.ts";
import { processScopeOf } from "../../engine/execution/process-scope.ts";
import type { StepContext } from "../../engine/execution/context.ts";
import type { InstanceState, TimerWait } from "../../engine/execution/state.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { text } from "../store/rows.ts";
import type { Transaction } from "../store/store.ts";

interface Resumed {
  readonly tx: Transaction;
  readonly instanceId: string;
  readonly state: InstanceState;
  readonly model: ProcessModel;
  readonly calledProcess: StepContext["calledProcess"];
  readonly now: string;
}

/**
 * Durations go on with what was left of them: none fires at once because the case had been suspended. Dates stay dates, and
 * timers on an SLA clock follow the clock.
 */
export async function goOnWithRest(resumed: Resumed): Promise<void> {
  const { tx, instanceId, state, now } = resumed;
  const [last] = await tx.query(
    "SELECT MAX(at) AS at FROM journal WHERE instance_id = ? AND type = 'process.suspended'",
    [instanceId],
  );
  if (typeof last?.["at"] !== "string") return;
  const suspendedMs = Date.parse(now) - Date.parse(last["at"]);
  const rows = await tx.query(
    "SELECT id, wait_id, due_at FROM timer WHERE instance_id = ? AND limit_code IS NULL AND due_at IS NOT NULL",
    [instanceId],
  );
  for (const row of rows) {
    const wait = state.waits[text(row, "wait_id")];
    if (wait?.type !== "timer" || !isDuration(resumed, wait)) continue;
    await tx.execute("UPDATE timer SET due_at = ? WHERE id = ?", [
      addMs(text(row, "due_at"), suspendedMs),
      text(row, "id"),
    ]);
  }
}

function isDuration({ state, model, calledProcess }: Resumed, wait: TimerWait): boolean {
  const scope = processScopeOf({ get: (id) => state.scopes[id] }, state.tokens[wait.token]?.scope ?? "");
  const owner = scope?.version === undefined ? model : calledProcess(scope.process, { version: scope.version })?.model;
  const node = owner?.elements.get(wait.element);
  const definition = node && "definitions" in node ? node.definitions[wait.definition] : undefined;
  return definition?.type === "timer" && definition.timer === "duration";
}
