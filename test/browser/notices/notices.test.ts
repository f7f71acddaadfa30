import { afterAll, describe, expect, it } from "vitest";
import { productInBrowser } from "../../support/browser-bench.ts";
import { expectSound, picture, seriousFindings } from "../../support/browser.ts";
import { HookReceiver, MailReceiver } from "../../support/receivers.ts";

const post = new MailReceiver();
const hook = new HookReceiver();
let hookUrl: string;
const bench = productInBrowser({
  settings: async () => {
    hookUrl = await hook.open();
    return {
      JIELI_SMTP_URL: await post.open(),
      JIELI_MAIL_FROM: "jieli@example.gov.cn",
      JIELI_PUBLIC_URL: "https://jieli.example",
      JIELI_WEBHOOK_ALLOW: "127.0.0.1",
    };
  },
});
afterAll(async () => {
  await post.close();
  await hook.close();
});

describe("notices in a browser", () => {
  it("are called by the bell, read in the drawer, and lead to the task", async () => {
    const { page } = await bench.seat("刘建国");
    await page.getByRole("button", { name: "通知", exact: true }).waitFor();
    await bench.apply();
    await bench.apply();
    await page.getByRole("button", { name: "通知（2 条未读）" }).click();
    const drawer = page.getByRole("dialog");
    await expect.poll(() => drawer.getByRole("list", { name: "我的通知" }).getByRole("listitem").count()).toBe(2);
    await picture(page, "drawer-zh-1440");
    expect(await seriousFindings(page)).toEqual([]);
    await drawer
      .getByRole("link", { name: /新待办：.*部门审签/ })
      .first()
      .click();
    await page.getByRole("heading", { level: 1, name: /部门审签/ }).waitFor();
    await page.getByRole("button", { name: "通知（1 条未读）" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "全部标为已读" }).click();
    await page.getByRole("button", { name: "通知", exact: true }).waitFor();
    await page.goto(`${bench.url}/notices`);
    await page.getByRole("list", { name: "我的通知" }).getByRole("listitem").first().waitFor();
    await expectSound(page, "notices");
  });

  it("are chosen in one place, and come by mail as chosen", async () => {
    const { page } = await bench.seat("刘建国");
    await page.goto(`${bench.url}/notices/settings`);
    await page.getByLabel(/邮箱地址/).fill("liu@example.gov.cn");
    await page.getByRole("radiogroup").getByText("English").click();
    await page.getByRole("checkbox", { name: "免打扰时段" }).uncheck();
    await page.getByRole("checkbox", { name: /休息日/ }).uncheck();
    await page.getByRole("checkbox", { name: "意见与抄送 电子邮件" }).uncheck();
    await page.getByRole("button", { name: "待办任务" }).click();
    await page.getByRole("checkbox", { name: "催办 电子邮件" }).uncheck();
    await page.getByText("邮件只发给代理人").click();
    await page.getByRole("button", { name: "保存" }).click();
    await page.getByText("已保存").waitFor();
    await page.reload();
    await page.getByRole("button", { name: "待办任务" }).click();
    await expect.poll(() => page.getByRole("checkbox", { name: "催办 电子邮件" }).isChecked()).toBe(false);
    expect(await page.getByRole("checkbox", { name: "新待办 电子邮件" }).isChecked()).toBe(true);
    expect(await page.getByRole("radio", { name: "邮件只发给代理人" }).isChecked()).toBe(true);
    await expect.poll(() => page.getByRole("checkbox", { name: "意见与抄送 电子邮件" }).isChecked()).toBe(false);
    await expectSound(page, "settings");
    await bench.apply();
    await expect.poll(() => post.mails.length, { timeout: 15_000 }).toBe(1);
    expect(MailReceiver.header(post.mails[0]!, "Subject")).toMatch(/^\[Jieli\] New task: .+, /);
  });

  it("go to a webhook that the administrator registers, tries out and follows in the log", async () => {
    const { page } = await bench.seat("系统管理员");
    await page.getByRole("link", { name: "通知渠道" }).click();
    await page.getByRole("button", { name: "新增渠道" }).click();
    await page.getByLabel("名称").fill("省平台");
    await page.getByLabel("地址").fill(`${hookUrl}/in?token=x`);
    await page.getByRole("button", { name: "生成密钥" }).click();
    await page.getByRole("button", { name: "保存" }).click();
    await page.getByRole("button", { name: "发送测试 省平台" }).click();
    await page.getByText("测试消息已被接收").waitFor();
    await bench.apply();
    await expect.poll(() => hook.calls.length, { timeout: 15_000 }).toBe(2);
    expect(JSON.parse(hook.calls[1]?.body ?? "{}")).toMatchObject({ specversion: "1.0", type: "jieli.task.arrived" });
    await page.reload();
    await page.getByRole("list", { name: "投递记录" }).getByText("已发送").first().waitFor();
    await expectSound(page, "channels");
    await page.getByRole("button", { name: "修改 省平台" }).click();
    await page.getByRole("form", { name: "省平台" }).waitFor();
    await expectSound(page, "endpoint");
  });
});
