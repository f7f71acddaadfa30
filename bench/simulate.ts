/**
 * What a simulation costs: virtual cases of DS-03 with the scenario that ships, a second of wall and of processor time.
 * Run after a build: `node dist/bench/simulate.js [cases]`.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { openSimulation } from "../engine/analysis/simulation/open-simulation.ts";
import { parseScenario } from "../engine/analysis/simulation/scenario.ts";
import { compileDefinitions } from "../engine/model/compile.ts";
import { loadContent } from "../server/content/load-content.ts";
import { packageRoot } from "../server/content/package-root.ts";

const cases = Number(process.argv[2] ?? 10_000);
const root = join(packageRoot(), "processes");
const place = join(root, "ds-03", "simulation.json");
const content = await loadContent(root);
const scenario = { ...parseScenario(JSON.parse(await readFile(place, "utf8")), place), cases };
const begun = { wall: performance.now(), cpu: process.cpuUsage() };
const compiled = await Promise.all(
  content.processes
    .filter(({ key }) => key === "ds-03")
    .flatMap((folder) => [...folder.files.values()].map((file) => compileDefinitions(file))),
);
const models = compiled.flatMap(({ processes }) => processes);
const simulation = openSimulation({ ...content, scenario, models, history: null });
while (simulation.advance(10_000));
const result = simulation.result();
const seconds = (performance.now() - begun.wall) / 1_000;
const used = process.cpuUsage(begun.cpu);
console.log(
  JSON.stringify({
    measure: "virtual cases of DS-03",
    cases: result.cases,
    seconds: Number(seconds.toFixed(2)),
    processorSeconds: Number(((used.user + used.system) / 1_000_000).toFixed(2)),
    casesPerSecond: Math.round(result.cases.started / seconds),
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1_024),
  }),
);
