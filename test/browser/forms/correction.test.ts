import { expect, it } from "vitest";
import { applicationForm } from "../../../bin/demo/forms.ts";
import { productInBrowser } from "../../support/browser-bench.ts";
import { fits, narrow, picture, wide } from "../../support/browser.ts";
import { pdf } from "../../support/files.ts";

const bench = productInBrowser();
const basis = { name: "依据文件.pdf", mimeType: "application/pdf", buffer: pdf };

it("applies with a file, is asked for a supplement with every defect, corrects by the same form, and the change is read", async () => {
  const clerk = await bench.as("wang");
  const draft = { content: { request: applicationForm }, writer: "test", seenRev: 0 };
  await clerk.call("PUT", "/api/drafts/application.res-medical", draft);
  const { page } = await bench.seat("王敏");
  await page.goto(`${bench.url}/apply?resource=res-medical`);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("textarea")].some(({ value }) => value.includes("最低生活保障")),
  );
  await page.locator("#field-basisFiles").setInputFiles(basis);
  await page.getByRole("button", { name: "移除 依据文件.pdf" }).waitFor();
  await page.getByRole("button", { name: "提交申请" }).click();
  await page.waitForURL(`${bench.url}/applications`);
  const mine = await clerk.call<{ items: { instanceId: string }[] }>("GET", "/api/applications");
  const instanceId = mine.items[0]?.instanceId ?? "";

  await (await bench.as("liu")).complete(instanceId, "Task_SignOff", "approve", "同意", {});
  const review = await (await bench.as("chen")).task(instanceId, "Task_OwnCheck");
  const reviewer = await bench.seat("陈静");
  await reviewer.page.goto(`${bench.url}/tasks/${review.id}`);
  await reviewer.page.getByRole("link", { name: "依据文件.pdf" }).first().waitFor();
  await reviewer.page.getByRole("button", { name: "退回补正" }).click();
  await reviewer.page.getByLabel(/^意见/).fill("材料不齐，请一次性补正");
  await reviewer.page.getByLabel("何处").fill("使用目的");
  await reviewer.page.getByLabel("问题", { exact: true }).fill("未写明业务环节");
  await reviewer.page.getByLabel("依据", { exact: true }).fill("共享条例第二十二条");
  await reviewer.page.getByRole("button", { name: "确认：退回补正" }).click();
  await reviewer.page.getByRole("heading", { level: 1, name: "待办" }).waitFor();

  const supplement = await clerk.task(instanceId, "Task_Supplement");
  await page.goto(`${bench.url}/tasks/${supplement.id}`);
  await page.getByText("未写明业务环节").waitFor();
  const form = page.getByRole("region", { name: "更正申请内容" });
  const purpose = form.getByRole("textbox", { name: /^使用目的/ });
  await purpose.fill("");
  await page.getByRole("textbox", { name: /^补正内容/ }).fill("已按清单补正");
  await page.getByRole("button", { name: "重新提交" }).click();
  await page.getByRole("button", { name: "确认：重新提交" }).click();
  await form.getByText("请填写“使用目的").first().waitFor();
  await picture(page, "correction-fault-1440");
  await purpose.fill("办理最低生活保障复核，在审核环节核验参保状态。");
  await page.setViewportSize(narrow);
  await picture(page, "correction-390");
  expect(await fits(page)).toBe(true);
  await page.setViewportSize(wide);
  await picture(page, "correction-1440");
  await page.getByRole("button", { name: "确认：重新提交" }).click();
  await page.getByRole("heading", { level: 1, name: "待办" }).waitFor();

  const again = await (await bench.as("chen")).task(instanceId, "Task_OwnCheck");
  await reviewer.page.goto(`${bench.url}/tasks/${again.id}`);
  const row = reviewer.page.getByRole("row").filter({ hasText: "在审核环节核验参保状态" });
  await row.getByText(applicationForm.purpose).waitFor();
  await picture(reviewer.page, "changes-1440");
});
