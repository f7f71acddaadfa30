import { readFile } from "node:fs/promises";
import { checkDefinition } from "../../engine/model/check.ts";
import { UsageError } from "../usage.ts";

export const checkUsage = `jieli check FILE.bpmn [MORE.bpmn …]
  Checks files as the server does before it publishes them. Exit code 1 when one has an error.`;

export async function check(files: readonly string[]): Promise<number> {
  if (files.length === 0) throw new UsageError(checkUsage);
  let errors = 0;
  for (const file of files) {
    const problems = await checkDefinition(await readFile(file, "utf8"));
    for (const { severity, code, element, message } of problems) {
      process.stdout.write(`${file}: ${severity} ${code} at ${element ?? "(file)"}: ${message.en} / ${message.zh}\n`);
    }
    const failed = problems.filter((problem) => problem.severity === "error").length;
    process.stdout.write(`${file}: ${failed === 0 ? "ok" : `${failed} error(s)`}\n`);
    errors += failed;
  }
  return errors === 0 ? 0 : 1;
}
