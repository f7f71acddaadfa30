import { expect, it } from "vitest";
import { decide, openSituation, people } from "../../operations/situations.ts";
import { apiInBrowser } from "../../support/browser-bench.ts";
import { fits, narrow, picture, seriousFindings } from "../../support/browser.ts";

const bench = apiInBrowser();

/** A case whose applicant the provider has asked for a supplement twice, the second time by its head's permit. */
async function toldTwice(): Promise<string> {
  const at = await openSituation(bench.product.api, "single");
  const back = async () => {
    const { id, rev } = await at.task();
    const defects = [{ place: "使用目的", what: "不一致", basis: "第十条" }];
    const body = { to: "applicant", afterwards: "backToMe", defects, reason: "请补正", rev };
    const answer = await (await bench.product.api.as(at.account)).post(`/api/tasks/${id}/return`, body);
    expect(answer.status, answer.text).toBe(200);
  };
  await back();
  await decide(bench.product.api, {
    instanceId: at.instanceId,
    account: people.signer,
    element: "sign",
    outcome: "approve",
  });
  const { id, rev } = await at.task();
  await (await bench.product.api.as(people.head)).post(`/api/tasks/${id}/return/permit`, { rev, reason: "新法规施行" });
  await back();
  return at.instanceId;
}

it("counts second supplements on the board, and leads from the number to the case, in both languages", async () => {
  const instanceId = await toldTwice();
  const { page } = await bench.seat("黄涛");
  await page.goto(`${bench.url}/sla`);
  await page.getByRole("heading", { name: "违反一次性告知" }).waitFor();
  await page.getByRole("link", { name: "共 1 件二次退回补正" }).waitFor();
  await picture(page, "board-violations-zh-1440");
  await page.getByRole("link", { name: /贵州省医疗保障局.* 1/ }).click();
  await page.getByText("张伟 第 2 次要求补正。").waitFor();
  await page.getByText("杨帆 批准：新法规施行").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await picture(page, "violations-zh-1440");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByText("Request no. 2 for a supplement, by 张伟.").waitFor();
  await page.setViewportSize(narrow);
  expect(await fits(page)).toBe(true);
  await picture(page, "violations-en-390");
  await page.locator(`a[href="/cases/${instanceId}"]`).click();
  await page.waitForURL(`${bench.url}/cases/${instanceId}`);
});

it("shows for which causes of the place a case may be suspended, what each does to the clocks, and on what basis", async () => {
  const { instanceId } = await openSituation(bench.product.api, "single");
  const { page } = await bench.seat("管宁", narrow);
  await page.goto(`${bench.url}/cases/${instanceId}`);
  await page.getByRole("button", { name: /挂\s*起/ }).click();
  const dialog = page.getByRole("dialog", { name: /挂\s*起/ });
  await dialog.getByText("规则包规定“挂起”期间不计入的时限停止计算").waitFor();
  await dialog.getByRole("combobox").press("Enter");
  await page.getByRole("listbox", { name: /原因/ }).waitFor({ state: "attached" });
  expect(await seriousFindings(page)).toEqual([]);
  await page.locator(".ant-select-item-option", { hasText: "内部原因" }).click();
  await dialog.getByText("各项时限照常计算。").waitFor();
  await dialog.getByText("演示预置：内部原因不影响时限").waitFor();
  await picture(page, "suspend-zh-390");
  expect(await fits(page)).toBe(true);
  expect(await seriousFindings(page)).toEqual([]);
  await dialog.getByLabel(/理由/).fill("系统迁移");
  await dialog.getByRole("button", { name: /确\s*认/ }).click();
  await page.getByText("已挂起（内部原因）：系统迁移").waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByText("internal reason").first().waitFor();
});
