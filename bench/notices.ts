/**
 * What a step of a case pays for telling people: the time and the statements that notices take within its transaction, beside
 * those of the whole step. Run: `node scripts/bench.mjs notices [CASES] [mariadb]` (100 cases of six tasks by default, SQLite).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { addMs } from "../engine/calendar/dates.ts";
import type { EngineEvent } from "../engine/execution/events.ts";
import { tellOfStep } from "../server/notices/from-events.ts";
import { Runtime } from "../server/runtime/runtime.ts";
import { newId } from "../server/store/ids.ts";
import { text } from "../server/store/rows.ts";
import type { Transaction } from "../server/store/store.ts";
import { startPrivateMariaDb } from "../test/mariadb/private-server.ts";
import { publish, system } from "../test/runtime/timed-process.ts";
import { bpmn } from "../test/support/bpmn.ts";

const cases = Number(process.argv[2] ?? 100);
const elements = ["a", "b", "c", "d", "e", "f"];
const xml = bpmn(
  `<bpmn:startEvent id="start"/>${elements
    .map(
      (id) =>
        `<bpmn:userTask id="${id}" name="${id}" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve"/>`,
    )
    .join("")}<bpmn:endEvent id="end"/>`,
  `start -> ${elements.join(" -> ")} -> end`,
  { id: "told" },
);
const party = (organisation: string, region: string, level: string) => ({ organisation, region, level });
const variables = {
  applicant: party("nm-civil", "520102", "county"),
  provider: party("gz-medical", "520000", "province"),
  resource: { shareClass: "conditional", hookup: "catalogued", grade: 1, vertical: "none" },
  request: { personalInfo: "none", mode: "verify", emergency: "none", kind: "new", outsourced: false },
};

interface Cost {
  ms: number;
  statements: number;
}

/** One more opening of the task that is open, told at a moment of its own: no notice is the repeat of another. */
async function tell(runtime: Runtime, instanceId: string, turn: number): Promise<Cost> {
  const [task] = await runtime.store.read(
    "SELECT wait_id, element FROM task WHERE instance_id = ? AND state = 'open'",
    [instanceId],
  );
  if (!task) throw new Error("a case of the bench has no open task");
  const event = { type: "task.created", wait: text(task, "wait_id"), element: text(task, "element") };
  return runtime.store.transaction(async (tx) => {
    const counted = counting(tx);
    const from = performance.now();
    await tellOfStep({
      tx: counted.tx,
      now: addMs(runtime.clock.now(), turn),
      instanceId,
      authors: { startedBy: "system", draftedBy: null },
      regions: ["520102", "520000"],
      isEnded: false,
      isWatched: false,
      by: null,
      events: [event as unknown as EngineEvent],
      clockLines: [],
      clocks: [],
      directory: runtime.rules.directory,
    });
    return { ms: performance.now() - from, statements: counted.count() };
  });
}

function counting(tx: Transaction): { readonly tx: Transaction; readonly count: () => number } {
  let statements = 0;
  const counted =
    <A extends unknown[], R>(work: (...given: A) => R) =>
    (...given: A) => {
      statements += 1;
      return work(...given);
    };
  return {
    tx: {
      ...tx,
      query: counted(tx.query),
      execute: counted(tx.execute),
      insert: counted(tx.insert),
      insertAll: counted(tx.insertAll),
      insertMissing: counted(tx.insertMissing),
    },
    count: () => statements,
  };
}

async function start(runtime: Runtime, definition: string, key: string): Promise<string> {
  const id = newId();
  const created = { id, caseNumber: id, definitionId: definition, processKey: key, startEvent: null, variables };
  const { applicant, provider } = variables;
  const asked = { ...created, subject: { zh: "量", en: "Measured" }, applicant, provider };
  await runtime.start(asked, system, null, () => Promise.resolve([]));
  return id;
}

async function complete(runtime: Runtime, instanceId: string, element: string): Promise<number> {
  const from = performance.now();
  await runtime.dispatch({
    instanceId,
    actor: system,
    commandId: null,
    decide: async ({ state }) => {
      const wait = Object.values(state.waits).find((found) => found.element === element);
      return { type: "completeTask", wait: wait?.id ?? "", outcome: "approve", variables: {} };
    },
  });
  return performance.now() - from;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), "jieli-bench-"));
const server = process.argv[3] === "mariadb" ? await startPrivateMariaDb() : null;
const runtime = await Runtime.open({
  databaseUrl: server?.url ?? null,
  file: join(folder, "jieli.sqlite"),
  demo: true,
  ticking: false,
});
try {
  const { definition, key } = await publish(runtime, xml);
  const steps: number[] = [];
  const told: Cost[] = [];
  for (let number = 0; number < cases; number += 1) {
    const id = await start(runtime, definition, key);
    for (const [index, element] of elements.slice(0, -1).entries()) {
      steps.push(await complete(runtime, id, element));
      told.push(await tell(runtime, id, index + 1));
    }
    await runtime.notices.sweep();
  }
  const [step, notice] = [median(steps), median(told.map(({ ms }) => ms))];
  process.stdout.write(
    `${server?.version ?? "SQLite"}: ${steps.length} steps, median ${step.toFixed(2)} ms each; notices ${notice.toFixed(2)} ms in ` +
      `${median(told.map(({ statements }) => statements))} statements (${((100 * notice) / step).toFixed(1)} % of a step); ` +
      `load ${loadavg()
        .map((load) => load.toFixed(1))
        .join(" ")}\n`,
  );
} finally {
  await runtime.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}
