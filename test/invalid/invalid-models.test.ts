import { describe, expect, it } from "vitest";
import { checkDefinition } from "../../engine/analysis/check-definition.ts";
import type { Problem } from "../../engine/model/problems.ts";
import { placeOf, rules, type Rule, type RuleCode } from "../../engine/model/rules/rule-table.ts";
import { readInvalidFiles } from "./invalid-files.ts";

const files = readInvalidFiles();

async function errorsIn(xml: string): Promise<readonly Problem[]> {
  const problems = await checkDefinition(xml, new Map(), { situations: 500, pause: async () => undefined });
  return problems.filter(({ severity }) => severity === "error");
}

describe.each(files.map((file) => [file.name, file] as const))("%s", (_name, { code, at, xml, mended }) => {
  it("is refused for the one rule that it breaks, by element, clause and mend", async () => {
    const errors = await errorsIn(xml);
    expect(new Set(errors.map((found) => `${found.code} at ${found.element}`))).toEqual(new Set([`${code} at ${at}`]));
    const { clause, zh, en }: Rule = rules[code as RuleCode];
    for (const { message } of errors) {
      expect(message.zh).toContain(zh.rule);
      expect(message.zh).toContain(zh.mend);
      expect(message.en).toContain(en.rule);
      expect(message.en).toContain(en.mend);
      expect([message.zh, message.en].every((text) => text.endsWith(placeOf(clause)))).toBe(true);
    }
  });

  it("is accepted once it is mended", async () => {
    expect(await errorsIn(mended)).toEqual([]);
  });
});

describe("the invalid files", () => {
  it("are at least 120, and show every rule of the table", () => {
    expect(files.length).toBeGreaterThanOrEqual(120);
    expect(Object.keys(rules).filter((rule) => !files.some(({ code }) => code === rule))).toEqual([]);
  });
});
