import { readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { parseArgs } from "node:util";
import { setImmediate } from "node:timers/promises";
import { checkDefinition, situationsBeforePublishing, type Problem } from "../../engine/analysis/check-definition.ts";
import type { KnownNames } from "../../engine/analysis/references/known-names.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { checkRules } from "../../engine/routing/publish-check.ts";
import { rulesOf } from "../../server/content/drawn-steps.ts";
import { namesOf } from "../../server/content/names.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { loadContent } from "../../server/content/load-content.ts";
import { checkPackFile, checkTableFile } from "../check/rule-files.ts";
import { printOpinions } from "../check/second-opinion.ts";
import { UsageError } from "../usage.ts";

export const checkUsage = `jieli check FILE.bpmn|PACK.json|PROCESS/REGION.dmn|FOLDER [MORE …] [--second-opinion]
  Checks files as the server does before it publishes them. A rule pack or a route table is checked among the shipped ones,
  in place of the one for its region; a folder is one like processes/, with its rule packs, route tables and BPMN files.
  Exit code 1 when one has an error. --second-opinion also runs scenarios that cover each process on bpmn-engine and tells
  where it does otherwise.`;

const bounds = { situations: situationsBeforePublishing, pause: async () => setImmediate() };

export async function check(args: readonly string[]): Promise<number> {
  const { values, positionals: paths } = parseArgs({
    args: [...args],
    options: { "second-opinion": { type: "boolean", default: false } },
    allowPositionals: true,
  });
  if (paths.length === 0) throw new UsageError(checkUsage);
  let errors = 0;
  for (const path of paths) {
    const problems = await checkPath(path);
    for (const { severity, code, element, message } of problems) {
      process.stdout.write(`${path}: ${severity} ${code} at ${element ?? "(file)"}: ${message.en} / ${message.zh}\n`);
    }
    const failed = problems.filter((problem) => problem.severity === "error").length;
    process.stdout.write(`${path}: ${failed === 0 ? "ok" : `${failed} error(s)`}\n`);
    errors += failed;
    if (failed === 0 && values["second-opinion"]) await printOpinions(path, await processFilesOf(path));
  }
  return errors === 0 ? 0 : 1;
}

async function checkPath(path: string): Promise<readonly Problem[]> {
  if ((await stat(path)).isDirectory()) return checkFolder(path);
  switch (extname(path)) {
    case ".json":
      return checkPackFile(path);
    case ".dmn":
      return checkTableFile(path);
    default:
      return checkDefinition(await readFile(path, "utf8"), new Map(), bounds, await shippedNames());
  }
}

/** The BPMN files that a path stands for. */
async function processFilesOf(path: string): Promise<readonly string[]> {
  if ((await stat(path)).isDirectory())
    return (await loadContent(path)).processes.flatMap((process) => [...process.files.values()]);
  return [".json", ".dmn"].includes(extname(path)) ? [] : [await readFile(path, "utf8")];
}

/** A file alone is held against the content that ships. */
async function shippedNames(): Promise<KnownNames> {
  return namesOf(await loadContent(join(packageRoot(), "processes")));
}

async function checkFolder(folder: string): Promise<readonly Problem[]> {
  try {
    const content = await loadContent(folder);
    const files = content.processes.flatMap((process) => [...process.files.values()]);
    const compiled = await Promise.all(files.map((xml) => compileDefinitions(xml)));
    const called = new Map<string, ProcessModel>(
      compiled.flatMap(({ processes }) => processes.map((process) => [process.id, process] as const)),
    );
    const definitions = await Promise.all(files.map((xml) => checkDefinition(xml, called, bounds, namesOf(content))));
    return [...checkRules(await rulesOf(content)), ...definitions.flat()];
  } catch (error) {
    if (!(error instanceof Error && (error.name === "ContentError" || error.name === "RouteError"))) throw error;
    return [
      {
        code: "CONTENT_UNREADABLE",
        severity: "error",
        element: null,
        message: { zh: error.message, en: error.message },
      },
    ];
  }
}
