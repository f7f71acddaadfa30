import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { complete, mediated, nanmingCivil, nanmingHousing } from "../../api/dispute-case.ts";
import { taskIn } from "../../api/signing-support.ts";
import { openSteps } from "../../operations/situations.ts";
import { apiInBrowser } from "../../support/browser-bench.ts";
import { expectSound, narrow, picture, wide } from "../../support/browser.ts";

const bench = apiInBrowser();

/** What the panel says of the signer of an organisation. */
const signerOf = (page: Page, organisation: string) =>
  page.getByRole("region", { name: /^签署/ }).getByRole("row", { name: new RegExp(organisation) });

async function sign(page: Page, opinion: string): Promise<void> {
  await page.getByRole("button", { name: /^同\s*意$/ }).click();
  await page.getByLabel(/^意见/).fill(opinion);
  await page.getByRole("button", { name: "确认：同意" }).click();
  await page.getByRole("heading", { level: 1, name: "待办" }).waitFor();
}

it("DS-08 as it ships: departments of one district sign in turn, each sees who has and who is next", async () => {
  const { api } = bench.product;
  const id = await mediated(api, [nanmingCivil, nanmingHousing], ["hu", "liu", "deng"]);
  const taskOf = async (account: string) => `${bench.url}/tasks/${(await taskIn(api, account, id)).id}`;

  const { page: applicant } = await bench.seat("刘建国");
  await applicant.goto(await taskOf("liu"));
  await applicant.getByRole("region", { name: "签署 · 依次签" }).waitFor();
  expect(await signerOf(applicant, "民政局").textContent()).toContain("待签");
  expect(await signerOf(applicant, "住房").textContent()).toContain("未轮到");
  await expectSound(applicant, "countersign-first");
  await sign(applicant, "我局同意协调意见。");

  const { page: provider } = await bench.seat("胡军", narrow);
  await provider.goto(await taskOf("hu"));
  await signerOf(provider, "民政局").getByText("我局同意协调意见。").waitFor();
  expect(await signerOf(provider, "住房").textContent()).toContain("待签");
  await picture(provider, "countersign-second-zh-390");
  await sign(provider, "我局同意按最小必要范围提供。");

  await complete(api, "deng", id, "approve");
  await api.runtime.settle();
  expect(await openSteps(api, id)).toEqual([]);
  await applicant.goto(`${bench.url}/cases/${id}`);
  await applicant.getByText("协调意见会签").first().waitFor();
  await expectSound(applicant, "countersigned-case");
});

it("DS-08 elsewhere: a vote of several levels shows weights, vetoes and quorum, and a veto ends it with its reason", async () => {
  const { api } = bench.product;
  const kaili = { organisation: "kl-civil", region: "522601", level: "county" };
  const medical = { organisation: "gz-medical", region: "520000", level: "province" };
  const id = await mediated(api, [kaili, medical], ["yang", "long", "fan"]);
  await complete(api, "fan", id, "approve");
  const { page } = await bench.seat("杨帆", wide);
  const task = `${bench.url}/tasks/${(await taskIn(api, "yang", id)).id}`;
  await page.goto(task);
  const panel = page.getByRole("region", { name: "签署 · 票签" });
  await panel.getByText(/同意票达到 60% 即通过；法定人数 3 人/).waitFor();
  expect(await panel.getByText("有否决权").count()).toBe(3);
  await expectSound(page, "countersign-vote");
  await page.getByRole("button", { name: /^不同意$/ }).click();
  await page.getByLabel(/^意见/).fill("所列数据项超出履职需要。");
  await page.getByRole("button", { name: "确认：不同意" }).click();
  await page.getByRole("heading", { level: 1, name: "待办" }).waitFor();
  expect(await openSteps(api, id)).toEqual(["Task_GovDecide"]);
  await page.goto(task);
  await panel.getByText("结果：不同意（一票否决）").waitFor();
  await expectSound(page, "countersign-vetoed");
});
