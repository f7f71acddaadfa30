import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { act, allKinds, requestOf, type Act, type Kind } from "./random/acts.ts";
import { clockFaults } from "./random/clocks-hold.ts";
import { caseRows, decisionFaults, nobodysTasks, stepFaults, voteFaults } from "./random/people-hold.ts";
import { shapes } from "./random/shapes.ts";
import { attributionFaults, journalEnds, linesSince, traceFaults } from "./random/traces-hold.ts";
import { starters, World } from "./random/world.ts";

/** Each run is a case and up to thirty operations on it, with everything checked after each. */
const runs = Number(process.env["PROPERTY_RUNS"] ?? 12);

let world: World;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-01-05T01:00:00.000Z") });
  world = await World.open();
});
afterAll(async () => {
  vi.useRealTimers();
  await world.close();
});

/** Before a long holiday, before a weekend, at the end of a day, on a day off, and on any day. */
const moments = [
  "2026-02-11T02:00:00.000Z",
  "2026-09-25T09:20:00.000Z",
  "2026-11-03T15:58:00.000Z",
  "2026-10-03T02:00:00.000Z",
  "2026-06-16T02:00:00.000Z",
] as const;

const opening = fc.record({
  shape: fc.constantFrom(...shapes),
  starter: fc.constantFrom(...starters),
  at: fc.constantFrom(...moments),
});

/** Kinds of operations that took effect. */
const done = new Set<Kind>();

describe("any sequence of operations by anybody", () => {
  it(
    "leaves somebody accountable, no vote twice, nobody on their own application, clocks that add up and a history that tells it",
    async () => {
      await fc.assert(
        fc.asyncProperty(opening, fc.array(act, { minLength: 1, maxLength: 30, size: "max" }), async (begun, acts) => {
          let instanceId = await world.begin(begun);
          await requireSound(instanceId);
          for (const one of acts) instanceId = await happen(one, instanceId);
        }),
        { numRuns: runs, endOnFailure: runs > 100 },
      );
      // Sequences in which all is refused show nothing; a long run does all but what a few situations allow.
      const idle = [...allKinds].filter((kind) => !done.has(kind));
      expect(idle.length, `never took effect: ${idle.join(" ")}`).toBeLessThan(runs >= 400 ? 6 : 28);
    },
    Math.max(60_000, runs * 3_000),
  );
});

/** One act, and everything that must hold after it. Gives the case that goes on: another one after a restart. */
async function happen(one: Act, instanceId: string): Promise<string> {
  world.pass();
  const ends = await journalEnds(world);
  if (one.kind === "time") {
    const hours = [3, 20, 26, 50, 75, 120][one.how % 6] ?? 1;
    await world.bench.runtime.moveClock(new Date(Date.parse(world.now) + hours * 3_600_000).toISOString());
    expect(await attributionFaults(world, await linesSince(world, ends), null)).toEqual([]);
    done.add(one.kind);
    await requireSound(instanceId);
    return instanceId;
  }
  const sent = await requestOf(world, one, instanceId);
  if (!sent) return instanceId;
  const before = await world.digest();
  const person = await world.bench.as(sent.account);
  const answer = await person[sent.method](sent.path, sent.body);
  const told = `${sent.account} ${sent.method} ${sent.path} ${JSON.stringify(sent.body)}: ${answer.status} ${answer.text.slice(0, 400)}`;
  expect(answer.status, told).toBeLessThan(500);
  if (answer.status >= 400) {
    expect(answer.type, told).toBe("application/problem+json");
    const { code, detail } = answer.body;
    expect([typeof code, detail?.zh !== "", detail?.en !== "", detail?.zh !== detail?.en], told).toEqual([
      "string",
      true,
      true,
      true,
    ]);
    expect(await world.digest(), `refused, and yet something changed: ${told}`).toBe(before);
    return instanceId;
  }
  done.add(sent.kind);
  expect(await attributionFaults(world, await linesSince(world, ends), sent.account), told).toEqual([]);
  await requireSound(instanceId, told);
  const next = sent.kind === "restart" ? String(answer.body.instanceId) : instanceId;
  if (next !== instanceId) await requireSound(next, told);
  return next;
}

async function requireSound(instanceId: string, after = "begun"): Promise<void> {
  const { runtime } = world.bench;
  const rows = await caseRows(runtime, instanceId);
  const nobodys = nobodysTasks(rows);
  if (nobodys.length > 0) {
    const found = (await runtime.watch()).filter(({ problem }) => problem === "NOBODY_CAN_ACT");
    const told = await runtime.store.read("SELECT * FROM announcement WHERE kind = 'task.stranded'");
    for (const task of nobodysTasks(await caseRows(runtime, instanceId))) {
      const element = String(task["element"]);
      expect(
        found.map(({ detail }) => detail),
        `nobody answers for ${element} after ${after}`,
      ).toContainEqual(expect.stringContaining(element));
      expect(told.length, `nobody was told that nobody answers for ${element} after ${after}`).toBeGreaterThan(0);
    }
  }
  const sound = await caseRows(runtime, instanceId);
  expect(
    [
      ...stepFaults(sound),
      ...voteFaults(sound),
      ...decisionFaults(sound),
      ...(await clockFaults(runtime, sound)),
      ...(await traceFaults(world, instanceId)),
      ...(await runtime.watch())
        .filter(({ problem }) => problem !== "NOBODY_CAN_ACT")
        .map(({ problem, detail }) => `${problem} ${detail}`),
    ],
    after,
  ).toEqual([]);
}
