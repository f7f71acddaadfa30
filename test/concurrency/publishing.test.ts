import { afterAll, beforeAll, expect, it } from "vitest";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime } from "../runtime/support.ts";
import { publish, timedProcess } from "../runtime/timed-process.ts";

let database: TestDatabase;
let nodes: readonly [Runtime, Runtime];
beforeAll(async () => {
  database = await createTestDatabase();
  nodes = [await openRuntime(database), await openRuntime(database)];
});
afterAll(async () => {
  for (const node of nodes) await node.close();
  await database.remove();
});

it("publishes a new process once when two nodes are given the same file at the same moment", async () => {
  const given = Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? nodes[0] : nodes[1]));
  const published = await Promise.all(given.map((node) => publish(node, timedProcess())));
  expect(new Set(published.map(({ definition }) => definition)).size).toBe(1);
  const rows = await nodes[0].store.read("SELECT version FROM definition WHERE process_key = 'surviving'");
  expect(rows.map((row) => Number(row["version"]))).toEqual([1]);
});
