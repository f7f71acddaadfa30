import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { StepHistory } from "../../engine/analysis/simulation/history.ts";
import { openSimulation } from "../../engine/analysis/simulation/open-simulation.ts";
import type { SimulationResult } from "../../engine/analysis/simulation/result.ts";
import type { Scenario } from "../../engine/analysis/simulation/scenario.ts";
import { startClock } from "../../engine/calendar/clock.ts";
import { layerCalendars } from "../../engine/calendar/working-days.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { chainOf } from "../../engine/routing/regions.ts";
import { loadContent, type Content } from "../../server/content/load-content.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { simulate } from "../commands/simulate.ts";
import { displayWidth, table } from "./table.ts";

const processes = join(packageRoot(), "processes");
let content: Content;
let models: readonly ProcessModel[];
beforeAll(async () => {
  content = await loadContent(processes);
  const files = content.processes.flatMap((folder) => [...folder.files.values()]);
  models = (await Promise.all(files.map((file) => compileDefinitions(file)))).flatMap((file) => file.processes);
});

function shipped(process: string): Scenario {
  const scenario = content.processes.find(({ key }) => key === process)?.simulation;
  if (!scenario) throw new Error(`${process} ships no scenario`);
  return scenario;
}

type Heard = (index: number, events: readonly EngineEvent[]) => void;

async function run(scenario: Scenario, history: readonly StepHistory[] | null = null, heard: Heard = () => undefined) {
  const simulation = openSimulation({ ...content, scenario, models, history }, heard);
  while (simulation.advance(10_000));
  return simulation.result();
}

const breached = (result: SimulationResult) => result.breaches.reduce((sum, row) => sum + row.breached, 0);

/** Fewer than half of the officials, so that limits are missed. */
function shortStaffed(scenario: Scenario): Scenario {
  const counts = scenario.officials.counts.map((entry) => ({
    ...entry,
    count: Math.max(1, Math.floor(entry.count * 0.45)),
  }));
  return { ...scenario, cases: 300, officials: { default: 1, counts } };
}

describe.each(["ds-01", "ds-03"])("the scenario that ships with %s", (process) => {
  it("ends every case, asks the rules and assumes nothing", async () => {
    const result = await run({ ...shipped(process), cases: 300 });
    expect(result.cases).toEqual({ started: 300, completed: 300, terminated: 0, incidents: 0, waiting: 0, endless: 0 });
    expect(result.assumptions).toEqual([]);
    expect(result.breaches.find(({ element }) => element === process)?.limit).toBe("L.E2E");
  });
});

describe("virtual cases of DS-03", () => {
  it("go to the officials of the county, city and province that the route names", async () => {
    const result = await run({ ...shipped("ds-03"), cases: 200 });
    const workers = result.officials.map(({ organisation, role }) => `${organisation?.id} ${role}`);
    expect(workers).toEqual(
      expect.arrayContaining(["nm-data authority-reviewer", "qdn-data authority-reviewer", "gz-medical provider-head"]),
    );
    expect(result.steps.filter(({ element }) => element === "Task_OwnCheck").map(({ level }) => level)).toEqual([
      "county",
      "city",
    ]);
  });

  it("miss more limits with fewer officials, and take longer", async () => {
    const [enough, few] = [await run({ ...shipped("ds-03"), cases: 300 }), await run(shortStaffed(shipped("ds-03")))];
    expect(breached(few)).toBeGreaterThan(breached(enough));
    expect(few.endToEnd.workingDays?.mean).toBeGreaterThan(enough.endToEnd.workingDays?.mean ?? Infinity);
  });

  it("breach a limit exactly where the calendar says that it was missed", async () => {
    // Limits that no supplement, extension or return touches: their due moment is that of their start.
    const untouched = new Set(["L.SIGNOFF", "L.HOP", "L.DISPATCH", "L.DELIVER"]);
    const back = new Set(["notOurs", "return", "obstacle", "reject"]);
    const scenario = shortStaffed(shipped("ds-03"));
    const straight = Object.entries(scenario.steps).map(([element, { handling, outcomes = [] }]) => [
      element,
      { handling, outcomes: outcomes.filter(({ outcome }) => !back.has(outcome)) },
    ]);
    const open = new Map<string, string>();
    const missed = new Map<string, number>();
    const result = await run({ ...scenario, steps: Object.fromEntries(straight) }, null, (index, events) => {
      for (const event of events) {
        if (event.type === "limit.started" && event.decision.limit) {
          const { calendarRegion } = event.decision.limit;
          const calendar = layerCalendars(chainOf(content.regions, calendarRegion), content.calendars);
          open.set(`${index} ${event.token}`, startClock(event.decision.limit, calendar, event.at).dueAt ?? "");
        }
        if (event.type === "limit.stopped" && event.at > (open.get(`${index} ${event.token}`) ?? ""))
          missed.set(event.limit, (missed.get(event.limit) ?? 0) + 1);
      }
    });
    const told = new Map<string, number>();
    for (const { limit, breached: count } of result.breaches)
      if (untouched.has(limit) && count > 0) told.set(limit, (told.get(limit) ?? 0) + count);
    expect(told).toEqual(new Map([...told.keys()].map((limit) => [limit, missed.get(limit)])));
    expect([...missed.keys()].filter((limit) => untouched.has(limit)).toSorted()).toEqual([...told.keys()].toSorted());
    expect(told.size).toBeGreaterThan(0);
  });

  it("take durations and outcomes from history, and half of the limit where too little is known", async () => {
    const turnaroundHours = Array.from({ length: 25 }, (_, nth) => 1 + nth / 25);
    const known = { element: "Task_OwnCheck", level: "county", turnaroundHours, outcomes: { refuse: 25 } };
    const thin = { element: "Task_SignOff", level: "county", turnaroundHours: [1], outcomes: { approve: 1 } };
    const result = await run({ ...shipped("ds-03"), cases: 100 }, [known, thin]);
    const refused = result.ends.find(({ element }) => element === "End_RefusedByAuthority");
    expect(refused?.cases).toBeGreaterThan(60);
    const step = (element: string) => result.steps.find((row) => row.element === element && row.level === "county");
    expect(step("Task_OwnCheck")?.waitingHours?.max).toBe(0);
    expect(step("Task_OwnCheck")?.handlingHours?.max).toBeLessThanOrEqual(2);
    expect(step("Task_SignOff")?.handlingHours).toMatchObject({ p50: 3.5, max: 7 });
    expect(result.assumptions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: "HISTORY_USED", place: "Task_OwnCheck county" }),
        expect.objectContaining({ code: "HISTORY_THIN", place: "Task_SignOff county" }),
      ]),
    );
  });
});

