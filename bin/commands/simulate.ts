import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { StepHistory } from "../../engine/analysis/simulation/history.ts";
import { openSimulation } from "../../engine/analysis/simulation/open-simulation.ts";
import type { SimulationResult } from "../../engine/analysis/simulation/result.ts";
import { mostCases, parseScenario, type Scenario } from "../../engine/analysis/simulation/scenario.ts";
import { SimulationError } from "../../engine/analysis/simulation/simulation-error.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { loadContent } from "../../server/content/load-content.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { report } from "../simulate/report.ts";
import { UsageError } from "../usage.ts";

export const simulateUsage = `jieli simulate FILE.json [--cases N] [--seed N] [--json] [--history [--data DIR]]
  Runs many virtual cases by a scenario such as processes/ds-03/simulation.json, with the BPMN files beside it and the rules
  that ship. --history takes durations and outcomes from the finished tasks of the database (DATABASE_URL or SQLite).`;

const happeningsAtATime = 20_000;

/** Exit codes: 0 ran, 1 the scenario is refused, 2 an argument does not fit. */
export async function simulate(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      cases: { type: "string" },
      seed: { type: "string" },
      json: { type: "boolean", default: false },
      history: { type: "boolean", default: false },
      data: { type: "string" },
    },
  });
  const [file, second] = positionals;
  if (file === undefined || second !== undefined) throw new UsageError(simulateUsage);
  const cases = wholeNumber("--cases", values.cases, 1, mostCases);
  const seed = wholeNumber("--seed", values.seed, 0, 4_294_967_295);
  try {
    const read = await readScenario(file);
    const scenario = { ...read, cases: cases ?? read.cases, seed: seed ?? read.seed };
    const result = await runScenario(
      scenario,
      dirname(file),
      values.history ? await readHistory(scenario, values.data) : null,
    );
    process.stdout.write(values.json ? `${JSON.stringify(result, null, 1)}\n` : report(result));
    return 0;
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    const { code, place, text, mend } = error;
    process.stderr.write(`${code} at ${place}: ${text.en} / ${text.zh}\n  ${mend.en} / ${mend.zh}\n`);
    return 1;
  }
}

async function readScenario(file: string): Promise<Scenario> {
  try {
    return parseScenario(JSON.parse(await readFile(file, "utf8")), file);
  } catch (error) {
    if (error instanceof SimulationError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SimulationError(
      "SCENARIO_INVALID",
      file,
      { zh: `无法读取情景文件：${reason}`, en: `the scenario cannot be read: ${reason}` },
      { zh: "请检查路径和 JSON 格式", en: "Check the path and that the file is JSON" },
    );
  }
}

async function runScenario(
  scenario: Scenario,
  folder: string,
  history: readonly StepHistory[] | null,
): Promise<SimulationResult> {
  const content = await loadContent(join(packageRoot(), "processes"));
  const beside = (await readdir(folder)).filter((name) => name.endsWith(".bpmn")).sort();
  const own = await Promise.all(beside.map((name) => readFile(join(folder, name), "utf8")));
  const models = await modelsOf(own);
  const known = new Set(models.map(({ id }) => id));
  if ([scenario.process, ...models.flatMap(({ calls }) => calls)].some((id) => !known.has(id)))
    models.push(...(await modelsOf(content.processes.flatMap(({ files }) => [...files.values()]))));
  const simulation = openSimulation({ ...content, scenario, models, history });
  while (simulation.advance(happeningsAtATime)) {
    const { started, running } = simulation.progress;
    process.stderr.write(`${started - running} / ${scenario.cases} …${process.stderr.isTTY ? "\r" : "\n"}`);
  }
  return simulation.result();
}

async function modelsOf(files: readonly string[]): Promise<ProcessModel[]> {
  const compiled = await Promise.all(files.map((file) => compileDefinitions(file)));
  return compiled.flatMap(({ processes }) => processes);
}

/** The server's rooms are loaded only when a database is asked. */
async function readHistory(scenario: Scenario, data: string | undefined): Promise<readonly StepHistory[]> {
  const { Store } = await import("../../server/store/store.ts");
  const { taskHistory } = await import("../../server/runtime/task-history.ts");
  const content = await loadContent(join(packageRoot(), "processes"));
  const store = await Store.open({
    databaseUrl: process.env["DATABASE_URL"] ?? null,
    file: join(data ?? join(packageRoot(), "data"), "jieli.sqlite"),
  });
  try {
    return await taskHistory(store, content, scenario.process);
  } finally {
    await store.close();
  }
}

function wholeNumber(name: string, text: string | undefined, least: number, most: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new UsageError(`${name} is a whole number from ${least} to ${most}, not “${text}”`);
  return value;
}
