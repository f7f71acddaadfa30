import { afterAll, beforeAll, expect, it } from "vitest";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime, text } from "../runtime/support.ts";
import { publish, task } from "../runtime/timed-process.ts";
import { bpmn, endEvent } from "../support/bpmn.ts";

const days = 10;
let database: TestDatabase;
let nodes: readonly [Runtime, ...Runtime[]];

beforeAll(async () => {
  database = await createTestDatabase();
  nodes = [await openRuntime(database), await openRuntime(database), await openRuntime(database)];
});
afterAll(async () => {
  for (const node of nodes) await node.close();
  await database.remove();
});

it(`starts one case each day on ${days} days, with numbers without gaps, however many nodes sweep`, async () => {
  const daily = `<bpmn:startEvent id="start"><bpmn:timerEventDefinition id="t"><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R${days}/P1D</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>`;
  const [{ store }] = nodes;
  await publish(
    nodes[0],
    bpmn(`${daily}${task("ask", "L.REVIEW")}${endEvent()}`, "start -> ask -> end", { id: "daily" }),
  );
  const started = () => store.read("SELECT case_number FROM instance WHERE process_key = 'daily' ORDER BY case_number");
  for (let day = 1; day <= days; day += 1) {
    const [event] = await store.read("SELECT due_at FROM start_event WHERE process_key = 'daily'");
    for (const node of nodes) await node.movable?.moveTo(text(event, "due_at"));
    await Promise.all(nodes.map((node) => node.settle()));
    expect((await started()).length).toBe(day);
  }
  // Each day counts anew: a node that came too late took no number.
  for (const row of await started()) expect(text(row, "case_number")).toMatch(/-0001$/);
  expect(await store.read("SELECT id FROM start_event WHERE due_at IS NOT NULL")).toEqual([]);
});
