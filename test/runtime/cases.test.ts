import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Variables } from "../../engine/expressions/json.ts";
import type { Actor } from "../../server/runtime/actor.ts";
import { verifyJournal } from "../../server/runtime/journal.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { newId } from "../../server/store/ids.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime, text, type } from "./support.ts";

const clerk: Actor = { kind: "person", id: "u-wang", name: "王敏", organisation: "nm-civil" };
let database: TestDatabase;
let runtime: Runtime;

beforeEach(async () => {
  database = await createTestDatabase();
  runtime = await open();
});
afterEach(async () => {
  await runtime.close();
  await database.remove();
});

const open = () => openRuntime(database);

async function startCase(): Promise<string> {
  const id = newId();
  const [definition] = await runtime.store.read(
    "SELECT id FROM definition WHERE process_key = 'ds-03' ORDER BY version DESC",
  );
  const variables: Variables = {
    applicant: { organisation: "nm-civil", region: "520102", level: "county", name: "南明区民政局" },
    provider: { organisation: "gz-medical", region: "520000", level: "province" },
    resource: {
      code: "306001/000001",
      name: "医保",
      shareClass: "conditional",
      hookup: "hooked",
      grade: 3,
      vertical: "none",
    },
    request: {
      items: ["status"],
      personalInfo: "sensitive",
      mode: "verify",
      emergency: "none",
      kind: "new",
      outsourced: false,
      to: "2027-10-31",
    },
    hops: [{ organisation: "gy-data", region: "520100", level: "city" }],
    upwardMode: "viaParentAuthority",
    supplements: 0,
  };
  await runtime.start(
    {
      id,
      caseNumber: "SQ-1",
      definitionId: text(definition, "id"),
      processKey: "ds-03",
      startEvent: null,
      subject: { zh: "医保", en: "Medical" },
      applicant: { organisation: "nm-civil", region: "520102" },
      provider: { organisation: "gz-medical", region: "520000" },
      variables,
    },
    clerk,
    null,
    async () => undefined,
  );
  return id;
}

async function openTasks(id: string): Promise<string[]> {
  return (
    await runtime.store.read("SELECT element FROM task WHERE instance_id = ? AND state = 'open' ORDER BY element", [id])
  ).map((row) => text(row, "element"));
}

async function complete(id: string, element: string, outcome: string, variables: Variables = {}): Promise<void> {
  const [task] = await runtime.store.read(
    "SELECT wait_id FROM task WHERE instance_id = ? AND element = ? AND state = 'open'",
    [id, element],
  );
  if (!task) throw new Error(`no open task ${element}; open: ${(await openTasks(id)).join(", ")}`);
  await runtime.dispatch({
    instanceId: id,
    actor: clerk,
    commandId: null,
    decide: async () => ({ type: "completeTask", wait: text(task, "wait_id"), outcome, variables }),
  });
}

async function clock(id: string, limit: string) {
  const [row] = await runtime.store.read(
    "SELECT state, due_at, breached_at, organisation_id, ledger FROM clock WHERE instance_id = ? AND limit_code = ? ORDER BY started_at DESC",
    [id, limit],
  );
  return row
    ? {
        state: text(row, "state"),
        organisation: text(row, "organisation_id"),
        ledger: JSON.parse(text(row, "ledger")) as { dueAt: string | null; round: number },
      }
    : null;
}

