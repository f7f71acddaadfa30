import { afterAll, beforeAll, expect, it } from "vitest";
import { verifyJournal } from "../../server/runtime/journal.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { openRuntime, text } from "../runtime/support.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { seedWaitingCases } from "../support/copied-cases.ts";

/** `node scripts/bench.mjs due-timers` does the same with 10,000 and real processes. */
const timers = 1_000;
const dueAt = "2026-12-01T02:00:00.000Z";

let database: TestDatabase;
let nodes: readonly Runtime[];

beforeAll(async () => {
  database = await createTestDatabase();
  nodes = [await openRuntime(database), await openRuntime(database), await openRuntime(database)];
});
afterAll(async () => {
  for (const node of nodes) await node.close();
  await database.remove();
});

it(`fires each of ${timers} timers that fall due at one moment exactly once, over three nodes that sweep together`, async () => {
  const [first] = nodes;
  if (!first) throw new Error("no node");
  const cases = await seedWaitingCases(first, timers, dueAt);
  for (const node of nodes) await node.movable?.moveTo(dueAt);
  const happened = await Promise.all(nodes.map((node) => node.settle()));
  for (const node of nodes) await node.settle();
  const fired = await first.store.read(
    "SELECT instance_id, COUNT(*) AS n, MIN(at) AS at FROM journal WHERE type = 'timer.fired' GROUP BY instance_id",
  );
  expect(fired.map((row) => text(row, "instance_id")).toSorted()).toEqual(cases.toSorted());
  expect(fired.filter((row) => Number(row["n"]) !== 1 || text(row, "at") < dueAt)).toEqual([]);
  const tasks = await first.store.read(
    "SELECT DISTINCT instance_id FROM task WHERE element = 'chase' AND state = 'open'",
  );
  const [all] = await first.store.read("SELECT COUNT(*) AS n FROM task");
  expect([tasks.length, Number(all?.["n"])]).toEqual([timers, timers]);
  expect(
    happened.every((count) => count > 0),
    `every node took part: ${happened.join(", ")}`,
  ).toBe(true);
  expect(happened.reduce((sum, count) => sum + count, 0)).toBe(timers);
  expect(await first.store.read("SELECT id FROM timer WHERE due_at <= ?", [dueAt])).toEqual([]);
  expect(await verifyJournal(first.store)).toEqual([]);
  expect(await first.watch()).toEqual([]);
});
