import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSituation, openSteps, situations, stepsAtHand } from "../operations/situations.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

describe("situations that operations are tried in", () => {
  it.each(situations)("%s is what it is named after", async (name) => {
    const at = await openSituation(bench, name);
    expect(await openSteps(bench, at.instanceId)).toEqual(stepsAtHand[name]);
    const task = await at.task();
    const clock = task.clocks.find(({ limitCode }) => limitCode === "L.REPLY.COND");
    expect(clock?.state).toBe(name === "pausedClock" || name === "suspended" ? "paused" : "running");
    const [row] = await bench.runtime.store.read("SELECT status FROM instance WHERE id = ?", [at.instanceId]);
    expect(row?.["status"]).toBe(name === "suspended" ? "suspended" : "running");
  });
});
