import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { HeadlessCase } from "../../engine/analysis/headless-case.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { applyStep } from "./apply-step.ts";
import { headlessRouting } from "./headless-routing.ts";
import { scriptStep } from "./script-step.ts";

const scenarioSchema = z.strictObject({
  title: z.object({ zh: z.string(), en: z.string() }),
  processId: z.string(),
  now: z.iso.datetime(),
  variables: z.record(z.string(), z.json()),
  steps: z.array(scriptStep),
  expect: z.strictObject({
    state: z.enum(["completed", "running", "terminated", "incident"]),
    path: z.array(z.string()),
  }),
});

const root = join(packageRoot(), "processes");

describe.each(["ds-01", "ds-03"])("scenarios of %s", (process) => {
  const folder = join(root, process);
  const files = readdirSync(join(folder, "scenarios"));

  it.each(files)("%s", async (file) => {
    const scenario = scenarioSchema.parse(JSON.parse(readFileSync(join(folder, "scenarios", file), "utf8")));
    const bpmn = readdirSync(folder).filter((name) => name.endsWith(".bpmn"));
    const compiled = await Promise.all(
      bpmn.map(async (name) => compileDefinitions(readFileSync(join(folder, name), "utf8"))),
    );
    const called = new Map(compiled.flatMap(({ processes }) => processes.map((model) => [model.id, model] as const)));
    const model = called.get(scenario.processId);
    if (!model) throw new Error(`no process ${scenario.processId}`);
    const done: EngineEvent[] = [];
    const routing = await headlessRouting(model, scenario.variables, scenario.now);
    const running = new HeadlessCase({
      model,
      called,
      now: scenario.now,
      ...routing,
      reload: true,
      onEvents: (events) => done.push(...events),
    });
    running.start(scenario.variables);
    for (const step of scenario.steps) applyStep(running, step);
    expect(done.filter((event) => event.type === "task.completed").map((event) => event.element)).toEqual(
      scenario.expect.path,
    );
    expect(running.status).toBe(scenario.expect.state);
  });
});