describe("jieli simulate", () => {
  const folder = mkdtempSync(join(tmpdir(), "jieli-simulate-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(processes, "ds-03", "simulation.json");

  async function command(...args: string[]) {
    const out: string[] = [];
    const errors: string[] = [];
    const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
    const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => errors.push(String(text)) > 0);
    try {
      return { code: await simulate(args), out: out.join(""), errors: errors.join("") };
    } finally {
      stdout.mockRestore();
      stderr.mockRestore();
    }
  }

  it("prints the result as tables", async () => {
    const tables = await command(file, "--cases", "20");
    expect([tables.code, tables.errors]).toEqual([0, ""]);
    expect(tables.out).toContain("办结 completed 20");
    expect(tables.out).toMatch(/L\.REPLY\.COND 有条件共享答复 +提供部门答复/);
  });

  it("prints the result as JSON, the same for the same seed", async () => {
    const json = async (seed: string) => (await command(file, "--cases", "20", "--seed", seed, "--json")).out;
    const first = await json("1");
    expect(JSON.parse(first)).toMatchObject({ process: "ds-03", seed: 1, cases: { started: 20 } });
    expect(await json("1")).toBe(first);
    expect(await json("2")).not.toBe(first);
  });

  it.each([
    ["no file", () => join(folder, "none.json"), /SCENARIO_INVALID at .*none\.json: .*无法读取/s],
    ["no JSON", () => write("text.json", "{"), /SCENARIO_INVALID at .*text\.json/],
    [
      "a step that is not there",
      () => write("step.json", changed({ Task_Nowhere: { handling: { type: "fixed", hours: 1 } } })),
      /STEP_UNKNOWN at steps\.Task_Nowhere.*Use one of Task_SignOff/s,
    ],
  ])("refuses %s with exit code 1, the place and the mend", async (_what, path, words) => {
    const { code, out, errors } = await command(path());
    expect([code, out]).toEqual([1, ""]);
    expect(errors).toMatch(words);
  });

  it.each([[[file, "--cases", "0"]], [[file, "--seed", "x"]], [[]]])("refuses the arguments %j", async (args) => {
    await expect(simulate(args)).rejects.toMatchObject({ name: "UsageError" });
  });

  function write(name: string, text: string): string {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  }

  function changed(steps: object): string {
    return JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), steps });
  }
});

it("sets Chinese text in columns of a terminal", () => {
  expect(displayWidth("审签 sign（2）")).toBe(4 + 1 + 4 + 2 + 1 + 2);
  expect(
    table(
      ["环节", "h"],
      [
        ["a", "10"],
        ["审签中", "9"],
      ],
      1,
    ),
  ).toBe("环节     h\na       10\n审签中   9\n");
});
