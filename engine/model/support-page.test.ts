import { expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attributeRows } from "./jieli-attributes.ts";
import { jieliModdle } from "./jieli-moddle.ts";
import { supportPage, supportRows } from "./support-page.ts";

it("is the page that stands in docs", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/bpmn-support.md"), "utf8");
  expect(page).toBe(supportPage());
});

it("names each row once", () => {
  const rows = supportRows().map(({ row }) => row);
  expect(new Set(rows).size).toBe(rows.length);
});

it("describes every attribute of the extension", () => {
  const described = attributeRows().map(({ attribute, on }) => `${on} ${attribute}`);
  expect(described).toContain("bpmn:UserTask reviews");
  expect(described).toHaveLength(jieliModdle.types.reduce((sum, { properties }) => sum + properties.length, 0));
  expect(new Set(described).size).toBe(described.length);
});
