import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Client } from "../../../bin/demo/client.ts";
import { applicationForm } from "../../../bin/demo/forms.ts";
import { demoPassword } from "../../../server/runtime/seed.ts";
import { fits, openBrowser, picture, Seat } from "../../support/browser.ts";
import { pdf } from "../../support/files.ts";
import { ServerProcess } from "../../support/server-process.ts";

const dataDir = mkdtempSync(join(tmpdir(), "jieli-correction-"));
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

const as = (account: string) => Client.signIn(server.url, account, demoPassword);
const basis = { name: "依据文件.pdf", mimeType: "application/pdf", buffer: pdf };

it("applies with a file, is asked for a supplement with every defect, corrects by the same form, and the change is read", async () => {
  const clerk = await as("wang");
  const draft = { content: { request: applicationForm }, writer: "test", seenRev: 0 };
  await clerk.call("PUT", "/api/drafts/application.res-medical", draft);
  const applicant = await Seat.take(browser, server.url, "王敏");
  const { page } = applicant;
  await page.goto(`${server.url}/apply?resource=res-medical`);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("textarea")].some(({ value }) => value.includes("最低生活保障")),
  );
  await page.locator("#field-basisFiles").setInputFiles(basis);
  await page.getByRole("button", { name: "移除 依据文件.pdf" }).waitFor();
  await page.getByRole("button", { name: "提交申请" }).click();
  await page.waitForURL(`${server.url}/applications`);
  const mine = await clerk.call<{ items: { instanceId: string }[] }>("GET", "/api/applications");
  const instanceId = mine.items[0]?.instanceId ?? "";

  await (await as("liu")).complete(instanceId, "Task_SignOff", "approve", "同意", {});
  const review = await (await as("chen")).task(instanceId, "Task_OwnCheck");
  const reviewer = await Seat.take(browser, server.url, "陈静");
  await reviewer.page.goto(`${server.url}/tasks/${review.id}`);
  await reviewer.page.getByRole("link", { name: "依据文件.pdf" }).first().waitFor();
  await reviewer.page.getByRole("button", { name: "退回补正" }).click();
  await reviewer.page.getByLabel(/^意见/).fill("材料不齐，请一次性补正");
  await reviewer.page.getByLabel("何处").fill("使用目的");
  await reviewer.page.getByLabel("问题", { exact: true }).fill("未写明业务环节");
  await reviewer.page.getByLabel("依据", { exact: true }).fill("共享条例第二十二条");
  await reviewer.page.getByRole("button", { name: "确认：退回补正" }).click();
  await reviewer.page.getByRole("heading", { level: 1, name: "待办" }).waitFor();

  const supplement = await clerk.task(instanceId, "Task_Supplement");
  await page.goto(`${server.url}/tasks/${supplement.id}`);
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
  await page.setViewportSize({ width: 390, height: 844 });
  await picture(page, "correction-390");
  expect(await fits(page)).toBe(true);
  await page.setViewportSize({ width: 1440, height: 900 });
  await picture(page, "correction-1440");
  await page.getByRole("button", { name: "确认：重新提交" }).click();
  await page.getByRole("heading", { level: 1, name: "待办" }).waitFor();

  const again = await (await as("chen")).task(instanceId, "Task_OwnCheck");
  await reviewer.page.goto(`${server.url}/tasks/${again.id}`);
  const row = reviewer.page.getByRole("row").filter({ hasText: "在审核环节核验参保状态" });
  await row.getByText(applicationForm.purpose).waitFor();
  await picture(reviewer.page, "changes-1440");
  expect([applicant.faults, reviewer.faults]).toEqual([[], []]);
});
