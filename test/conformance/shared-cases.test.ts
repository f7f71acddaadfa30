import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { HeadlessCase } from "../../engine/analysis/headless-case.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";

/** Cases of public engine test suites. They are not part of this repository; where the folder stands beside it, they run. */
const folder = join(import.meta.dirname, "../../../shared/conformance");

const caseSchema = z.object({
  id: z.string(),
  file: z.string(),
  processId: z.string(),
  variables: z.record(z.string(), z.json()),
  expect: z.object({ traceMultiset: z.array(z.string()), failed: z.boolean() }).optional(),
  steps: z
    .array(
      z.object({
        expect: z.array(z.string()).optional(),
        notOpen: z.string().optional(),
        complete: z.string().optional(),
        set: z.record(z.string(), z.json()).optional(),
        signal: z.string().optional(),
      }),
    )
    .optional(),
  end: z.enum(["completed", "waiting"]).optional(),
  level: z.enum(["must", "should", "refuse-ok"]),
});
type SharedCase = z.infer<typeof caseSchema>;

const cases = existsSync(join(folder, "cases.json"))
  ? z.array(caseSchema).parse(JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")))
  : [];

async function open(shared: SharedCase): Promise<HeadlessCase | "refused"> {
  const { processes, problems } = await compileDefinitions(readFileSync(join(folder, shared.file), "utf8"));
  if (problems.some((problem) => problem.severity === "error")) {
    if (shared.level === "refuse-ok") return "refused";
    throw new Error(problems.map((problem) => `${problem.element}: ${problem.message.en}`).join("\n"));
  }
  const called = new Map(processes.map((process) => [process.id, process]));
  const model = called.get(shared.processId);
  if (!model) throw new Error(`the file has no process ${shared.processId}`);
  return new HeadlessCase({
    model,
    called,
    now: "2026-01-05T01:00:00.000Z",
    route: null,
    clocks: null,
    reload: true,
    onEvents: () => undefined,
  });
}

function nameOf(running: HeadlessCase, models: string): string {
  return running.state.tokens[models]?.element ?? "";
}

describe.skipIf(cases.length === 0)("public conformance cases", () => {
  it.each(cases.map((shared) => [shared.id, shared] as const))("%s", async (_id, shared) => {
    const running = await open(shared);
    if (running === "refused") return;
    const names = await taskNames(shared);
    running.start(shared.variables);
    const openTasks = () => running.waits.filter((wait) => wait.type === "task");
    const openNames = () =>
      openTasks()
        .map((wait) => names.get(nameOf(running, wait.token)) ?? "")
        .sort();
    const complete = (name: string, variables: Variables) => {
      const wait = openTasks().find((candidate) => names.get(nameOf(running, candidate.token)) === name);
      if (!wait) throw new Error(`no open task ${name}; open are ${openNames().join(", ")}`);
      running.apply({ type: "completeTask", wait: wait.id, outcome: null, variables });
    };

    if (shared.expect) {
      const trace: string[] = [];
      for (let rounds = 0; running.status === "running" && rounds < 200; rounds += 1) {
        const [oldest] = openTasks();
        if (oldest) {
          const name = names.get(nameOf(running, oldest.token)) ?? "";
          trace.push(name);
          const value = Number(running.variables["integerVariable"] ?? 0);
          complete(name, name === "increment" ? { integerVariable: value + 1 } : {});
        } else if (running.nextTimer()) running.advanceToNextTimer();
        else break;
      }
      expect(trace.filter((name) => name !== "INCREMENT").sort()).toEqual(
        [...shared.expect.traceMultiset].filter((name) => name !== "INCREMENT").sort(),
      );
      expect(running.status === "incident").toBe(shared.expect.failed);
      return;
    }
    for (const action of shared.steps ?? []) {
      if (action.expect) expect(openNames()).toEqual([...action.expect].sort());
      if (action.notOpen) expect(openNames()).not.toContain(action.notOpen);
      if (action.complete) complete(action.complete, action.set ?? {});
      if (action.signal) running.apply({ type: "broadcastSignal", name: action.signal, variables: {} });
    }
    expect(running.status).toBe(shared.end === "waiting" ? "running" : "completed");
  });
});

async function taskNames(shared: SharedCase): Promise<ReadonlyMap<string, string>> {
  const { processes } = await compileDefinitions(readFileSync(join(folder, shared.file), "utf8"));
  return new Map(
    processes.flatMap((process) => [...process.elements.values()].map((node) => [node.id, node.name ?? ""] as const)),
  );
}
