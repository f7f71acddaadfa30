/** Many cases that stand at the same place, put down in few statements: to begin each by itself would take minutes. */
import { appendJournals } from "../../server/runtime/journal.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { newId } from "../../server/store/ids.ts";
import { text } from "../../server/store/rows.ts";
import type { Parameter, Row } from "../../server/store/store.ts";
import { startTimed, system } from "../runtime/timed-process.ts";
import { bpmn } from "./bpmn.ts";

const casesAtOnce = 250;

/** Waits for 300 days and then asks somebody, as a reminder or an escalation does. */
const waiting = bpmn(
  `<bpmn:startEvent id="start"/><bpmn:intermediateCatchEvent id="until"><bpmn:timerEventDefinition id="until_t"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">"P300D"</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent><bpmn:userTask id="chase" name="chase" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve"/><bpmn:endEvent id="end"/>`,
  "start -> until -> chase -> end",
  { id: "waiting" },
);

/** Puts down `count` cases that wait for a timer which falls due at `dueAt`. Gives their ids. */
export async function seedWaitingCases(runtime: Runtime, count: number, dueAt: string): Promise<readonly string[]> {
  return copyCase(runtime, await startTimed(runtime, waiting), { count, dueAt: () => dueAt });
}

/**
 * Copies a case that was begun as all are: its state, tasks, timers and participants, with a history that begins here. Limits are
 * not copied. `dueAt` gives when the timers of the copy with this number fall due.
 */
export async function copyCase(
  runtime: Runtime,
  original: string,
  { count, dueAt = null }: { readonly count: number; readonly dueAt?: ((copy: number) => string) | null },
): Promise<readonly string[]> {
  const of = (table: string, column = "instance_id") =>
    runtime.store.read(`SELECT * FROM ${table} WHERE ${column} = ?`, [original]);
  const [instance] = await of("instance", "id");
  const [tasks, timers, participants] = [await of("task"), await of("timer"), await of("participant")];
  if (!instance) throw new Error(`there is no case ${original}`);
  const copies = Array.from({ length: count }, (_, number) => ({ number, id: newId() }));
  for (let from = 0; from < count; from += casesAtOnce) {
    const some = copies.slice(from, from + casesAtOnce);
    const rowsOf = (rows: readonly Row[], change: (row: Row, copy: { number: number; id: string }) => object) =>
      some.flatMap((copy) =>
        rows.map((row): Record<string, Parameter> => ({
          ...(row as Record<string, Parameter>),
          id: newId(),
          instance_id: copy.id,
          ...change(row, copy),
        })),
      );
    await runtime.store.transaction(async (tx) => {
      await tx.insertAll(
        "instance",
        some.map(({ id }) => ({ ...(instance as Record<string, Parameter>), id, case_number: id.slice(-12) })),
      );
      await tx.insertAll(
        "task",
        rowsOf(tasks, () => ({})),
      );
      await tx.insertAll(
        "timer",
        rowsOf(timers, (_row, { number }) => (dueAt ? { due_at: dueAt(number) } : {})),
      );
      await tx.insertAll(
        "participant",
        rowsOf(participants, (row, { id }) => ({ id: `${id}:${text(row, "organisation_id")}` })),
      );
      const line = { at: runtime.clock.now(), type: "process.started", element: null, actor: system, payload: {} };
      await appendJournals(tx, new Map(some.map(({ id }) => [id, [line]])));
    });
  }
  return copies.map(({ id }) => id);
}
