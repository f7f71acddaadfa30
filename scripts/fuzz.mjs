/**
 * Fuzzes the BPMN importer: `node scripts/fuzz.mjs [--runs 20000] [--seed 1]`. Each mutant of our own files must come back
 * within 2 s of processor time and 512 MB as typed problems or as a model. What fails is written to data/fuzz and ends the run with code 1.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { mutants, mutate } from "../test/fuzz/mutations.mjs";
import { ensureBuild, root } from "./setup.mjs";

const deadlineMs = 2_000;
const { values } = parseArgs({
  options: { runs: { type: "string", default: "20000" }, seed: { type: "string", default: "1" } },
});

ensureBuild();
const files = ["processes", "test"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".bpmn"))
    .sort()
    .map((file) => readFileSync(join(root, folder, file), "utf8")),
);

let worker = null;
function freshWorker() {
  return new Worker(new URL("../test/fuzz/importer-worker.mjs", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
}

/** What is wrong with the importer's answer to `xml`; `null` when nothing is. */
async function faultOf(xml) {
  worker ??= freshWorker();
  const current = worker;
  const fault = await new Promise((resolve) => {
    const cpuBefore = process.cpuUsage();
    let timer = null;
    const judge = () => {
      const { user, system } = process.cpuUsage(cpuBefore);
      // A busy machine is no hang: what counts is the time that the importer had.
      if ((user + system) / 1000 >= deadlineMs) resolve(`no answer within ${deadlineMs} ms of processor time`);
      else timer = setTimeout(judge, 250);
    };
    timer = setTimeout(judge, deadlineMs);
    const end = (found) => {
      clearTimeout(timer);
      resolve(found);
    };
    current.removeAllListeners();
    current.once("message", end);
    current.once("error", (error) => end(`worker ended: ${error.code ?? error.message}`));
    // A worker of Node has no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    current.postMessage(xml);
  });
  if (fault !== null) {
    await current.terminate();
    worker = null;
  }
  return fault;
}

const startedAt = Date.now();
const faults = [];
let slowestMs = 0;
await faultOf(files[0]);
for (const mutant of fc.sample(mutants, { numRuns: Number(values.runs), seed: Number(values.seed) })) {
  const xml = mutate(files, mutant);
  const sentAt = performance.now();
  const fault = await faultOf(xml);
  slowestMs = Math.max(slowestMs, performance.now() - sentAt);
  if (fault === null) continue;
  mkdirSync(join(root, "data/fuzz"), { recursive: true });
  const path = join(root, "data/fuzz", `${values.seed}-${faults.length}.bpmn`);
  writeFileSync(path, xml);
  faults.push(fault);
  console.log(`${path}: ${fault}`);
}
await worker?.terminate();
const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
console.log(
  `${values.runs} mutants of ${files.length} files in ${seconds} s, slowest answer ${Math.round(slowestMs)} ms, ${faults.length} faults`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
