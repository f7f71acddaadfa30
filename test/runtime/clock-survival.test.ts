import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Command } from "../../engine/execution/commands.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { instantAt, localDate } from "../../engine/calendar/dates.ts";
import { verifyJournal } from "../../server/runtime/journal.ts";
import { migrateCases } from "../../server/runtime/migration.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { bpmn, gateway } from "../support/bpmn.ts";
import { openRuntime, text } from "./support.ts";
import { completeTimed, publish, startTimed, system, task, timedProcess } from "./timed-process.ts";

let database: TestDatabase;
let runtime: Runtime;

beforeEach(async () => {
  database = await createTestDatabase();
  runtime = await open();
  await runtime.movable?.moveTo(at("2026-12-01"));
});
afterEach(async () => {
  await runtime.close();
  await database.remove();
});

const open = () => openRuntime(database);
const at = (date: string, time = "10:00") => instantAt(date, time);

const process = timedProcess;
const start = (xml: string) => startTimed(runtime, xml);
const complete = (id: string, element: string, outcome?: string) => completeTimed(runtime, id, element, outcome);
const version = async (xml: string) => (await publish(runtime, xml)).definition;

async function send(id: string, command: (state: InstanceState) => Command): Promise<void> {
  await runtime.dispatch({
    instanceId: id,
    actor: system,
    commandId: null,
    decide: async ({ state }) => command(state),
  });
}

/** What an operator does who sends the case back: away from where it stands, to before the element. */
const back = (id: string, element: string) =>
  send(id, (state) => ({
    type: "moveTokens",
    cancel: Object.values(state.tokens)
      .filter(({ scope }) => state.scopes[scope]?.parent === null)
      .map((token) => token.id),
    start: [{ element, scope: null }],
    reason: "退回",
  }));

async function clocks(id: string, limit: string) {
  const rows = await runtime.store.read("SELECT * FROM clock WHERE instance_id = ? AND limit_code = ? ORDER BY id", [
    id,
    limit,
  ]);
  return rows.map((row) => ({
    state: text(row, "state"),
    due: row["due_at"] === null ? null : localDate(text(row, "due_at")),
    stopped: row["stopped_at"] !== null,
    entries: (JSON.parse(text(row, "standing")) as { entries: number }).entries,
  }));
}

async function told(id: string, type: string): Promise<number> {
  const rows = await runtime.store.read("SELECT id FROM journal WHERE instance_id = ? AND type = ?", [id, type]);
  return rows.length;
}

async function reminders(id: string, element: string): Promise<number> {
  const rows = await runtime.store.read(
    "SELECT id FROM journal WHERE instance_id = ? AND type = 'timer.fired' AND element = ?",
    [id, element],
  );
  return rows.length;
}

