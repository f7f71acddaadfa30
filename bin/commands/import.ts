import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { Destination } from "../../engine/interchange/book.ts";
import type { Note } from "../../engine/interchange/notes.ts";
import { translate } from "../../engine/interchange/translate.ts";
import { loadContent } from "../../server/content/load-content.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { UsageError } from "../usage.ts";

export const importUsage = `jieli import FILE.bpmn [--out DIR] [--actors FILE.json]
  Brings a file of Camunda 7, Camunda 8, Flowable or Activiti into ours: prints what was translated and what was not, and
  writes the file and its forms into DIR. --actors names who acts for a group or user: {"GROUP": {"role": "…", "at": "…"}}.
  Exit code 1 when the file is refused.`;

const actorsFile = z.record(z.string(), z.strictObject({ role: z.string(), at: z.string() }));

/** `import` of a file from another engine. What was not translated is told and does not fail the command. */
export async function importFile(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: { type: "string" }, actors: { type: "string" } },
  });
  const [path, second] = positionals;
  if (path === undefined || second !== undefined) throw new UsageError(importUsage);
  const result = await translate(await readFile(path, "utf8"), await destination(values.actors));
  if (result.type === "refused") {
    for (const { code, element, message } of result.problems)
      process.stdout.write(`${path}: refused ${code} at ${element ?? "(file)"}: ${message.en} / ${message.zh}\n`);
    return 1;
  }
  const tell = (what: string, notes: readonly Note[]) => {
    for (const { element, message } of notes)
      process.stdout.write(`${path}: ${what} at ${element ?? "(file)"}: ${message.en} / ${message.zh}\n`);
  };
  tell("translated", result.translated);
  tell("NOT translated", result.untranslated);
  if (values.out !== undefined) {
    await mkdir(result.forms.length > 0 ? join(values.out, "forms") : values.out, { recursive: true });
    await writeFile(join(values.out, basename(path)), result.xml);
    for (const form of result.forms)
      await writeFile(join(values.out, "forms", `${form.id}.json`), `${JSON.stringify(form, null, 1)}\n`);
  }
  process.stdout.write(
    `${path}: ${result.engines.join(", ") || "no other engine"}; ${result.translated.length} translated, ${result.untranslated.length} not translated, ${result.forms.length} form(s)\n`,
  );
  return 0;
}

/** Roles that somebody holds in the content that ships, and who acts as the caller says. */
async function destination(actors: string | undefined): Promise<Destination> {
  const { organisations } = await loadContent(join(packageRoot(), "processes"));
  const given = actors === undefined ? {} : readActors(await readFile(actors, "utf8"));
  return {
    roles: new Set([...organisations.values()].flatMap(({ roles }) => roles)),
    actors: new Map(Object.entries(given)),
  };
}

function readActors(text: string): z.infer<typeof actorsFile> {
  const parsed = actorsFile.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new UsageError(`--actors: ${z.prettifyError(parsed.error)}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`--actors: ${error.message}`);
    throw error;
  }
}
