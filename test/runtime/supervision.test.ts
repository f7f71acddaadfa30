import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instantAt } from "../../engine/calendar/dates.ts";
import type { ResolvedLimit } from "../../engine/routing/types.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { bpmn } from "../support/bpmn.ts";
import { openRuntime, text } from "./support.ts";
import { completeTimed, startTimed, system, task, timedProcess } from "./timed-process.ts";

let database: TestDatabase;
let runtime: Runtime;

beforeEach(async () => {
  database = await createTestDatabase();
  runtime = await open();
  await runtime.movable?.moveTo(at("2026-11-30"));
});
afterEach(async () => {
  await runtime.close();
  await database.remove();
});

const open = () => openRuntime(database);
const at = (date: string, time = "10:00") => instantAt(date, time);

async function ladder(id: string): Promise<string[]> {
  const rows = await runtime.store.read(
    "SELECT at, type, payload FROM journal WHERE instance_id = ? AND type LIKE 'ladder.%' ORDER BY seq",
    [id],
  );
  return rows.map((row) => {
    const { rung } = JSON.parse(text(row, "payload")) as { rung: string };
    const local = new Date(Date.parse(text(row, "at")) + 8 * 3_600_000).toISOString();
    return `${local.slice(5, 16).replace("T", " ")} ${rung}`;
  });
}

const rows = (sql: string, id: string) => runtime.store.read(sql, [id]);

async function replyCase(): Promise<string> {
  const id = await startTimed(runtime, timedProcess());
  await completeTimed(runtime, id, "review");
  return id;
}

describe("the ladder of supervision", () => {
  it("is climbed rung by rung in working time: reminders, yellow card, order, red card, notified criticism", async () => {
    const id = await replyCase();
    await runtime.moveClock(at("2027-01-20", "18:00"));
    expect(await ladder(id)).toEqual([
      "12-07 09:00 half",
      "12-10 09:00 near",
      "12-15 09:00 overdue",
      "12-17 09:00 order",
      "12-23 09:00 lapsed",
      "12-29 09:00 criticism",
    ]);
    const cards = await rows(
      "SELECT colour, measure, organisation_id, level FROM card WHERE instance_id = ? ORDER BY issued_at",
      id,
    );
    expect(cards.map((card) => [card["colour"], card["measure"], card["organisation_id"], card["level"]])).toEqual([
      ["yellow", "notify", "gz-medical", "province"],
      ["red", "notify", "gz-medical", "province"],
      ["none", "criticise", "gz-medical", "province"],
    ]);
    const [order] = await rows("SELECT * FROM supervisory_order WHERE instance_id = ?", id);
    expect([order?.["asker_org"], order?.["target_org"], order?.["state"]]).toEqual([
      "gz-supervision",
      "gz-medical",
      "open",
    ]);
    // The case itself stands where it stood.
    const tasks = await rows("SELECT element FROM task WHERE instance_id = ? AND state = 'open'", id);
    expect(tasks.map((row) => row["element"])).toEqual(["examine"]);
  });

  it("climbs each rung once, however many nodes sweep", async () => {
    const id = await replyCase();
    const other = await open();
    try {
      await runtime.movable?.moveTo(at("2026-12-15", "11:00"));
      await other.movable?.moveTo(at("2026-12-15", "11:00"));
      await Promise.all([runtime.settle(), other.settle(), runtime.settle()]);
      await other.settle();
      expect(await rows("SELECT id FROM card WHERE instance_id = ?", id)).toHaveLength(1);
      // Nobody was running before: reminders of a limit that has run out are no use any more.
      expect(await ladder(id)).toEqual(["12-15 11:00 overdue"]);
    } finally {
      await other.close();
    }
  });

  it("tells nobody in the night or on a rest day, also when it was late", async () => {
    const id = await replyCase();
    await runtime.movable?.moveTo(at("2026-12-19", "20:00"));
    await runtime.settle();
    expect(await ladder(id)).toEqual([]);
    await runtime.moveClock(at("2026-12-21", "12:00"));
    expect((await ladder(id)).every((line) => line.startsWith("12-21 09:00"))).toBe(true);
    expect(await ladder(id)).toHaveLength(2);
  });

  it("stops when the work is done, and reminds again after a return, once", async () => {
    const id = await replyCase();
    await runtime.moveClock(at("2026-12-08"));
    expect(await ladder(id)).toEqual(["12-07 09:00 half"]);
    const back = async () =>
      runtime.dispatch({
        instanceId: id,
        actor: system,
        commandId: null,
        decide: async ({ state }) => ({
          type: "moveTokens",
          cancel: Object.values(state.tokens)
            .filter(({ scope }) => state.scopes[scope]?.parent === null)
            .map((token) => token.id),
          start: [{ element: "review", scope: null }],
          reason: "退回",
        }),
      });
    await back();
    await completeTimed(runtime, id, "review");
    await runtime.moveClock(at("2026-12-14", "12:00"));
    expect(await ladder(id)).toEqual(["12-07 09:00 half", "12-08 10:00 half", "12-10 09:00 near"]);
    await completeTimed(runtime, id, "examine");
    await runtime.moveClock(at("2026-12-16", "12:00"));
    expect((await ladder(id)).filter((line) => line.endsWith("overdue"))).toEqual([]);
  });

  it("names the region's own scheme: in Guiyang yellow means that the limit is near", async () => {
    const local = timedProcess()
      .replaceAll('jieli:at="provider"', 'jieli:at="applicantAuthority"')
      .replaceAll("provider-clerk", "authority-reviewer");
    const id = await startTimed(runtime, local.replace("provider-head", "authority-head"));
    await runtime.moveClock(at("2026-12-04", "12:00"));
    const cards = await rows(
      "SELECT colour, rung, evidence FROM card WHERE instance_id = ? ORDER BY issued_at, id",
      id,
    );
    expect(cards.map((card) => [card["colour"], card["rung"]])).toEqual([
      ["yellow", "near"],
      ["red", "overdue"],
    ]);
    expect(text(cards[0], "evidence")).toContain("near-yellow");
  });
});

