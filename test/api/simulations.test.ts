import { execFileSync } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulationResult } from "../../server/api/simulations/simulations.schema.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { taskHistory } from "../../server/runtime/task-history.ts";
import { newId } from "../../server/store/ids.ts";
import { ApiBench, type Person } from "./support.ts";

let bench: ApiBench;
let designer: Person;
let path: string;
beforeAll(async () => {
  // The thread runs what was built; the command builds what is older than its sources.
  execFileSync(process.execPath, [join(packageRoot(), "bin", "jieli.js"), "help"], { stdio: "ignore" });
  bench = await ApiBench.open();
  designer = await bench.as("lin");
  path = `/api/definitions/${await definition("ds-03")}/simulations`;
});
afterAll(() => bench.close());

async function definition(key: string): Promise<string> {
  const { items } = (await designer.get("/api/definitions")).body;
  return String(items.find((item: { key: string }) => item.key === key).id);
}

describe("a simulation by the API", () => {
  it("runs the shipped scenario, the same for the same seed, and writes nothing", async () => {
    const before = await bench.counts();
    const asked = { cases: 40, seed: 7 };
    const [first, second] = [await designer.post(path, asked), await designer.post(path, asked)];
    const result = first.body as SimulationResult;
    expect(first.status, first.text).toBe(200);
    expect(result.cases).toMatchObject({ started: 40, completed: 40 });
    expect(result).toMatchObject({ process: "ds-03", seed: 7, history: false });
    expect(second.text).toBe(first.text);
    expect(await bench.counts()).toEqual(before);
  });

  it("takes a scenario that was changed, and refuses one that does not fit with the place and the mend", async () => {
    const { scenario } = (await designer.get(`${path}/preset`)).body;
    const fewer = { ...scenario, cases: 20, officials: { default: 1, counts: [] } };
    expect((await designer.post(path, { scenario: fewer })).body.officials[0].count).toBe(1);
    const steps = { Task_Nowhere: { handling: { type: "fixed", hours: 1 } } };
    const refused = await designer.post(path, { scenario: { ...scenario, steps } });
    expect([refused.status, refused.body.code]).toEqual([422, "SIMULATION_REFUSED"]);
    expect(refused.body.problems).toMatchObject([{ code: "STEP_UNKNOWN", place: "steps.Task_Nowhere" }]);
    expect(refused.body.mend.en).toContain("Task_SignOff");
    const foreign = await designer.post(path, { scenario: { ...scenario, process: "ds-01" } });
    expect([foreign.status, foreign.body.code]).toEqual([422, "SCENARIO_OF_ANOTHER_PROCESS"]);
    const tooMany = await designer.post(path, { cases: 50_001 });
    expect([tooMany.status, tooMany.body.code]).toEqual([422, "REQUEST_INVALID"]);
  });

  it("says that a process ships no scenario", async () => {
    const relay = `/api/definitions/${await definition("relay-hop")}/simulations`;
    expect((await designer.get(`${relay}/preset`)).body).toEqual({ scenario: null });
    const missing = await designer.post(relay, {});
    expect([missing.status, missing.body.code]).toEqual([422, "SCENARIO_MISSING"]);
  });

  it("is for designers and managers alone", async () => {
    expect((await (await bench.as("huang")).post(path, { cases: 5 })).status).toBe(200);
    expect((await (await bench.as("wang")).post(path, { cases: 5 })).status).toBe(404);
    expect((await (await bench.as("wang")).get(`${path}/preset`)).status).toBe(404);
  });

  it("answers others meanwhile, runs two at a time, and ends one whose request was closed", async () => {
    const long = [openLong(), openLong()];
    await until(() => bench.runtime.simulations.running === 2);
    expect((await designer.get("/api/definitions")).status).toBe(200);
    const third = await designer.post(path, { cases: 5 });
    expect([third.status, third.body.code]).toEqual([503, "SIMULATIONS_BUSY"]);
    for (const running of long) running.destroy();
    await until(() => bench.runtime.simulations.running === 0);
    expect((await designer.post(path, { cases: 5 })).status).toBe(200);
  });

  it("takes durations and outcomes from finished tasks, and tells where half of the limit stands in", async () => {
    await finishTasks("Task_SignOff", "county", 24);
    const history = await taskHistory(bench.runtime.store, bench.runtime.content, "ds-03");
    // Received on Friday at 16:00, done on Monday at 10:00: 1.5 office hours on the Friday and one on the Monday.
    expect(history).toMatchObject([{ element: "Task_SignOff", level: "county", outcomes: { reject: 24 } }]);
    expect(new Set(history[0]?.turnaroundHours)).toEqual(new Set([2.5]));
    const result = (await designer.post(path, { cases: 30, history: true })).body as SimulationResult;
    const notes = result.assumptions.map(({ code, place }) => `${code} ${place}`);
    expect(notes).toContain("HISTORY_USED Task_SignOff county");
    expect(result.history).toBe(true);
    const signOff = result.steps.find(({ element, level }) => element === "Task_SignOff" && level === "county");
    expect(signOff?.handlingHours).toMatchObject({ p50: 2.5, max: 2.5 });
    expect(result.ends.find(({ element }) => element === "End_NotSubmitted")?.cases).toBe(signOff?.completed);
  });
});

/** A simulation of very many cases on a connection of its own. */
function openLong() {
  const address = bench.server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  const headers = { "content-type": "application/json", cookie: designer.cookie, "x-csrf-token": designer.csrf };
  const sent = request({ host: "127.0.0.1", port: address.port, method: "POST", path, headers });
  sent.on("error", () => undefined);
  sent.end(JSON.stringify({ cases: 50_000 }));
  return sent;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_000 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}

async function finishTasks(element: string, level: string, count: number): Promise<void> {
  const { instanceId } = await bench.apply();
  await bench.runtime.store.transaction(async (tx) => {
    const [task] = await tx.query("SELECT * FROM task WHERE instance_id = ?", [instanceId]);
    for (let nth = 0; nth < count; nth += 1) {
      await tx.insert("task", {
        ...task,
        id: newId(),
        wait_id: `x${nth}`,
        element,
        level,
        state: "completed",
        outcome: "reject",
        created_at: "2026-01-09T08:00:00.000Z",
        completed_at: "2026-01-12T02:00:00.000Z",
      });
    }
  });
}
