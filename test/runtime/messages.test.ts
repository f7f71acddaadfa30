import { afterEach, beforeEach, expect, it } from "vitest";
import type { Actor } from "../../server/runtime/actor.ts";
import { deploy } from "../../server/runtime/deploy.ts";
import { Runtime } from "../../server/runtime/runtime.ts";
import { newId } from "../../server/store/ids.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { bpmn, endEvent, startEvent } from "../support/bpmn.ts";
import { text } from "./support.ts";

const worker: Actor = { kind: "worker", id: "w", name: "test" };
let database: TestDatabase;
let runtime: Runtime;
beforeEach(async () => {
  database = await createTestDatabase();
  runtime = await Runtime.open({ databaseUrl: database.databaseUrl, file: database.file, demo: false, ticking: false });
});
afterEach(async () => {
  await runtime.close();
  await database.remove();
});

const root = '<bpmn:message id="m" name="done" jieli:correlationKey="number"/><bpmn:signal id="s" name="published"/>';

async function run(id: string, node: string): Promise<string> {
  const xml = bpmn(`${startEvent()}${node}${endEvent()}`, "start -> step -> end", { id, root });
  const now = runtime.clock.now();
  const { definition } = await deploy(runtime.store, {
    xml,
    forms: null,
    library: new Map(),
    comment: "",
    basedOn: null,
    by: "test",
    now,
  });
  const party = { organisation: "nm-civil", region: "520102" };
  const created = {
    id: newId(),
    caseNumber: id,
    definitionId: text(definition, "id"),
    processKey: id,
    startEvent: null,
    subject: { zh: id, en: id },
    applicant: party,
    provider: party,
    variables: { number: "SQ-1" },
  };
  await runtime.start(created, worker, null, async () => undefined);
  return created.id;
}

async function status(id: string): Promise<string> {
  const [row] = await runtime.store.read("SELECT status FROM instance WHERE id = ?", [id]);
  return text(row, "status");
}

it("delivers a message and a signal that one case throws to the case that waits, and keeps nothing behind", async () => {
  const receiver = await run("receiver", '<bpmn:receiveTask id="step" messageRef="m"/>');
  const listener = await run(
    "listener",
    '<bpmn:intermediateCatchEvent id="step"><bpmn:signalEventDefinition id="d" signalRef="s"/></bpmn:intermediateCatchEvent>',
  );
  expect([await status(receiver), await status(listener)]).toEqual(["running", "running"]);
  await run("sender", '<bpmn:sendTask id="step" messageRef="m"/>');
  expect([await status(receiver), await status(listener)]).toEqual(["completed", "running"]);
  await run(
    "publisher",
    '<bpmn:intermediateThrowEvent id="step"><bpmn:signalEventDefinition id="d" signalRef="s"/></bpmn:intermediateThrowEvent>',
  );
  expect(await status(listener)).toBe("completed");
  expect(await runtime.store.read("SELECT id FROM outbox")).toEqual([]);
});

it("delivers after a restart what was thrown before a crash, once", async () => {
  const receiver = await run("receiver", '<bpmn:receiveTask id="step" messageRef="m"/>');
  const thrown = {
    id: newId(),
    instance_id: receiver,
    kind: "message",
    name: "done",
    correlation_key: "SQ-1",
    variables: "{}",
  };
  await runtime.store.transaction((tx) => tx.insert("outbox", { ...thrown, created_at: runtime.clock.now() }));
  await runtime.close();
  runtime = await Runtime.open({ databaseUrl: database.databaseUrl, file: database.file, demo: false, ticking: false });
  expect(await status(receiver)).toBe("completed");
  expect(await runtime.store.read("SELECT id FROM outbox")).toEqual([]);
});
