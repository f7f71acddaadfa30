import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { HeadlessCase } from "../../engine/analysis/headless-case.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { applyStep } from "./apply-step.ts";
import { headlessRouting } from "./headless-routing.ts";
import { scriptStep } from "./script-step.ts";

const scenarioSchema = z.strictObject({
  title: z.object({ zh: z.string(), en: z.string() }),
  processId: z.string(),
  now: z.iso.datetime(),
  /** Start event that a message or an official begins with; the plain one where it is left out. */
  startEvent: z.string().nullable().default(null),
  variables: z.record(z.string(), z.json()),
  steps: z.array(scriptStep),
  expect: z.strictObject({
    state: z.enum(["completed", "running", "terminated", "incident"]),
    path: z.array(z.string()),
    /** End events reached, in order; messages and signals thrown for other cases; steps that the route left out. */
    ends: z.array(z.string()).optional(),
    thrown: z.array(z.string()).optional(),
    skipped: z.array(z.string()).optional(),
  }),
});

const root = join(packageRoot(), "processes");

const folders = readdirSync(root).filter((name) => name.startsWith("ds-"));

describe.each(folders)("scenarios of %s", (process) => {
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
    running.start(scenario.variables, scenario.startEvent);
    for (const step of scenario.steps) applyStep(running, step);
    expect(done.filter((event) => event.type === "task.completed").map((event) => event.element)).toEqual(
      scenario.expect.path,
    );
    expect(running.status).toBe(scenario.expect.state);
    const { ends, thrown, skipped } = scenario.expect;
    if (ends) expect(endsOf(done, called)).toEqual(ends);
    if (thrown) expect(thrownIn(done)).toEqual(thrown);
    if (skipped) expect(elementsOf(done, "element.skipped")).toEqual(skipped);
  });
});

function elementsOf(events: readonly EngineEvent[], type: EngineEvent["type"]): readonly (string | null)[] {
  return events.filter((event) => event.type === type).map((event) => event.element);
}

/** End events of the processes themselves; those of sub-processes are steps on the way. */
function endsOf(events: readonly EngineEvent[], models: ReadonlyMap<string, ProcessModel>): readonly (string | null)[] {
  const ends = new Set(
    [...models.values()].flatMap((model) =>
      [...model.elements.values()]
        .filter((node) => node.kind === "endEvent" && node.parent === model.id)
        .map(({ id }) => id),
    ),
  );
  return elementsOf(events, "element.entered").filter((element) => element !== null && ends.has(element));
}

function thrownIn(events: readonly EngineEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === "message.thrown" || event.type === "signal.thrown" ? [event.name] : [],
  );
}