describe("a clock belongs to the case and the limit, not to a token", () => {
  it("goes on with what was used after each of two returns, as the one row", async () => {
    const id = await start(process());
    await complete(id, "review");
    expect(await clocks(id, "L.REPLY.COND")).toEqual([
      { state: "running", due: "2026-12-15", stopped: false, entries: 1 },
    ]);
    // Three working days of ten are used (2, 3 and 4 December); the day of the return is not.
    await runtime.moveClock(at("2026-12-07"));
    await back(id, "review");
    expect(await clocks(id, "L.REPLY.COND")).toMatchObject([{ state: "stopped", stopped: true }]);
    await runtime.moveClock(at("2026-12-09"));
    await complete(id, "review");
    expect(await clocks(id, "L.REPLY.COND")).toEqual([
      { state: "running", due: "2026-12-18", stopped: false, entries: 2 },
    ]);
    // One more is used (10 December): six are left.
    await runtime.moveClock(at("2026-12-11"));
    await back(id, "review");
    await complete(id, "review");
    expect(await clocks(id, "L.REPLY.COND")).toEqual([
      { state: "running", due: "2026-12-18", stopped: false, entries: 3 },
    ]);
    expect(await verifyJournal(runtime.store)).toEqual([]);
  });

  it("fires its reminder and its due timer exactly once after a return, and not while the step is left", async () => {
    const id = await start(process());
    await complete(id, "review");
    await runtime.moveClock(at("2026-12-03"));
    await back(id, "review");
    await runtime.moveClock(at("2026-12-31"));
    expect([await reminders(id, "near"), await reminders(id, "due")]).toEqual([0, 0]);
    await complete(id, "review");
    await runtime.moveClock(at("2027-01-20"));
    expect([await reminders(id, "near"), await reminders(id, "due")]).toEqual([1, 1]);
    expect(await clocks(id, "L.REPLY.COND")).toMatchObject([{ state: "breached", stopped: false }]);
    expect(await told(id, "clock.breached")).toBeGreaterThan(0);
  });

  it("starts when an operator puts the case straight into a sub-process, with its timers", async () => {
    const id = await start(process());
    await send(id, (state) => ({
      type: "moveTokens",
      cancel: Object.keys(state.tokens),
      start: [{ element: "examine", scope: null }],
      reason: "直送审核",
    }));
    expect(await clocks(id, "L.REPLY.COND")).toMatchObject([{ state: "running", due: "2026-12-15" }]);
    await runtime.moveClock(at("2026-12-16"));
    expect([await reminders(id, "near"), await reminders(id, "due")]).toEqual([1, 1]);
  });

  it("survives a restart of the server in the middle of a return", async () => {
    const id = await start(process());
    await complete(id, "review");
    await runtime.moveClock(at("2026-12-07"));
    await back(id, "review");
    await complete(id, "review");
    await runtime.movable?.moveTo(at("2026-12-31"));
    await runtime.close();
    runtime = await open();
    await runtime.settle();
    expect([await reminders(id, "near"), await reminders(id, "due")]).toEqual([1, 1]);
    expect(await clocks(id, "L.REPLY.COND")).toMatchObject([{ state: "breached", due: "2026-12-15" }]);
  });

  it("keeps what is left over a suspension", async () => {
    const id = await start(process());
    await complete(id, "review");
    await runtime.moveClock(at("2026-12-04"));
    await send(id, () => ({ type: "suspend", reason: "暂停" }));
    expect(await clocks(id, "L.REPLY.COND")).toMatchObject([{ state: "paused", due: null }]);
    await runtime.moveClock(at("2026-12-24"));
    expect([await reminders(id, "near"), await reminders(id, "due")]).toEqual([0, 0]);
    await send(id, () => ({ type: "resume" }));
    // Two days were used; eight are left after 24 December; 2027-01-01 is a statutory holiday.
    expect(await clocks(id, "L.REPLY.COND")).toMatchObject([{ state: "running", due: "2027-01-06" }]);
    await runtime.moveClock(at("2027-01-07"));
    expect([await reminders(id, "near"), await reminders(id, "due")]).toEqual([1, 1]);
  });

  it("goes on in another version of the process, under its new name, and takes the limit of that version", async () => {
    const id = await start(process());
    await complete(id, "review");
    const from = text(
      (await runtime.store.read("SELECT definition_id FROM instance WHERE id = ?", [id]))[0],
      "definition_id",
    );
    const renamed = process()
      .replaceAll('"examine"', '"check"')
      .replaceAll("_examine", "_check")
      .replaceAll("examine_", "check_");
    const to = await version(renamed.replace('jieli:limit="L.DELIVER"', 'jieli:limit="L.DISPATCH"'));
    const request = { from, to, plan: null, reason: "新版本", apply: true };
    const { cases } = await migrateCases(runtime, request, system);
    expect(cases).toMatchObject([{ migrated: true, problems: [] }]);
    expect(await clocks(id, "L.REPLY.COND")).toEqual([
      { state: "running", due: "2026-12-15", stopped: false, entries: 1 },
    ]);
    await complete(id, "check");
    expect(await clocks(id, "L.REPLY.COND")).toMatchObject([{ state: "met" }]);
    expect(await clocks(id, "L.DISPATCH")).toMatchObject([{ state: "running" }]);
  });

  it("changes its limit where the new version gives the running step another, and stops where it gives none", async () => {
    const id = await start(process());
    const from = text(
      (await runtime.store.read("SELECT definition_id FROM instance WHERE id = ?", [id]))[0],
      "definition_id",
    );
    const second = await version(process().replace('jieli:limit="L.REVIEW"', 'jieli:limit="L.DISPATCH"'));
    await migrateCases(runtime, { from, to: second, plan: null, reason: "改时限", apply: true }, system);
    expect(await clocks(id, "L.REVIEW")).toMatchObject([{ state: "stopped" }]);
    expect(await clocks(id, "L.DISPATCH")).toMatchObject([{ state: "running" }]);
    const third = await version(process().replace('jieli:limit="L.REVIEW"', ""));
    await migrateCases(runtime, { from: second, to: third, plan: null, reason: "无时限", apply: true }, system);
    await complete(id, "review");
    expect(await clocks(id, "L.DISPATCH")).toMatchObject([{ state: "stopped", stopped: true }]);
  });

  it("holds signers who work side by side under one limit until the last has signed", async () => {
    const many = task("sign", "L.REVIEW").replace(
      "/>",
      `><bpmn:multiInstanceLoopCharacteristics isSequential="false"><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>`,
    );
    const id = await start(
      bpmn(`<bpmn:startEvent id="start"/>${many}<bpmn:endEvent id="end"/>`, "start -> sign -> end", { id: "signing" }),
    );
    expect(await clocks(id, "L.REVIEW")).toMatchObject([{ state: "running" }]);
    await complete(id, "sign");
    await complete(id, "sign");
    expect(await clocks(id, "L.REVIEW")).toMatchObject([{ state: "running" }]);
    await complete(id, "sign");
    expect(await clocks(id, "L.REVIEW")).toMatchObject([{ state: "met" }]);
  });

  it("rests until the last of two reasons has ended", async () => {
    const pausing = (element: string, reason: string) =>
      `<bpmn:userTask id="${element}" name="${element}" jieli:at="provider" jieli:role="provider-clerk" jieli:pauses="${reason}" jieli:outcomes="approve"/>`;
    const id = await start(
      bpmn(
        `<bpmn:startEvent id="start"/>${gateway("parallel", "f")}${task("work", "L.REPLY.COND")}${pausing("consult", "consultation")}${pausing("argue", "dispute")}${gateway("parallel", "j")}<bpmn:endEvent id="end"/>`,
        "start -> f; f -> work -> j; f -> consult -> j; f -> argue -> j; j -> end",
        { id: "resting" },
      ),
    );
    expect(await clocks(id, "L.REPLY.COND")).toMatchObject([{ state: "paused" }]);
    await complete(id, "consult");
    expect(await clocks(id, "L.REPLY.COND")).toMatchObject([{ state: "paused" }]);
    await complete(id, "argue");
    expect(await clocks(id, "L.REPLY.COND")).toMatchObject([{ state: "running" }]);
  });
});
