import { beforeAll, describe, expect, it } from "vitest";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Scenario, Subject } from "../../engine/analysis/second-opinion/scenario.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import { usualLimits, WorkerExecutor, type WorkerLimits } from "./worker-executor.ts";

const scenario: Scenario = {
  steps: [{ happens: { type: "start", startEvent: null }, became: [], answers: {} }],
};
let subject: Subject;

beforeAll(async () => {
  const { processes } = await compileDefinitions(
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"><process id="p" isExecutable="true"><startEvent id="s"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/></process></definitions>',
  );
  const [model] = processes;
  if (!model) throw new Error("the process does not compile");
  subject = { model, called: new Map() };
});

/** A worker that does this instead of asking bpmn-engine, asked twice. */
async function askTwice(script: string, limits: Partial<WorkerLimits> = {}): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "jieli-worker-"));
  const file = join(folder, "worker.mjs");
  writeFileSync(
    file,
    `import { parentPort } from "node:worker_threads";\nparentPort.on("message", () => { ${script} });\n`,
  );
  const executor = new WorkerExecutor({ ...usualLimits, ...limits }, pathToFileURL(file));
  const told = [];
  for (let asked = 0; asked < 2; asked += 1)
    told.push(
      await executor.run(subject, scenario).then(
        (trace) => JSON.stringify(trace),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    );
  await executor.close();
  rmSync(folder, { recursive: true });
  return told;
}

describe("an executor in a worker", () => {
  it("hands on what the worker answers, and its failures", async () => {
    expect(await askTwice("parentPort.postMessage({ trace: [] })")).toEqual(["[]", "[]"]);
    expect(await askTwice('parentPort.postMessage({ failure: "no" })')).toEqual(["no", "no"]);
  });

  it("ends a worker that hangs, and asks a new one", async () => {
    const [first, second] = await askTwice("for (;;) {}", { scenarioMs: 300 });
    expect([first, second]).toEqual(["no answer within 300 ms", "no answer within 300 ms"]);
  });

  it("lives on when a worker takes too much memory", async () => {
    const eats = "const all = []; for (;;) all.push(Array.from({ length: 10000 }, () => Math.random()));";
    const [first] = await askTwice(eats, { heapMb: 24 });
    expect(first).toMatch(/memory/i);
  });

  it("gives no more answers when the time for all of them is over", async () => {
    const [first, second] = await askTwice("for (;;) {}", { scenarioMs: 10_000, totalMs: 300 });
    expect(first).toMatch(/no answer within \d+ ms/);
    expect(second).toBe("no answer within 300 ms for all scenarios");
  });
});
