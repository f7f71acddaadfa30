import { expect, it } from "vitest";
import { productInBrowser } from "../../support/browser-bench.ts";
import { fits, seriousFindings, windows } from "../../support/browser.ts";

const bench = productInBrowser();

it.each(windows)("shows a designer what a process would do, at %s pixels", async (_, viewport) => {
  const { page } = await bench.seat("林悦", viewport);
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
  expect(await fits(page)).toBe(true);

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
});
