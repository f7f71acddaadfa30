import { expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { supportPage, supportRows } from "./support-page.ts";

it("is the page that stands in docs", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/bpmn-support.md"), "utf8");
  expect(page).toBe(supportPage());
});

it("names each row once", () => {
  const rows = supportRows().map(({ row }) => row);
  expect(new Set(rows).size).toBe(rows.length);
});
