import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkPackFile, checkTableFile } from "../../bin/check/rule-files.ts";

const folder = join(import.meta.dirname, "broken");
const expected = z
  .array(z.object({ file: z.string(), code: z.string(), place: z.string(), mentions: z.string() }))
  .parse(JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")));

const problemsOf = (file: string) =>
  file.endsWith(".dmn") ? checkTableFile(join(folder, file)) : checkPackFile(join(folder, file));

describe("a broken pack or table is refused, with place, bound and source", () => {
  it.each(expected)("$file: $code", async ({ file, code, place, mentions }) => {
    const errors = (await problemsOf(file)).filter(({ severity }) => severity === "error");
    const found = errors.find(
      (problem) =>
        problem.code === code && (problem.element ?? "").endsWith(place) && problem.message.en.includes(mentions),
    );
    expect(found, JSON.stringify(errors, null, 1)).toBeDefined();
    expect(found?.message.zh).toMatch(/[\u4e00-\u9fff]/);
  });

  it("covers every file of the folder, and at least thirty", () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.(dmn|json)$/.test(file),
    );
    expect(files.filter((file) => file !== "expected.json").sort()).toEqual(expected.map(({ file }) => file).sort());
    expect(expected.length).toBeGreaterThanOrEqual(30);
  });
});
