import { afterAll, beforeAll, expect, it } from "vitest";
import { verifyJournal } from "../../server/runtime/journal.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { sideBySide } from "../../server/runtime/side-by-side.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime } from "../runtime/support.ts";
import { completeTimed, startTimed } from "../runtime/timed-process.ts";
import { bpmn, endEvent, gateway, startEvent, userTask } from "../support/bpmn.ts";
import { copyCase } from "../support/copied-cases.ts";

const joins = 1_000;
const atOnce = 5;

const step = (id: string) => userTask(id, 'jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve"');
const branches = bpmn(
  `${startEvent()}${gateway("parallel", "fork")}${step("left")}${step("right")}${gateway("parallel", "join")}${step("after")}${endEvent()}`,
  "start -> fork; fork -> left -> join; fork -> right -> join; join -> after -> end",
  { id: "branches" },
);

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

it(`passes each of ${joins} joins once, when both branches reach it at the same moment on two nodes`, async () => {
  const [{ store }] = nodes;
  const first = await startTimed(nodes[0], branches);
  const cases = await copyCase(nodes[0], first, { count: joins });
  let round = 0;
  await sideBySide(cases, atOnce, async (id) => {
    round += 1;
    const [one, other] = round % 2 === 0 ? nodes : ([nodes[1], nodes[0]] as const);
    await Promise.all([completeTimed(one, id, "left"), completeTimed(other, id, "right")]);
  });
  const rows = await store.read(
    "SELECT element, state, COUNT(*) AS n, COUNT(DISTINCT instance_id) AS cases FROM task WHERE instance_id <> ? GROUP BY element, state ORDER BY element",
    [first],
  );
  expect(rows.map(({ element, state, n, cases: of }) => [element, state, Number(n), Number(of)])).toEqual([
    ["after", "open", joins, joins],
    ["left", "completed", joins, joins],
    ["right", "completed", joins, joins],
  ]);
  expect(await verifyJournal(store)).toEqual([]);
  expect(await nodes[0].watch()).toEqual([]);
}, 120_000);
