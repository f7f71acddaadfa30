import { beforeAll, expect, it } from "vitest";
import { granted, lastDigits, refused, startRound, vote } from "../../api/item-round-case.ts";
import { appoint, taskIn } from "../../api/signing-support.ts";
import { apiInBrowser } from "../../support/browser-bench.ts";
import { expectSound } from "../../support/browser.ts";

const bench = apiInBrowser();
beforeAll(async () => {
  for (const name of ["ann", "ben"]) await appoint(bench.product.api, name, "gz-medical", "mediator");
});

it("each signer decides each item, and the panel shows how the votes stand to each and what came of it", async () => {
  const { api } = bench.product;
  const signers = [{ role: "mediator" }, { role: "security-reviewer" }];
  const id = await startRound(api, "vote", { signers, passShare: 0.5, hearAll: true });
  await vote(api, "ann", id, "partial", [granted("name"), lastDigits("idno", 6), refused("status", "ann")]);
  await vote(api, "ben", id, "partial", [
    granted("name"),
    { code: "idno", decision: "narrowed", narrowing: { regions: ["520102"], rows: 1000 } },
    granted("status"),
  ]);

  const { page } = await bench.seat("吴昊");
  const task = `${bench.url}/tasks/${(await taskIn(api, "wu", id)).id}`;
  await page.goto(task);
  const tallies = page.getByRole("table", { name: "逐项计票" });
  const cells = async () => {
    const rows = await tallies.locator("tbody tr").all();
    return Promise.all(rows.map((row) => row.locator("td").allTextContents()));
  };
  await tallies.waitFor();
  expect(await cells()).toEqual([
    ["姓名", "2", "0", "1", "–"],
    ["公民身份号码", "2", "0", "1", "–"],
    ["参保状态", "1", "1", "1", "–"],
  ]);
  await expectSound(page, "item-tallies-open");

  const decide = (item: string, choice: string) =>
    page
      .getByRole("group", { name: `${item} 的决定` })
      .getByText(choice, { exact: true })
      .click();
  await decide("姓名", "同意");
  await decide("公民身份号码", "同意");
  await decide("参保状态", "不予共享");
  await page.getByRole("combobox", { name: "理由代码 参保状态" }).press("Enter");
  await page.getByTitle(/^R6 /).last().click();
  // The list goes with a movement; its entries are called like those of the next one.
  await expect.poll(() => page.locator(".ant-select-dropdown:visible").count()).toBe(0);
  await page.getByLabel("理由 参保状态").fill("个人信息保护影响评估报告没有涵盖参保状态这一数据项。");
  await page.getByRole("button", { name: "部分同意", exact: true }).click();
  await page.getByRole("combobox", { name: "理由代码 (必填)" }).press("Enter");
  await page.locator(".ant-select-dropdown:visible").getByTitle(/^R11 /).click();
  await page.getByLabel(/^意见/).fill("参保状态不予提供，其余同意。");
  await page.getByRole("button", { name: "确认：部分同意" }).click();
  await page.getByRole("heading", { level: 1, name: "待办" }).waitFor();

  await page.goto(task);
  await expect.poll(cells).toEqual([
    ["姓名", "3", "0", "0", "同意"],
    ["公民身份号码", "3", "0", "0", expect.stringMatching(/^脱敏（保留后 6 位，南明区，至多 1000 条）$/)],
    ["参保状态", "1", "2", "0", expect.stringMatching(/^不予.*R6/)],
  ]);
  await expectSound(page, "item-tallies-decided");
});
