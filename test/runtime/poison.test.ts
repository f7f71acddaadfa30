import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addMs, instantAt } from "../../engine/calendar/dates.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { bpmn, endEvent, startEvent } from "../support/bpmn.ts";
import { openRuntime, text } from "./support.ts";
import { completeTimed, publish, startTimed, system, task, timedProcess } from "./timed-process.ts";

let database: TestDatabase;
let runtime: Runtime;
let log: ReturnType<typeof vi.spyOn>;

beforeEach(async () => {
  database = await createTestDatabase();
  runtime = await openRuntime(database);
  log = vi.spyOn(console, "error").mockReturnValue();
});
afterEach(async () => {
  log.mockRestore();
  await runtime.close();
  await database.remove();
});

const job = (topic: string) => `<bpmn:serviceTask id="work" name="work" jieli:topic="${topic}"/>`;
const withJob = (topic: string, id: string) =>
  bpmn(`${startEvent()}${task("ask", "L.REVIEW")}${job(topic)}${endEvent()}`, "start -> ask -> work -> end", { id });
/** Extends the limit that it stands under, and stands under none: it fails whenever it is tried. */
const failing = withJob("extendClock", "failing");
const sound = withJob("notify", "sound");

async function status(id: string): Promise<string> {
  const [row] = await runtime.store.read("SELECT status FROM instance WHERE id = ?", [id]);
  return text(row, "status");
}
const rows = (sql: string, id: string) => runtime.store.read(sql, [id]);
const spoil = (id: string) =>
  runtime.store.transaction((tx) => tx.execute("UPDATE instance SET state = '{}' WHERE id = ?", [id]));

describe("a job that always fails", () => {
  it("is tried three times with growing waits, and then stands as an incident that names the reason", async () => {
    const id = await startTimed(runtime, failing);
    let tried = runtime.clock.now();
    await completeTimed(runtime, id, "ask");
    for (const wait of [1_000, 10_000]) {
      expect(await rows("SELECT id FROM incident WHERE instance_id = ?", id), "not before the last try").toEqual([]);
      const [waiting] = await rows("SELECT next_at FROM job WHERE instance_id = ?", id);
      const next = text(waiting, "next_at");
      expect(Date.parse(next) - Date.parse(tried)).toBeGreaterThanOrEqual(wait);
      await runtime.movable?.moveTo(next);
      tried = next;
      await runtime.settle();
    }
    const incidents = await rows("SELECT code, element, message, at FROM incident WHERE instance_id = ?", id);
    expect(incidents).toMatchObject([{ element: "work", message: expect.stringContaining("no clock") }]);
    expect(text(incidents[0], "at") >= tried).toBe(true);
    expect(await rows("SELECT id FROM job WHERE instance_id = ?", id)).toEqual([]);
  });

  it("does not delay the jobs of other cases", async () => {
    for (let count = 0; count < 3; count += 1) await completeTimed(runtime, await startTimed(runtime, failing), "ask");
    const other = await startTimed(runtime, sound);
    await completeTimed(runtime, other, "ask");
    expect(await status(other)).toBe("completed");
  });
});

describe("a case that is broken", () => {
  it("with a job fails nobody who acts on another case, and holds up no other job", async () => {
    const broken = await startTimed(runtime, failing);
    await completeTimed(runtime, broken, "ask");
    await spoil(broken);
    const [waiting] = await rows("SELECT next_at FROM job WHERE instance_id = ?", broken);
    await runtime.movable?.moveTo(text(waiting, "next_at"));
    await runtime.store.transaction((tx) => tx.execute("UPDATE job SET retries = 1 WHERE instance_id = ?", [broken]));
    const other = await startTimed(runtime, sound);
    await completeTimed(runtime, other, "ask");
    expect(await status(other)).toBe("completed");
    expect(log).toHaveBeenCalledWith(expect.stringContaining(broken));
  });

  it("that should go on by itself holds up no due moment of another", async () => {
    await runtime.movable?.moveTo(instantAt("2026-12-01", "10:00"));
    const broken = await startTimed(runtime, timedProcess());
    const waiting = await startTimed(runtime, timedProcess());
    await completeTimed(runtime, waiting, "review");
    await runtime.dispatch({
      instanceId: broken,
      actor: system,
      commandId: null,
      decide: async () => ({ type: "suspend", reason: "暂停" }),
      also: async ({ tx, now }) => {
        const by = { by_id: "u-guan", at: now, cause: "other", reason: "暂停" };
        await tx.insert("case_suspension", {
          id: "s1",
          instance_id: broken,
          ...by,
          until_at: addMs(now, 1),
          ended_at: null,
        });
        return [];
      },
    });
    await spoil(broken);
    await runtime.movable?.moveTo(instantAt("2027-01-15", "10:00"));
    await runtime.settle();
    expect(
      await rows("SELECT element FROM journal WHERE type = 'timer.fired' AND instance_id = ?", waiting),
    ).toHaveLength(2);
    expect(log).toHaveBeenCalledWith(expect.stringContaining(broken));
  });
});

describe("a timer start event", () => {
  const timed = (id: string) =>
    bpmn(
      `<bpmn:startEvent id="start"><bpmn:timerEventDefinition id="t"><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R3/P1D</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>${task("ask", "L.REVIEW")}${endEvent()}`,
      "start -> ask -> end",
      { id },
    );
  const started = (key: string) => rows("SELECT id FROM instance WHERE process_key = ?", key);
  const dueOf = async (key: string) =>
    text((await rows("SELECT due_at FROM start_event WHERE process_key = ?", key))[0], "due_at");

  it("that cannot start its case is tried again later, and holds up no other", async () => {
    const [{ definition }] = [await publish(runtime, timed("first")), await publish(runtime, timed("second"))];
    const [model] = await rows("SELECT xml FROM definition WHERE id = ?", definition);
    const write = (xml: string) =>
      runtime.store.transaction((tx) => tx.execute("UPDATE definition SET xml = ? WHERE id = ?", [xml, definition]));
    const due = await dueOf("first");
    await write("<unreadable");
    await runtime.movable?.moveTo(addMs(due, 1_000));
    await runtime.settle();
    expect([await started("first"), (await started("second")).length]).toEqual([[], 1]);
    expect(await dueOf("first"), "the start is still due").toBe(due);
    // As after a minute, when the node that died or failed has lost its hold.
    await write(text(model, "xml"));
    await runtime.store.transaction((tx) => tx.execute("UPDATE start_event SET lease_until = NULL"));
    await runtime.settle();
    expect((await started("first")).length).toBe(1);
    expect((await dueOf("first")) > due).toBe(true);
  });
});
