/**
 * Test runner for Stryker: loads the engine's tests once and runs them within the process, some hundred times as fast as
 * starting vitest for each mutant. The engine keeps no state between tests, so that nothing has to be loaded anew.
 */
import { readdirSync } from "node:fs";
import { register } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import { declareFactoryPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import fc from "fast-check";
import { collected, collectFrom } from "./test-functions.mjs";

const rooms = ["engine/calendar", "engine/execution", "engine/analysis/operations"];
const files = ["test/conformance/own-cases.test.ts", "test/properties/clocks.test.ts"];

/** Properties run on the same few cases for every mutant. */
process.env.PROPERTY_RUNS = "10";
fc.configureGlobal({ seed: 1 });

/** Fast, without chance, and about what is mutated; the first test that fails ends the run of a mutant. */
function testFiles() {
  const testsIn = (room) =>
    readdirSync(room, { recursive: true })
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => join(room, name))
      .sort();
  return [...rooms.flatMap(testsIn), ...files];
}

class InProcessRunner {
  #stryker = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    // Each mutated file keeps hold of this object from its first line on.
    this.#stryker.mutantCoverage = { static: {}, perTest: {} };
    register("./typescript-loader.mjs", import.meta.url);
    for (const file of testFiles()) await collectFrom(file, () => import(pathToFileURL(file).href));
  }

  async dryRun() {
    const tests = [];
    for (const test of collected) {
      this.#stryker.currentTestId = test.id;
      tests.push(await run(test));
    }
    this.#stryker.currentTestId = undefined;
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, hitLimit, testFilter, disableBail }) {
    this.#stryker.activeMutant = activeMutant.id;
    this.#stryker.hitCount = hitLimit === undefined ? undefined : 0;
    this.#stryker.hitLimit = hitLimit;
    const wanted = testFilter && new Set(testFilter);
    const tests = [];
    for (const test of collected) {
      if (wanted && !wanted.has(test.id)) continue;
      const result = await run(test);
      tests.push(result);
      if (result.status === TestStatus.Failed && !disableBail) break;
    }
    const timedOut = determineHitLimitReached(this.#stryker.hitCount, hitLimit);
    this.#stryker.activeMutant = undefined;
    return toMutantRunResult(timedOut ?? { status: DryRunStatus.Complete, tests });
  }
}

async function run({ id, run: body, after }) {
  const from = performance.now();
  const result = { id, name: id, timeSpentMs: 0 };
  try {
    await body();
    for (const clean of after) await clean();
    return { ...result, timeSpentMs: performance.now() - from, status: TestStatus.Success };
  } catch (error) {
    const failureMessage = error instanceof Error ? error.message : String(error);
    return { ...result, timeSpentMs: performance.now() - from, status: TestStatus.Failed, failureMessage };
  }
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "in-process", () => new InProcessRunner())];
