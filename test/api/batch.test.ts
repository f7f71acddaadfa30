import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

async function signOffs(count: number): Promise<{ id: string; rev: number }[]> {
  const tasks: { id: string; rev: number }[] = [];
  for (let made = 0; made < count; made += 1) {
    const { instanceId } = await bench.apply();
    const { id, rev } = await bench.task("liu", instanceId, "Task_SignOff");
    tasks.push({ id, rev });
  }
  return tasks;
}

async function ownChecks(count: number): Promise<{ id: string; rev: number }[]> {
  const before = await signOffs(count);
  const decision = { outcome: "approve", opinion: "同意" };
  expect((await batch("liu", { operation: "decide", tasks: before, decision })).body.items).toHaveLength(count);
  const page = (await (await bench.as("chen")).get("/api/tasks?view=unclaimed&limit=100")).body;
  return page.items.slice(-count).map(({ id, rev }: TaskDetail) => ({ id, rev }));
}

async function batch(account: string, body: object, headers: Record<string, string> = {}) {
  return (await bench.as(account)).post("/api/tasks/batch", body, headers);
}

const states = (body: { items: { state: string; code: string | null }[] }) =>
  body.items.map(({ state, code }) => (state === "done" ? "done" : code));

describe("a batch", () => {
  it("decides each task by itself: one that is refused holds up no other, and each is a decision of its own", async () => {
    const [first, stale, last] = await signOffs(3);
    if (!first || !stale || !last) throw new Error("no tasks");
    const [before] = await bench.runtime.store.read("SELECT COUNT(*) AS n FROM decision_record");
    const tasks = [first, { ...stale, rev: stale.rev + 1 }, last, { id: "none", rev: 1 }];
    const answer = await batch("liu", {
      operation: "decide",
      tasks,
      decision: { outcome: "approve", opinion: "情况属实，同意" },
    });
    expect(states(answer.body)).toEqual(["done", "TASK_CHANGED", "done", "NOT_FOUND"]);
    expect(answer.body.items[1].message.zh).toContain("已有变化");
    const [after] = await bench.runtime.store.read("SELECT COUNT(*) AS n FROM decision_record");
    expect(Number(after?.["n"]) - Number(before?.["n"])).toBe(2);
    const opinions = await bench.runtime.store.read(
      "SELECT opinion, person_id FROM decision_record WHERE task_id IN (?, ?)",
      [first.id, last.id],
    );
    expect(opinions).toEqual([
      { opinion: "情况属实，同意", person_id: "u-liu" },
      { opinion: "情况属实，同意", person_id: "u-liu" },
    ]);
  });

  it("does nothing twice when it is sent again", async () => {
    const tasks = await signOffs(2);
    const body = { operation: "decide", tasks, decision: { outcome: "approve", opinion: "同意" } };
    const key = { "idempotency-key": "batch-1" };
    expect(states((await batch("liu", body, key)).body)).toEqual(["done", "done"]);
    const counted = await bench.counts();
    expect(states((await batch("liu", body, key)).body)).toEqual(["done", "done"]);
    expect(await bench.counts()).toEqual(counted);
  });

  it("takes refusals only with what each needs by itself", async () => {
    const tasks = await ownChecks(2);
    const refuse = (decision: object) => batch("chen", { operation: "decide", tasks, decision });
    const bare = await refuse({ outcome: "refuse", opinion: "不予" });
    expect(states(bare.body)).toEqual(["DECISION_INVALID", "DECISION_INVALID"]);
    expect(bare.body.items[0].message.zh).toContain("理由代码");
  });

  it("is for tasks of one step, each once, and at most a hundred", async () => {
    const [signOff] = await signOffs(1);
    const [check] = await ownChecks(1);
    const decision = { outcome: "approve", opinion: "同意" };
    const mixed = await batch("liu", { operation: "decide", tasks: [signOff, check], decision });
    expect([mixed.status, mixed.body.code]).toEqual([422, "BATCH_NOT_ALIKE"]);
    expect((await batch("liu", { operation: "claim", tasks: [signOff, signOff] })).status).toBe(422);
    const many = Array.from({ length: 101 }, (_, index) => ({ id: `t${index}`, rev: 1 }));
    expect((await batch("liu", { operation: "claim", tasks: many })).status).toBe(422);
  });

  it("is refused where the process or the route wants each case looked at by itself", async () => {
    const [task] = await signOffs(1);
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE task SET forbidden = 'transfer batch' WHERE id = ?", [task?.id ?? ""]),
    );
    expect(states((await batch("liu", { operation: "claim", tasks: [task] })).body)).toEqual(["BATCH_FORBIDDEN"]);
  });

  it("claims and hands on many, with one reason", async () => {
    const tasks = await ownChecks(2);
    expect(states((await batch("chen", { operation: "claim", tasks })).body)).toEqual(["done", "done"]);
    const claimed = tasks.map(({ id, rev }) => ({ id, rev: rev + 1 }));
    const body = { operation: "transfer", tasks: claimed, to: "u-qian", reason: "休假" };
    expect(states((await batch("chen", body)).body)).toEqual(["done", "done"]);
    expect(states((await batch("chen", body)).body)).toEqual(["TASK_CLAIMED", "TASK_CLAIMED"]);
    const { body: task } = await (await bench.as("qian")).get(`/api/tasks/${tasks[0]?.id}`);
    expect(task.custody.at(-1)).toMatchObject({ type: "transferred", reason: "休假" });
  });
});
