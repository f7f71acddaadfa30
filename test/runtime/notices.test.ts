import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instantAt as at } from "../../engine/calendar/dates.ts";
import { announce } from "../../server/notices/announce.ts";
import { purgeNotices } from "../../server/notices/purge.ts";
import { bpmn } from "../support/bpmn.ts";
import { chen, NoticeBench } from "./notice-bench.ts";
import { openRuntime, text } from "./support.ts";
import { startTimed } from "./timed-process.ts";

let bench: NoticeBench;
beforeEach(async () => {
  bench = await NoticeBench.open();
});
afterEach(() => bench.close());

describe("an announcement", () => {
  it("tells each person once: by name, by post, in two capacities, and told again in the same words", async () => {
    const holders = (
      await bench.runtime.store.read(
        "SELECT DISTINCT person_id FROM post WHERE organisation_id = 'nm-data' AND role IN ('authority-reviewer', 'authority-head') ORDER BY person_id",
      )
    ).map((row) => row["person_id"]);
    expect(holders.length).toBeGreaterThan(1);
    const to = [
      { organisation: "nm-data", role: "authority-reviewer" },
      { organisation: "nm-data", role: "authority-head" },
      ...holders.map((person) => ({ person: String(person) })),
    ];
    const now = bench.runtime.clock.now();
    await bench.tell({ to, at: now });
    await bench.tell({ to, at: now });
    expect(await bench.messages()).toEqual(holders);
  });

  it("leaves out whoever did it, and whoever may not work on the task of a case that they began", async () => {
    const [holder] = await bench.runtime.store.read(
      "SELECT person_id FROM post WHERE organisation_id = 'nm-data' AND role = 'authority-reviewer'",
    );
    const person = text(holder, "person_id");
    const reviewer = { organisation: "nm-data", role: "authority-reviewer" };
    await bench.tell({ to: [reviewer], by: person });
    await bench.tell({ to: [{ ...reviewer, startedBy: person, draftedBy: null }] });
    expect(await bench.messages()).not.toContain(person);
    await bench.tell({ to: [{ ...reviewer, startedBy: "somebody else", draftedBy: null }], kind: "task.arrived" });
    expect(await bench.messages()).toContain(person);
  });

  it("is gone with the transaction that is rolled back", async () => {
    const failed = bench.runtime.store.transaction(async (tx) => {
      await announce(tx, {
        kind: "task.arrived",
        instanceId: null,
        taskId: null,
        to: [{ person: chen }],
        params: {},
        at: bench.runtime.clock.now(),
        by: null,
      });
      throw new Error("the step failed");
    });
    await expect(failed).rejects.toThrow("the step failed");
    expect(await bench.messages()).toEqual([]);
    expect(await bench.runtime.notices.sweep()).toBe(0);
  });

  it("is planned once by two nodes that sweep at the same moment", async () => {
    await bench.choose();
    await bench.register("webhook");
    const other = await openRuntime(bench.database, bench.settings);
    await Promise.all(Array.from({ length: 20 }, (_, index) => bench.tell({ params: { case: `C-${index}` } })));
    await Promise.all([bench.runtime.notices.sweep(), other.notices.sweep(), bench.runtime.notices.sweep()]);
    await other.close();
    expect(bench.post.mails.length).toBe(20);
    expect(new Set(bench.hook.calls.map(({ headers }) => headers["webhook-id"])).size).toBe(20);
    expect(bench.hook.calls.length).toBe(20);
  });
});

describe("the live feed", () => {
  it("tells each person of new messages once, whichever node wrote them", async () => {
    const told: string[] = [];
    bench.runtime.live.listen((change) => {
      if (change.type === "notice") told.push(...change.persons);
    });
    const other = await openRuntime(bench.database, bench.settings);
    await other.store.transaction((tx) =>
      announce(tx, {
        kind: "task.arrived",
        instanceId: null,
        taskId: null,
        to: [{ person: chen }],
        params: {},
        at: other.clock.now(),
        by: null,
      }),
    );
    await bench.runtime.notices.sweep();
    await bench.runtime.notices.sweep();
    await other.close();
    expect(told).toEqual([chen]);
  });
});

describe("old notices", () => {
  it("are deleted with their deliveries after a year, and no sooner", async () => {
    await bench.choose();
    await bench.tell();
    await bench.runtime.notices.sweep();
    expect(await purgeNotices(bench.runtime.store, at("2027-11-30", "10:00"))).toBe(0);
    expect(await purgeNotices(bench.runtime.store, at("2027-12-02", "10:00"))).toBe(1);
    expect([await bench.messages(), await bench.deliveries()]).toEqual([[], []]);
  });
});

describe("an incident", () => {
  it("is told at once to whoever repairs cases at the authorities of both sides, and to nobody else", async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="which"/><bpmn:endEvent id="end"/><bpmn:endEvent id="other"/>`,
      "start -> which; which -> end if nosuch > 3; which -> other default",
      { id: "failing" },
    );
    const id = await startTimed(bench.runtime, xml);
    await bench.runtime.notices.sweep();
    const rows = await bench.runtime.store.read(
      `SELECT announcement.kind, notice_message.person_id FROM notice_message
       JOIN announcement ON announcement.id = notice_message.announcement_id WHERE announcement.instance_id = ?`,
      [id],
    );
    expect(new Set(rows.map((row) => row["kind"]))).toEqual(new Set(["case.incident"]));
    const managers = await bench.runtime.store.read(
      "SELECT DISTINCT person_id FROM post WHERE role = 'manager' AND organisation_id IN ('nm-data', 'gz-data')",
    );
    expect(new Set(rows.map((row) => row["person_id"]))).toEqual(new Set(managers.map((row) => row["person_id"])));
    expect(managers.length).toBeGreaterThan(0);
  });
});
