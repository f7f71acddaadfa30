import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instantAt, localDate } from "../../engine/calendar/dates.ts";
import { importYear, previewYear } from "../../server/runtime/calendar-import.ts";
import { verifyJournal } from "../../server/runtime/journal.ts";
import { recomputeSlice } from "../../server/runtime/recompute-deadlines.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { official2027 } from "../support/official-2027.ts";
import { openRuntime, text } from "./support.ts";
import { completeTimed, startTimed, timedProcess } from "./timed-process.ts";

const editor = { kind: "person", id: "u-admin", name: "系统管理员", organisation: "gz-data" } as const;
let database: TestDatabase;
let runtime: Runtime;

beforeEach(async () => {
  database = await createTestDatabase();
  runtime = await open();
  await runtime.movable?.moveTo(instantAt("2027-01-25", "10:00"));
});
afterEach(async () => {
  await runtime.close();
  await database.remove();
});

const open = () => openRuntime(database);

async function replyCase(): Promise<string> {
  const id = await startTimed(runtime, timedProcess());
  await completeTimed(runtime, id, "review");
  return id;
}

async function rowsOf(id: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return runtime.store.read(sql, [id]);
}

async function dueOf(id: string, limit: string) {
  const [row] = await runtime.store.read(
    "SELECT due_at, ledger, calendar_version FROM clock WHERE instance_id = ? AND limit_code = ?",
    [id, limit],
  );
  const ledger = JSON.parse(text(row, "ledger")) as { dueConfidence: string };
  return { due: localDate(text(row, "due_at")), confidence: ledger.dueConfidence };
}

describe("an official year that is imported", () => {
  it("moves open deadlines with their timers and tasks, and says of each from when to when and why", async () => {
    const id = await replyCase();
    expect(await dueOf(id, "L.REPLY.COND")).toEqual({ due: "2027-02-10", confidence: "provisional" });
    await importYear(runtime, official2027, editor);
    await runtime.settle();
    expect(await dueOf(id, "L.REPLY.COND")).toEqual({ due: "2027-02-14", confidence: "official" });
    const timers = await rowsOf(id, "SELECT element, due_at FROM timer WHERE instance_id = ? ORDER BY element");
    expect(timers.map((row) => [text(row, "element"), localDate(text(row, "due_at"))])).toEqual([
      ["due", "2027-02-14"],
      ["near", "2027-02-03"],
    ]);
    const [task] = await rowsOf(id, "SELECT due_at FROM task WHERE instance_id = ? AND state = 'open'");
    expect(localDate(text(task, "due_at"))).toBe("2027-02-14");
    const lines = await rowsOf(id, "SELECT payload FROM journal WHERE instance_id = ? AND type = 'clock.recalculated'");
    const told = lines.map((row) => JSON.parse(text(row, "payload")) as Record<string, unknown>);
    expect(told).toMatchObject([
      {
        limit: "L.REPLY.COND",
        dueBefore: "2027-02-10T15:59:59.999Z",
        dueAt: "2027-02-14T15:59:59.999Z",
        kept: false,
        calendarVersion: 1,
      },
    ]);
    expect(JSON.stringify(told)).toContain("虚构的2027年放假安排");
    expect(await verifyJournal(runtime.store)).toEqual([]);
    const [change] = await runtime.store.read("SELECT * FROM calendar_change");
    expect([change?.["moved"], change?.["finished_at"] !== null]).toEqual([1, true]);
  });

  it("never shortens a deadline that people were told, unless the rule says so", async () => {
    await runtime.movable?.moveTo(instantAt("2027-01-29", "10:00"));
    const id = await startTimed(runtime, timedProcess());
    expect(await dueOf(id, "L.REVIEW")).toMatchObject({ due: "2027-02-02" });
    const [clock] = await rowsOf(id, "SELECT id, resolved FROM clock WHERE instance_id = ?");
    const follows = await startTimed(runtime, timedProcess());
    const resolved = { ...(JSON.parse(text(clock, "resolved")) as object), onCalendarChange: "follow" };
    await runtime.store.transaction((tx) =>
      tx.execute("UPDATE clock SET resolved = ? WHERE instance_id = ?", [JSON.stringify(resolved), follows]),
    );
    const { affected } = await previewYear(runtime, official2027);
    expect(affected).toMatchObject({ open: 2, later: 0, earlier: 1, kept: 1 });
    await importYear(runtime, official2027, editor);
    await runtime.settle();
    // Sunday 31 January becomes a working day: the calendar alone gives 1 February.
    expect(await dueOf(id, "L.REVIEW")).toMatchObject({ due: "2027-02-02", confidence: "official" });
    expect(await dueOf(follows, "L.REVIEW")).toMatchObject({ due: "2027-02-01" });
  });

  it("goes on after a crash where it stopped, and moves nothing twice", async () => {
    const ids = [await replyCase(), await replyCase(), await replyCase()];
    await importYear(runtime, official2027, editor);
    await runtime.close();
    runtime = await open();
    await runtime.settle();
    expect(await recomputeSlice(runtime)).toBe(0);
    for (const id of ids) {
      expect(await dueOf(id, "L.REPLY.COND")).toMatchObject({ due: "2027-02-14" });
      const lines = await rowsOf(id, "SELECT id FROM journal WHERE instance_id = ? AND type = 'clock.recalculated'");
      expect(lines).toHaveLength(1);
    }
  });

  it("counts for clocks that rested meanwhile, once they go on", async () => {
    const id = await replyCase();
    const send = (command: { type: "suspend"; reason: string } | { type: "resume" }) =>
      runtime.dispatch({ instanceId: id, actor: editor, commandId: null, decide: async () => command });
    await send({ type: "suspend", reason: "等待" });
    await importYear(runtime, official2027, editor);
    await runtime.settle();
    await send({ type: "resume" });
    expect(await dueOf(id, "L.REPLY.COND")).toEqual({ due: "2027-02-14", confidence: "official" });
  });

  it("is refused with faults, and then nothing has changed", async () => {
    const file = { ...official2027, days: official2027.days.filter(({ date }) => date !== "2027-02-06") };
    await expect(importYear(runtime, file, editor)).rejects.toMatchObject({
      code: "CALENDAR_REFUSED",
      problems: [{ code: "STATUTORY_DAY_MISSING", place: "2027-02-06" }],
    });
    expect(await runtime.store.read("SELECT id FROM calendar_year")).toEqual([]);
    expect(runtime.rules.calendarVersion).toBe(0);
  });
});
