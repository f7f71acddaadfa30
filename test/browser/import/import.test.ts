import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { productInBrowser } from "../../support/browser-bench.ts";

const folder = join(import.meta.dirname, "..", "..", "interchange");
const bench = productInBrowser();
let page: Page;

beforeAll(async () => {
  ({ page } = await bench.seat("林悦"));
});

async function choose(file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "导入", exact: true }).focus();
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(file);
}

describe("a designer imports a file of another engine", () => {
  it("by keyboard, and reads what was translated and what was not, each with its element", async () => {
    await page.getByRole("link", { name: "流程库" }).click();
    await choose(join(folder, "camunda7-purchase.bpmn"));
    await page.getByRole("heading", { level: 1, name: /camunda7-purchase\.bpmn/ }).waitFor();
    await page.getByRole("heading", { name: /Camunda 7.*已转换 4 项，未转换 15 项/ }).waitFor();
    await page.getByText("请在处理程序中设定").first().waitFor();
    await page.getByRole("button", { name: "check", exact: true }).first().click();
    await expect.poll(() => page.locator('.djs-element.selected[data-element-id="check"]').count()).toBe(1);
  });

  it("keeps the original and the forms of the file at hand, and the report over a reload", async () => {
    await page.reload();
    const original = page.waitForEvent("download");
    await page.getByRole("button", { name: "下载原文件" }).click();
    const path = await (await original).path();
    expect(readFileSync(path, "utf8")).toBe(readFileSync(join(folder, "camunda7-purchase.bpmn"), "utf8"));
    const form = page.waitForEvent("download");
    await page.getByRole("button", { name: "下载 request.json" }).click();
    expect((await form).suggestedFilename()).toBe("request.json");
  });

  it("reads the report in English too", async () => {
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: /4 translated, 15 not translated/ }).waitFor();
    await expect.poll(() => page.getByText("no code runs in the engine").count()).toBe(1);
    await page.getByRole("button", { name: "中文" }).click();
  });

  it("imports another file from the modeler itself", async () => {
    await choose(join(folder, "flowable-expense.bpmn"));
    await page.getByRole("heading", { level: 1, name: /flowable-expense\.bpmn/ }).waitFor();
    await expect.poll(() => page.getByRole("heading", { name: /Flowable.*已转换/ }).count()).toBe(1);
  });

  it("is told why a file is refused, and stays where they were", async () => {
    await choose({ name: "bad.bpmn", mimeType: "text/xml", buffer: Buffer.from("<!DOCTYPE a><a/>") });
    const dialog = page.getByRole("dialog");
    await dialog.getByText("文件含有 DOCTYPE").waitFor();
    await dialog.getByRole("button", { name: "关闭" }).click();
    const stillThere = page.getByRole("heading", { level: 1, name: /flowable-expense\.bpmn/ });
    await expect.poll(() => stillThere.count()).toBe(1);
  });
});
