/** Shows that the lint rules of .oxlintrc.json bite: which folder may import which, and what no file may contain. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const root = join(import.meta.dirname, "..", "..");
const oxlint = join(dirname(fileURLToPath(import.meta.resolve("oxlint/package.json"))), "bin", "oxlint");
const Report = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

interface Case {
  readonly file: string;
  readonly text: string;
  /** The rule that reports it, or null when it is allowed. */
  readonly rule: string | null;
}

const imports = (file: string, from: string, allowed: boolean): Case => ({
  file,
  text: `import { thing } from "${from}";\nexport const other = thing;\n`,
  rule: allowed ? null : "no-restricted-imports",
});

const cases: readonly Case[] = [
  imports("engine/execution/a.ts", "./state.ts", true),
  imports("engine/execution/a.ts", "../model/compile.ts", true),
  imports("engine/execution/a.ts", "zod", true),
  imports("engine/execution/a.ts", "../../server/store/store.ts", false),
  imports("engine/execution/a.ts", "../../modeler/index.ts", false),
  imports("engine/execution/a.ts", "../../processes/users.json", false),
  imports("engine/execution/a.ts", "node:fs", false),
  imports("engine/execution/a.ts", "fs/promises", false),
  imports("engine/execution/a.ts", "node:http", false),
  imports("engine/execution/a.ts", "typeorm", false),
  imports("engine/execution/a.ts", "koa", false),
  imports("engine/routing/a.test.ts", "node:fs", true),
  imports("engine/routing/a.test.ts", "../../server/store/store.ts", false),
  imports("server/runtime/a.ts", "../store/store.ts", true),
  imports("server/runtime/a.ts", "../../engine/execution/step.ts", true),
  imports("server/runtime/a.ts", "../../console/main.ts", false),
  imports("server/runtime/a.ts", "../../modeler/index.ts", false),
  imports("server/runtime/a.ts", "../../processes/users.json", false),
  imports("modeler/a.ts", "../engine/model/check.ts", true),
  imports("modeler/a.ts", "./viewer.ts", true),
  imports("modeler/a.ts", "../server/api/tasks/tasks.schema.ts", false),
  imports("modeler/a.ts", "../console/main.ts", false),
  imports("modeler/a.ts", "node:fs", false),
  imports("console/screens/inbox/a.tsx", "../../../modeler/index.ts", true),
  imports("console/screens/inbox/a.tsx", "../../../server/api/tasks/tasks.schema.ts", true),
  imports("console/screens/inbox/a.tsx", "../../../server/api/tasks/tasks.ts", false),
  imports("console/screens/inbox/a.tsx", "../../../server/store/store.ts", false),
  imports("console/screens/inbox/a.tsx", "../../../engine/execution/step.ts", false),
  imports("console/screens/inbox/a.tsx", "../../../engine/approval/operations.ts", false),
  imports("console/screens/inbox/a.tsx", "../../../engine/forms/check-form.ts", true),
  imports("console/screens/inbox/a.tsx", "node:fs", false),
  imports("migrations/1-a.ts", "../server/store/columns.ts", true),
  imports("migrations/1-a.ts", "../server/runtime/dispatch.ts", false),
  imports("migrations/1-a.ts", "../engine/execution/step.ts", false),
  { file: "server/a.ts", text: "export const other = (value: any) => value;\n", rule: "no-explicit-any" },
  { file: "server/a.ts", text: "try {\n  JSON.parse('');\n} catch {}\n", rule: "no-empty" },
  { file: "test/a.test.ts", text: 'import { it } from "vitest";\nit.only("x", () => {});\n', rule: "no-focused-tests" },
];

/** Cases may name the same file: a number keeps them apart without leaving the folder or the ending. */
const probeName = (file: string, index: number) => `case-${index}-${basename(file)}`;

describe("the lint rules", () => {
  const folder = mkdtempSync(join(tmpdir(), "jieli-lint-"));
  let reported: ReadonlyMap<string, readonly string[]> = new Map();

  beforeAll(() => {
    // Types do not matter here, and the type-aware half is found only from within the repository.
    const rules = readFileSync(join(root, ".oxlintrc.json"), "utf8").replace('"typeAware": true', '"typeAware": false');
    writeFileSync(join(folder, ".oxlintrc.json"), rules);
    cases.forEach(({ file, text }, index) => {
      const path = join(folder, dirname(file), probeName(file, index));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    });
    const { stdout } = spawnSync(process.execPath, [oxlint, "--format", "json"], { cwd: folder, encoding: "utf8" });
    const byFile = new Map<string, string[]>();
    for (const { code, filename } of Report.parse(JSON.parse(stdout)).diagnostics) {
      byFile.set(basename(filename), [...(byFile.get(basename(filename)) ?? []), code]);
    }
    reported = byFile;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(cases.map((entry, index) => ({ ...entry, index })))("$file: $text -> $rule", ({ file, rule, index }) => {
    const codes = reported.get(probeName(file, index)) ?? [];
    if (rule === null) expect(codes).toEqual([]);
    else
      expect(
        codes.some((code) => code.includes(rule)),
        codes.join(", "),
      ).toBe(true);
  });
});