describe("silence", () => {
  const deciding = task("decide", "L.REVIEW").replace(
    'outcomes="approve supplement"',
    'outcomes="approve deemedGrant"',
  );
  const process = bpmn(`<bpmn:startEvent id="start"/>${deciding}<bpmn:endEvent id="end"/>`, "start -> decide -> end", {
    id: "silent",
  });

  async function allowSilence(id: string): Promise<void> {
    const [row] = await rows("SELECT id, resolved FROM clock WHERE instance_id = ?", id);
    const resolved: ResolvedLimit = {
      ...(JSON.parse(text(row, "resolved")) as ResolvedLimit),
      onTimeout: "deemedGrant",
    };
    await runtime.store.transaction((tx) =>
      tx.execute("UPDATE clock SET resolved = ? WHERE id = ?", [JSON.stringify(resolved), text(row, "id")]),
    );
  }

  const request = (personalInfo: string) => ({
    request: { personalInfo, mode: "verify", emergency: "none", kind: "new", outsourced: false },
  });
  const resource = (grade: number) => ({
    resource: { shareClass: "conditional", hookup: "catalogued", grade, vertical: "none" },
  });

  it.each([
    ["ordinary data of grade 1, where the pack allows it", { ...request("none"), ...resource(1) }, true, "completed"],
    ["data of grade 3", { ...request("none"), ...resource(3) }, true, "running"],
    ["personal information", { ...request("sensitive"), ...resource(1) }, true, "running"],
    ["a limit whose pack says nothing of silence", { ...request("none"), ...resource(1) }, false, "running"],
  ])("with %s", async (_what, facts, allowed, status) => {
    const id = await startTimed(runtime, process, facts);
    if (allowed) await allowSilence(id);
    await runtime.moveClock(at("2026-12-10"));
    const [instance] = await rows("SELECT status FROM instance WHERE id = ?", id);
    expect(instance?.["status"]).toBe(status);
    const decisions = await rows(
      "SELECT actor, payload FROM journal WHERE instance_id = ? AND type = 'task.completed'",
      id,
    );
    for (const decision of decisions) {
      expect(JSON.parse(text(decision, "actor"))).toMatchObject({ kind: "system" });
      expect(text(decision, "payload")).toContain("deemedGrant");
    }
    expect(decisions).toHaveLength(status === "completed" ? 1 : 0);
  });
});
