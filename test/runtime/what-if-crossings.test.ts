import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkGrid } from "../../engine/analysis/what-if/grid.ts";
import type { ImaginedCase } from "../../engine/analysis/what-if/imagined-case.ts";
import { walk, walkOn, walkWithCrossings } from "../../engine/analysis/what-if/walk.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { gridSetting } from "../../server/sharing/what-if.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime } from "./support.ts";

let database: TestDatabase;
let runtime: Runtime;
beforeAll(async () => {
  database = await createTestDatabase();
  runtime = await openRuntime(database);
});
afterAll(async () => {
  await runtime.close();
  await database.remove();
});

it("a decision taken otherwise at its crossing goes the way of the whole walk, in every shipped process of the grid", async () => {
  const imagined: ImaginedCase[] = [];
  const setting = await gridSetting(runtime, null);
  await checkGrid(runtime.content, {
    ...setting,
    imagine: (cell, representative) => {
      const found = setting.imagine(cell, representative);
      if (found) imagined.push(found.imagined);
      return found;
    },
  });
  const mains = imagined.map((each) => ({ each, main: walkWithCrossings(each, "atOnce") }));
  // One case for each way through each process.
  const ways = new Map(
    mains.map((found) => [[found.each.model.id, ...found.main.steps.map(({ element }) => element)].join(" "), found]),
  );
  expect(new Set([...ways.values()].map(({ each }) => each.model.id)).size).toBe(4);
  let compared = 0;
  for (const { each, main } of ways.values())
    for (const step of main.steps)
      for (const outcome of step.outcomes.filter((other) => other !== step.outcome)) {
        const crossing = main.crossings.find(({ element, visit }) => element === step.element && visit === step.visit);
        if (!crossing) throw new Error(`${step.element} was never decided`);
        const whole = walk(each, "atOnce", {
          decide: (element, visit) => (element === step.element && visit === step.visit ? { outcome } : null),
        });
        const short = walkOn(each, "atOnce", crossing, { outcome });
        expect(isDeepStrictEqual(short, whole), `${step.element} ${step.visit} ${outcome}`).toBe(true);
        compared += 1;
      }
  expect(compared).toBeGreaterThan(ways.size);
});
