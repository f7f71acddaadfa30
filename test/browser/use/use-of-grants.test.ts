import { beforeAll, describe, expect, it } from "vitest";
import { accepted, delivered, GrantBench } from "../../api/grants-support.ts";
import { apiInBrowser } from "../../support/browser-bench.ts";
import { fits, narrow, picture, seriousFindings } from "../../support/browser.ts";

const bench = apiInBrowser();
let inUse: string;
let waiting: string;

beforeAll(async () => {
  const { api } = bench.product;
  const grants = new GrantBench(api);
  inUse = await grants.granted();
  const [account, element, outcome, form] = delivered;
  await grants.take(inUse, [account, element, outcome, { ...form, healthUrl: "http://127.0.0.2/health" }], accepted);
  // Nothing there is allowed, so the probe fails, which the screen has to show.
  await api.runtime.probeAccess();
  waiting = await grants.granted();
  await grants.take(await grants.granted(), delivered);
  const { caseNumber } = await grants.grant(inUse);
  await grants.report({ id: "r-1", caseNumber, day: "2026-11-25", calls: 12, rows: 40, items: ["address"] });
});

describe("use of grants in a browser", () => {
  it("shows a manager what has become of approvals, and the list behind each number", async () => {
    const { page } = await bench.seat("管宁");
    await page.getByRole("link", { name: "授权与使用" }).click();
    await page.getByRole("heading", { name: "从申请到使用" }).waitFor();
    await picture(page, "manager-zh-1440");
    await page.getByRole("button", { name: /^1\s*批而未供$/ }).click();
    const list = page.locator("section.card", { has: page.getByRole("heading", { name: "批而未供" }) });
    await list.getByRole("link").first().waitFor();
    expect(await list.getByRole("link").count()).toBe(1);
    expect(new URL(page.url()).searchParams.get("list")).toBe("notDelivered");
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("link", { name: "时限监察" }).click();
    await page.getByRole("heading", { name: "批而未供" }).waitFor();
    await picture(page, "board-zh-1440");
  });

  it("lets the receiver narrow and copy a grant, in English and on a small screen", async () => {
    const { page } = await bench.seat("王敏", narrow);
    await page.getByRole("button", { name: "English" }).click();
    await page.goto(`${bench.url}/grants/${inUse}`);
    await page.getByRole("button", { name: "Narrow" }).waitFor();
    await page.getByText("failed last time").waitFor();
    await picture(page, "grant-en-390");
    expect(await fits(page)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Narrow" }).click();
    const form = page.getByRole("form", { name: "Narrow" });
    await form.getByRole("checkbox", { name: "Tenant" }).uncheck();
    await form.getByRole("textbox", { name: /Reasons/ }).fill("no longer needed");
    await form.getByRole("button", { name: "Send" }).click();
    await page.getByText("Done").waitFor();
    await form.waitFor({ state: "detached" });
    await expect.poll(async () => page.locator("dl.fields").textContent()).not.toContain("Tenant");
    await page.getByRole("button", { name: "Copy as a new application" }).click();
    await page.getByText("Filled in from the earlier application").waitFor();
    await picture(page, "copy-en-390");
    expect(await page.locator("textarea").first().inputValue()).toContain("最低生活保障");
    await page.goto(`${bench.url}/grants`);
    await page.getByRole("heading", { name: "All", exact: true }).waitFor();
    await picture(page, "mine-en-390");
    expect(await fits(page)).toBe(true);
  });

  it("decides several alike tasks together, asks for what the outcome needs, and says what became of each", async () => {
    const grants = new GrantBench(bench.product.api);
    const cases = [await grants.applied(), await grants.applied()];
    const { page } = await bench.seat("刘建国");
    for (const { number } of cases) await page.getByRole("checkbox", { name: new RegExp(number) }).check();
    await page.getByRole("button", { name: "批量办理" }).click();
    const dialog = page.getByRole("dialog", { name: "批量办理 (2)" });
    const send = dialog.getByRole("button", { name: /提\s?交/ });
    await dialog.getByRole("radio", { name: "不同意" }).check();
    expect(await send.isDisabled()).toBe(true);
    await dialog.getByRole("textbox", { name: "意见 (必填)" }).fill("职责依据不足，请补充后重报。");
    expect(await send.isDisabled()).toBe(false);
    await dialog.getByRole("radio", { name: "同意", exact: true }).check();
    await picture(page, "batch-zh-1440");
    await send.click();
    const result = page.getByRole("dialog", { name: "批量结果" });
    await result.getByText("已办理 2 项，未办理 0 项").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await result.getByRole("link", { name: cases[0]?.number ?? "" }).click();
    await page.getByRole("heading", { level: 1, name: /部门审签/ }).waitFor();
  });

  it("shows the receiver that a renewal is under review, and does not offer to ask again", async () => {
    const { page } = await bench.seat("王敏");
    const id = await new GrantBench(bench.product.api).inForce("2027-05-31");
    await page.goto(`${bench.url}/grants/${id}`);
    await page.getByRole("button", { name: "申请续期" }).click();
    const form = page.getByRole("form", { name: "申请续期" });
    await form.getByRole("button", { name: "提交" }).click();
    await page.getByRole("alert").getByText("请选择“日期”").waitFor();
    await form.locator("input[type=date]").fill("2027-12-31");
    await form.getByRole("textbox", { name: /理由/ }).fill("低保核验仍需使用");
    await form.getByRole("button", { name: "提交" }).click();
    await page.getByText("主管部门审查 · 南明区大数据发展管理局").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "申请续期" }).count()).toBe(0);
    await picture(page, "renewal-zh-1440");
  });

  it("asks the deliverer how the data were delivered, with the granted way and only what belongs to it", async () => {
    const { page } = await bench.seat("马");
    const task = await bench.product.api.task("ma", waiting, "Task_Deliver");
    await page.goto(`${bench.url}/tasks/${task.id}`);
    await expect.poll(() => page.getByRole("radio", { name: "查询接口" }).isChecked()).toBe(true);
    await page.getByLabel("约定每日调用上限").waitFor();
    expect(await page.getByLabel("行数").count()).toBe(0);
    await page.getByRole("radio", { name: "文件下载" }).check();
    await page.getByLabel("行数").waitFor();
    expect(await page.getByLabel("约定每日调用上限").count()).toBe(0);
    await picture(page, "deliver-zh-1440");
    expect(await seriousFindings(page)).toEqual([]);
  });
});
