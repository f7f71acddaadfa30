import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rulesPage } from "./rules-page.ts";

it("is the page that stands in docs", () => {
  expect(readFileSync(join(import.meta.dirname, "../../../docs/bpmn-rules.md"), "utf8")).toBe(rulesPage());
});
