import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadContent, type Content } from "./load-content.ts";
import { packageRoot } from "./package-root.ts";
import { coveragePage, entriesOf, fieldRules, notData } from "./rules-coverage.ts";

let content: Content;
beforeAll(async () => {
  content = await loadContent(join(packageRoot(), "processes"));
});

describe("the rules of the field", () => {
  it("are each carried out by an entry of a pack, or say why no pack can hold them", () => {
    const kept = new Set(entriesOf(content.rulePacks).flatMap(({ rules }) => rules));
    expect(fieldRules.filter((rule) => !kept.has(rule))).toEqual(Object.keys(notData));
    expect([...kept].filter((rule) => !fieldRules.includes(rule))).toEqual([]);
  });

  it("are listed with source and grade in docs/rules-coverage.md", async () => {
    await expect(coveragePage(content.rulePacks)).toMatchFileSnapshot("../../docs/rules-coverage.md");
  });

  it("ship for the country, Guizhou's four and at least six other places, verified only where read", () => {
    const places = content.rulePacks.map(({ region }) => region);
    expect(places).toEqual(expect.arrayContaining(["000000", "520000", "520100", "520102", "522600"]));
    expect(places.filter((region) => !region.startsWith("52") && region !== "000000").length).toBeGreaterThanOrEqual(6);
    for (const { limits } of content.rulePacks)
      for (const limit of limits.filter(({ verified }) => verified)) expect(limit.source.grade, limit.code).toBe("V");
  });
});
