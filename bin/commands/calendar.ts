import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { checkYear, yearFileSchema, type YearFile } from "../../engine/calendar/year-check.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { importYear, previewYear } from "../../server/runtime/calendar-import.ts";
import { Runtime } from "../../server/runtime/runtime.ts";
import { UsageError } from "../usage.ts";

/** `jieli calendar`: one JSON line a finding, then what was done. */
export async function calendar(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { data: { type: "string" }, preview: { type: "boolean", default: false } },
  });
  const [command, path] = positionals;
  if ((command !== "check" && command !== "import") || !path)
    throw new UsageError("jieli calendar check FILE.json, or jieli calendar import FILE.json [--preview]");
  const file = await readYear(path);
  const faults = checkYear(file);
  for (const { code, severity, date, message, mend } of faults)
    print({ type: severity, code, date, message: message.en, mend: mend.en, messageZh: message.zh, mendZh: mend.zh });
  if (faults.some(({ severity }) => severity === "error")) return 1;
  if (command === "check") {
    print({ type: "sound", region: file.region, year: file.year });
    return 0;
  }
  return bring(file, { isPreview: values.preview, data: values.data ?? join(packageRoot(), "data") });
}

async function bring(file: YearFile, { isPreview, data }: { isPreview: boolean; data: string }): Promise<number> {
  const runtime = await Runtime.open({
    databaseUrl: process.env["DATABASE_URL"] ?? null,
    file: join(data, "jieli.sqlite"),
    demo: false,
    ticking: false,
  });
  try {
    const { days, affected } = await previewYear(runtime, file);
    print({ type: "preview", days, affected });
    if (isPreview) return 0;
    const actor = { kind: "person", id: "jieli-calendar", name: "jieli calendar import", organisation: null } as const;
    const { version } = await importYear(runtime, file, actor);
    await runtime.settle();
    print({ type: "imported", region: file.region, year: file.year, version });
    return 0;
  } finally {
    await runtime.close();
  }
}

async function readYear(path: string): Promise<YearFile> {
  const parsed = yearFileSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
  if (!parsed.success) throw new UsageError(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