describe("a case that crosses three levels", () => {
  it("goes its way with a supplement, a breach with escalation, an extension and delivery", async () => {
    const id = await startCase();
    expect(await openTasks(id)).toEqual(["Task_SignOff"]);
    await complete(id, "Task_SignOff", "approve");
    expect(await openTasks(id)).toEqual(["Task_OwnCheck"]);

    await complete(id, "Task_OwnCheck", "supplement");
    expect(await clock(id, "L.REVIEW")).toMatchObject({ state: "paused" });
    expect(await openTasks(id)).toEqual(["Task_Supplement"]);
    await complete(id, "Task_Supplement", "resubmit");
    expect(await clock(id, "L.REVIEW")).toMatchObject({ state: "running", ledger: { round: 2 } });
    await complete(id, "Task_OwnCheck", "approve");
    expect(await openTasks(id)).toEqual(["Task_Relay"]);

    const hop = await clock(id, "L.HOP");
    expect(hop).toMatchObject({ state: "running", organisation: "gy-data" });
    await runtime.moveClock(new Date(Date.parse(hop?.ledger.dueAt ?? "") + 60_000).toISOString());
    expect(await clock(id, "L.HOP")).toMatchObject({ state: "breached" });
    expect(await openTasks(id)).toEqual(["Task_Escalate", "Task_Relay"]);
    const [escalation] = await runtime.store.read(
      "SELECT organisation_id FROM task WHERE instance_id = ? AND element = 'Task_Escalate'",
      [id],
    );
    expect(text(escalation, "organisation_id")).toBe("gz-data");
    await complete(id, "Task_Escalate", "chased");
    await complete(id, "Task_Relay", "forward");

    await complete(id, "Task_Dispatch", "approve");
    expect(await openTasks(id)).toEqual(["Task_PiAssessment", "Task_SecurityReview"]);
    await complete(id, "Task_PiAssessment", "pass");
    await complete(id, "Task_SecurityReview", "pass");
    const before = await clock(id, "L.REPLY.COND");
    await complete(id, "Task_Examine", "askExtension");
    await complete(id, "Task_ApproveExtension", "approve", { extensionDays: 5, extensionReason: "需要核对接口" });
    const after = await clock(id, "L.REPLY.COND");
    expect(String(after?.ledger.dueAt) > String(before?.ledger.dueAt)).toBe(true);
    await complete(id, "Task_Examine", "agree");
    await complete(id, "Task_Decide", "approve");
    await complete(id, "Task_Deliver", "delivered");
    await complete(id, "Task_Accept", "accept");

    const [instance] = await runtime.store.read("SELECT status FROM instance WHERE id = ?", [id]);
    expect(text(instance, "status")).toBe("completed");
    const [delivery] = await runtime.store.read(
      "SELECT region_filter, accepted_at FROM delivery WHERE instance_id = ?",
      [id],
    );
    expect(text(delivery, "region_filter")).toBe("520102");
    expect(await runtime.store.read("SELECT id FROM timer WHERE instance_id = ?", [id])).toEqual([]);
    expect(await verifyJournal(runtime.store)).toEqual([]);
    expect(await runtime.watch()).toEqual([]);
  });

  it("records a breach at the moment it was due although nobody was running then, and fires its timer once", async () => {
    const id = await startCase();
    await complete(id, "Task_SignOff", "approve");
    const due = (await clock(id, "L.REVIEW"))?.ledger.dueAt ?? "";
    await runtime.movable?.moveTo(new Date(Date.parse(due) + 3 * 86_400_000).toISOString());
    await runtime.close();
    runtime = await open();
    expect(await clock(id, "L.REVIEW")).toMatchObject({ state: "breached" });
    const [row] = await runtime.store.read(
      "SELECT breached_at FROM clock WHERE instance_id = ? AND limit_code = 'L.REVIEW'",
      [id],
    );
    expect(text(row, "breached_at")).toBe(due);
    expect(await openTasks(id)).toEqual(["Task_Escalate", "Task_OwnCheck"]);
    await runtime.settle();
    expect(await openTasks(id)).toEqual(["Task_Escalate", "Task_OwnCheck"]);
  });

  it("does not let one broken case hold up the due moments of the others", async () => {
    const broken = await startCase();
    const sound = await startCase();
    for (const id of [broken, sound]) await complete(id, "Task_SignOff", "approve");
    const due = (await clock(sound, "L.REVIEW"))?.ledger.dueAt ?? "";
    await runtime.store.transaction((tx) => tx.execute("UPDATE instance SET state = '{}' WHERE id = ?", [broken]));
    await runtime.movable?.moveTo(new Date(Date.parse(due) + 60_000).toISOString());
    await runtime.settle();
    expect(await openTasks(sound)).toEqual(["Task_Escalate", "Task_OwnCheck"]);
  });

  it("lets one of two completions of a task win and tells the other", async () => {
    const id = await startCase();
    const results = await Promise.allSettled([
      complete(id, "Task_SignOff", "approve"),
      complete(id, "Task_SignOff", "reject"),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({ reason: { status: 409 } });
  });

  it("runs a command once for one key", async () => {
    const id = await startCase();
    const [task] = await runtime.store.read("SELECT wait_id FROM task WHERE instance_id = ?", [id]);
    const send = () =>
      runtime.dispatch({
        instanceId: id,
        actor: clerk,
        commandId: "key-1",
        decide: async () => ({ type: "completeTask", wait: text(task, "wait_id"), outcome: "approve", variables: {} }),
      });
    expect((await send()).repeated).toBe(false);
    expect((await send()).repeated).toBe(true);
    expect(await openTasks(id)).toEqual(["Task_OwnCheck"]);
  });
});

describe("the watch", () => {
  it("reports a case that lost its task by hand", async () => {
    const id = await startCase();
    expect(await runtime.watch()).toEqual([]);
    await runtime.store.transaction((tx) =>
      tx.execute("UPDATE task SET state = 'cancelled' WHERE instance_id = ?", [id]),
    );
    expect(await runtime.watch()).toMatchObject([{ instanceId: id, problem: "PROJECTION_DIFFERS" }]);
    const [row] = await runtime.store.read("SELECT state FROM instance WHERE id = ?", [id]);
    const state = { ...type(row), waits: {} };
    await runtime.store.transaction((tx) =>
      tx.execute("UPDATE instance SET state = ? WHERE id = ?", [JSON.stringify(state), id]),
    );
    expect(await runtime.watch()).toMatchObject([{ instanceId: id, problem: "NOTHING_PENDING" }]);
  });
});

describe("the journal", () => {
  it.each([
    ["altered", "UPDATE journal SET payload = '{}' WHERE instance_id = ? AND seq = 2", 2],
    ["missing", "DELETE FROM journal WHERE instance_id = ? AND seq = 2", 3],
  ])("shows a row that was %s", async (problem, sql, seq) => {
    const id = await startCase();
    await runtime.store.transaction((tx) => tx.execute(sql, [id]));
    expect(await verifyJournal(runtime.store)).toEqual([{ instanceId: id, seq, problem }]);
  });
});
