/** Many cases of one process that wait for the same moment, put down in few statements: to begin each by itself would take minutes. */
import { appendJournals } from "../../server/runtime/journal.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { newId } from "../../server/store/ids.ts";
import type { Parameter, Row } from "../../server/store/store.ts";
import { text } from "../../server/store/rows.ts";
import { startTimed, system } from "../runtime/timed-process.ts";
import { bpmn } from "./bpmn.ts";

const casesAtOnce = 250;

/** Waits for `duration` and then asks somebody, as a reminder or an escalation does. */
export const waitingProcess = (duration: string) =>
  bpmn(
    `<bpmn:startEvent id="start"/><bpmn:intermediateCatchEvent id="until"><bpmn:timerEventDefinition id="until_t"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">"${duration}"</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent><bpmn:userTask id="chase" name="chase" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve"/><bpmn:endEvent id="end"/>`,
    "start -> until -> chase -> end",
    { id: "waiting" },
  );

/** Puts down `count` cases whose timer falls due at `dueAt`, copies of one that was begun as all are. Gives their ids. */
export async function seedWaitingCases(runtime: Runtime, count: number, dueAt: string): Promise<readonly string[]> {
  const first = await startTimed(runtime, waitingProcess("P300D"));
  const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [first]);
  const [timer] = await runtime.store.read("SELECT * FROM timer WHERE instance_id = ?", [first]);
  const participants = await runtime.store.read("SELECT * FROM participant WHERE instance_id = ?", [first]);
  if (!instance || !timer) throw new Error("the case waits for no timer");
  const ids = Array.from({ length: count }, newId);
  for (let from = 0; from < count; from += casesAtOnce) {
    const some = ids.slice(from, from + casesAtOnce);
    await runtime.store.transaction(async (tx) => {
      await tx.insertAll(
        "instance",
        some.map((id) => ({ ...asParameters(instance), id, case_number: id.slice(-12) })),
      );
      await tx.insertAll(
        "timer",
        some.map((id) => ({ ...asParameters(timer), id: newId(), instance_id: id, due_at: dueAt })),
      );
      await tx.insertAll(
        "participant",
        some.flatMap((id) =>
          participants.map((row) => ({
            ...asParameters(row),
            id: `${id}:${text(row, "organisation_id")}`,
            instance_id: id,
          })),
        ),
      );
      const line = { at: runtime.clock.now(), type: "process.started", element: null, actor: system, payload: {} };
      await appendJournals(tx, new Map(some.map((id) => [id, [line]])));
    });
  }
  return ids;
}

function asParameters(row: Row): Record<string, Parameter> {
  return row as Record<string, Parameter>;
}
