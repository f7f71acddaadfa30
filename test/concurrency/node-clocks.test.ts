import { afterAll, beforeAll, expect, it } from "vitest";
import { Runtime } from "../../server/runtime/runtime.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { text } from "../runtime/support.ts";
import { completeTimed, startTimed, timedProcess } from "../runtime/timed-process.ts";
import { testTime } from "../support/test-time.ts";

const skewMs = 5 * 60_000;
let database: TestDatabase;
let ahead: Runtime;
let behind: Runtime;

beforeAll(async () => {
  database = await createTestDatabase();
  ahead = await open(() => testTime() + skewMs);
  behind = await open(testTime);
});
afterAll(async () => {
  await ahead.close();
  await behind.close();
  await database.remove();
});

const open = (demoTime: () => number) =>
  Runtime.open({ databaseUrl: database.databaseUrl, file: database.file, demo: true, demoTime, ticking: false });

it("never writes a step of a case before the one that came before it, though the nodes' clocks differ", async () => {
  const id = await startTimed(ahead, timedProcess());
  await completeTimed(behind, id, "review");
  await completeTimed(ahead, id, "examine");
  await completeTimed(behind, id, "deliver");
  const lines = await behind.store.read("SELECT at FROM journal WHERE instance_id = ? ORDER BY seq", [id]);
  const instants = lines.map((line) => text(line, "at"));
  expect(instants).toEqual(instants.toSorted());
  const tasks = await behind.store.read("SELECT created_at, completed_at FROM task WHERE instance_id = ?", [id]);
  expect(tasks).toHaveLength(3);
  for (const task of tasks) expect(text(task, "completed_at") >= text(task, "created_at")).toBe(true);
  const [instance] = await behind.store.read("SELECT started_at, ended_at FROM instance WHERE id = ?", [id]);
  expect(text(instance, "ended_at")).toBe(instants.at(-1));
});

it("dates a step when it holds the case, not when it began to wait for it", async () => {
  const id = await startTimed(behind, timedProcess());
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  let hasCase: () => void = () => undefined;
  const holding = new Promise<void>((resolve) => (hasCase = resolve));
  const holder = behind.store.transaction(async (tx) => {
    await tx.query("SELECT id FROM instance WHERE id = ? FOR UPDATE", [id]);
    hasCase();
    await held;
  });
  await holding;
  const waiting = completeTimed(behind, id, "review");
  const waits = "SELECT trx_id FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE ?";
  // The server renews what this table shows ten times a second at most.
  await expect.poll(() => behind.store.read(waits, [`%${id}%`]), { interval: 200, timeout: 10_000 }).not.toEqual([]);
  const released = behind.clock.now();
  goOn();
  await Promise.all([holder, waiting]);
  const [task] = await behind.store.read("SELECT completed_at FROM task WHERE instance_id = ? AND element = 'review'", [
    id,
  ]);
  expect(text(task, "completed_at") >= released).toBe(true);
});
