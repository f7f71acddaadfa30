import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { productInBrowser } from "../../support/browser-bench.ts";
import { expectSound } from "../../support/browser.ts";

const bench = productInBrowser({ moves: true });

/** Opens the inbox, takes the named task, fills in what the step asks, and decides. */
async function decide(
  name: string,
  step: string,
  outcome: string,
  fill: (page: Page) => Promise<void> = async () => undefined,
): Promise<void> {
  const { page } = await bench.seatOf(name);
  await page.getByRole("link", { name: "待办" }).click();
  await page.getByText("待认领 (").click();
  const task = page.locator("button.task", { hasText: step }).first();
  const news = page.getByRole("button", { name: /项新变化/ });
  await task.or(news).first().waitFor();
  if (await news.isVisible()) await news.click();
  await task.click();
  await page.getByRole("heading", { level: 1, name: new RegExp(step) }).waitFor();
  await fill(page);
  await page.getByRole("button", { name: outcome, exact: true }).click();
  await page.getByRole("button", { name: `确认：${outcome}` }).click();
  await page.getByRole("heading", { level: 1, name: "待办" }).waitFor();
}

describe("the main job in a browser", () => {
  it("lets a designer change the process in the modeler and publish the next version", async () => {
    const { page } = await bench.seatOf("林悦");
    await page.getByRole("link", { name: "流程库" }).click();
    await page.getByRole("link", { name: "编辑 ds-03 1" }).click();
    await page.locator('[data-element-id="Task_Dispatch"]').first().click();
    const name = page
      .locator("[data-entry-id] textarea, [data-entry-id] [contenteditable], [data-entry-id] input")
      .first();
    await name.fill("省级分派");
    await page.getByText("没有发现问题").waitFor();
    await page.getByLabel("修改说明").fill("分派环节更名");
    await page.getByRole("button", { name: "发布", exact: true }).click();
    // Publishing asks the second opinion and walks every kind of case first.
    await page.getByRole("heading", { level: 1, name: /版本 2/ }).waitFor({ timeout: 90_000 });
    expect(new URL(page.url()).pathname).toMatch(/^\/processes\//);
  });

  it("carries an application from county to province, with a supplement, a breach, an extension and delivery", async () => {
    const clerk = await bench.seatOf("王敏");
    await clerk.page.getByRole("link", { name: "发起申请" }).click();
    await clerk.page.getByRole("button", { name: "申请 基本医疗保险参保信息" }).click();
    await clerk.page.getByRole("checkbox", { name: "参保状态", exact: true }).check();
    await clerk.page.getByRole("checkbox", { name: "确属必需 参保状态" }).check();
    for (const [label, text] of [
      ["使用目的与业务场景", "办理最低生活保障时核验家庭成员参保状态。"],
      ["事项名称", "最低生活保障对象认定"],
      ["事项编码", "000511001000"],
      ["使用依据", "《社会救助暂行办法》"],
      ["条款", "第十一条"],
      ["职责清单事项", "第12项"],
      ["使用范围", "区民政局社会救助科"],
      ["使用系统", "区社会救助管理系统"],
      ["岗位", "经办人员"],
      ["人数", "5"],
      ["预计用量", "每日不超过200次"],
      ["涉及人数", "12000"],
      ["影响评估报告编号", "PIA-7"],
      ["上级主管部门意见", "贵阳市民政局同意申请。"],
    ] as const)
      await clerk.page.getByLabel(new RegExp(`^${label}`)).fill(text);
    await clerk.page.getByRole("button", { name: "将适用的路由" }).click();
    await clerk.page.getByText(/经 贵阳市大数据发展管理局（虚构） 逐级转报/).waitFor();
    await clerk.page.getByRole("button", { name: "提交申请" }).click();
    await clerk.page.getByRole("alert").getByText("请勾选“承诺申请内容真实、合法、必要”").waitFor();
    await clerk.page.getByRole("checkbox", { name: "承诺申请内容真实、合法、必要" }).check();
    await clerk.page.getByRole("button", { name: "提交申请" }).click();
    await clerk.page.getByRole("heading", { level: 1, name: "我的申请" }).waitFor();

    await decide("刘建国", "部门审签", "同意");
    await decide("陈静", "本级合规性审查", "退回补正", (page) => page.getByLabel(/^意见/).fill("请补充职责清单编号。"));
    await decide("王敏", "补正材料", "重新提交", (page) => page.getByLabel(/补正内容/).fill("职责清单第12项。"));
    await decide("陈静", "本级合规性审查", "同意");

    const admin = await bench.seatOf("系统管理员");
    await admin.page.getByRole("button", { name: "+7 天" }).click();
    await admin.page.getByText(/演示时钟已前移/).waitFor();
    await decide("黄涛", "督办", "已督办", (page) => page.getByLabel(/^意见/).fill("请立即转报。"));
    await decide("赵磊", "审查并转报", "转报上级");
    await decide("孙丽", "省级分派", "同意");
    await decide("张伟", "个人信息保护影响评估", "通过", (page) => page.getByLabel(/评估报告编号/).fill("PIA-1"));
    await decide("吴昊", "数据安全审查", "通过");
    await decide("张伟", "审核", "申请延期", async (page) => {
      await page.getByRole("radio", { name: "满足", exact: true }).check();
      await page.getByLabel(/^意见/).fill("接口改造。");
    });
    await decide("杨帆", "审批延期", "同意", async (page) => {
      await page.getByLabel(/延长工作日数/).fill("5");
      await page.getByLabel(/延期理由/).fill("接口改造");
    });
    await decide("张伟", "审核", "建议同意", (page) => page.getByRole("radio", { name: "满足", exact: true }).check());
    await decide("杨帆", "决定", "同意");
    await decide("马超", "提供数据", "已提供", (page) =>
      page.getByRole("radio", { name: "核验接口", exact: true }).check(),
    );
    await decide("王敏", "验收", "验收通过", async (page) => {
      const items = page.getByRole("group", { name: /逐项勾选/ }).getByRole("checkbox");
      for (let index = 0; index < (await items.count()); index += 1) await items.nth(index).check();
      await page.getByRole("checkbox", { name: "已用样例核对" }).check();
    });

    await clerk.page.getByRole("link", { name: "我的申请" }).click();
    await clerk.page.getByText("已共享").waitFor();
    await clerk.page.locator("section a").first().click();
    await clerk.page.getByText("数据已提供并验收").waitFor();
    expect(await clerk.page.getByText("重新计时（第 2 轮）").count()).toBeGreaterThan(0);

    const manager = await bench.seatOf("高远");
    await manager.page.getByRole("link", { name: "时限监察" }).click();
    // Where no rest day lies in the seven days, the limit of the order that followed has passed as well.
    await manager.page.getByRole("button", { name: /^[12] ?累计超时$/ }).click();
    await manager.page.getByText(/市级转报 · 贵阳市大数据发展管理局/).waitFor();
  }, 240_000);

  it("has screens that are sound in both languages and on a phone", async () => {
    for (const [name, paths] of [
      ["王敏", ["/inbox", "/apply", "/applications", "/cases"]],
      ["高远", ["/sla?state=breached"]],
      ["林悦", ["/processes"]],
    ] as const) {
      const { page } = await bench.seatOf(name);
      for (const path of paths) {
        await page.goto(`${bench.url}${path}`);
        await page.locator("main h1").waitFor();
        await expectSound(page, path.replaceAll(/[^a-z]/g, ""));
      }
      await page.getByRole("button", { name: "English" }).click();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
    }
  });
});
