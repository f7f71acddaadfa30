import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { operationsPage } from "./operations-page.ts";

it("is the page that stands in docs", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/operations.md"), "utf8");
  expect(page).toBe(operationsPage());
});
