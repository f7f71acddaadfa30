import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, Seat, seriousFindings } from "../../support/browser.ts";
import { ServerProcess } from "../../support/server-process.ts";

const dataDir = mkdtempSync(join(tmpdir(), "jieli-simulation-"));
let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  server = await ServerProcess.start({ dataDir, databaseUrl: null });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.end("SIGTERM");
  rmSync(dataDir, { recursive: true, force: true });
});

it.each([
  [1440, 900],
  [390, 844],
])("shows a designer what a process would do, at %i pixels", async (width, height) => {
  const { page, faults } = await Seat.take(browser, server.url, "林悦", { width, height });
  await page.getByRole("link", { name: "流程库" }).click();
  await page.getByRole("link", { name: "模拟 ds-03 1" }).click();
  await page.getByText("尚未运行").waitFor();
  await page.getByLabel("案件数").fill("200");
  await page.getByRole("button", { name: "运行模拟" }).click();
  await page.getByRole("heading", { name: "预计超时" }).waitFor();
  await page
    .getByRole("row", { name: /贵州省医疗保障局/ })
    .first()
    .waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);

  await page.getByText("情景（JSON").click();
  await page.getByRole("textbox", { name: /情景/ }).fill("{ no JSON");
  await page.getByRole("button", { name: "运行模拟" }).click();
  await page.getByRole("alert").getByText("情景不是可读的 JSON").waitFor();
  await page.getByRole("textbox", { name: /情景/ }).fill("{}");
  await page.getByRole("button", { name: "运行模拟" }).click();
  await page.getByRole("alert").getByText("body.scenario.process").waitFor();
  await page.getByRole("button", { name: "English" }).click();
  // While its spinner fades out, the button's name begins with the spinner's.
  await page.getByRole("button", { name: /Run$/ }).waitFor();
  expect(faults).toEqual([]);
});
