import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { productInBrowser } from "../../support/browser-bench.ts";
import { fits, narrow, type Seat, seriousFindings, windows } from "../../support/browser.ts";
import { pdf, png } from "../../support/files.ts";

const bench = productInBrowser({ refusals: [409] });
let clerk: Seat;
let head: Seat;

beforeAll(async () => {
  clerk = await bench.seat("王敏");
  head = await bench.seat("刘建国");
  await bench.apply();
});

/** The head's only task, from the inbox, with what was typed there before. */
async function openTask({ page }: Seat): Promise<Page> {
  await page.goto(`${bench.url}/inbox`);
  await page.getByText("待认领 (").click();
  const draft = page.waitForResponse((response) => response.url().includes("/api/drafts/task."));
  await page.locator("button.task").first().click();
  await page.getByRole("heading", { level: 1, name: /审签/ }).waitFor();
  await draft;
  return page;
}

describe("a task of a shipped process", () => {
  it.each(windows)(
    "fits the screen in both languages with all that is ahead of the case, at %s px",
    async (_, viewport) => {
      const seat = await bench.seat("刘建国", viewport);
      const page = await openTask(seat);
      await page.locator("[role=tab], .ant-collapse-header", { hasText: "预计后续环节" }).click();
      await page.getByRole("heading", { name: "预计后续环节" }).waitFor();
      await page.getByText("贵州省医疗保障局（虚构）").last().waitFor();
      expect(await fits(page)).toBe(true);
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole("button", { name: "English" }).click();
      await page.getByText("Guizhou Medical Insurance Bureau (fictional)").last().waitFor();
      expect(await fits(page)).toBe(true);
      await seat.context.close();
    },
  );
});

/** Tells, from now on, what moves on the pages of this seat without its doing, and how far. */
async function watchMoves({ page }: Seat): Promise<() => Promise<readonly string[]>> {
  await page.addInitScript(() => {
    interface Shift extends PerformanceEntry {
      readonly sources: readonly {
        readonly node: Node | null;
        readonly previousRect: DOMRect;
        readonly currentRect: DOMRect;
      }[];
    }
    const moved: string[] = [];
    Object.assign(globalThis, { moved });
    new PerformanceObserver((list) => {
      for (const { sources } of list.getEntries() as Shift[])
        for (const { node, previousRect, currentRect } of sources)
          moved.push(`${node?.textContent?.slice(0, 30) ?? ""}: ${previousRect.y} → ${currentRect.y}`);
    }).observe({ type: "layout-shift", buffered: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { readonly moved: readonly string[] }).moved);
}

it.each(windows)(
  "what is to be pressed stays where it is while a task opens and while a draft is saved, at %s px",
  async (_, viewport) => {
    const opened = (await openTask(head)).url();
    const seat = await bench.seat("刘建国", viewport);
    const moved = await watchMoves(seat);
    await seat.page.goto(opened);
    await seat.page.getByLabel("意见", { exact: false }).first().fill("同意");
    await seat.page
      .getByText(/草稿已保存/)
      .first()
      .waitFor();
    await seat.page.getByText("部门审签").last().waitFor();
    expect(await moved()).toEqual([]);
    await seat.context.close();
  },
);

describe("talk about a case in a browser", () => {
  it("a draft survives a reload, shows in the list, and another machine has it", async () => {
    const page = await openTask(head);
    await page.getByLabel("意见", { exact: false }).first().fill("同意，请尽快");
    await page
      .getByText(/草稿已保存/)
      .first()
      .waitFor();
    await page.reload();
    await page.waitForFunction(() =>
      [...document.querySelectorAll("textarea")].some(({ value }) => value === "同意，请尽快"),
    );
    const other = await bench.seat("刘建国", narrow);
    await other.page.goto(`${bench.url}/inbox`);
    await other.page.getByText("草稿", { exact: true }).click();
    await other.page.getByRole("button", { name: "继续编辑" }).click();
    const opinion = other.page.getByLabel("意见", { exact: false }).first();
    await expect.poll(() => opinion.inputValue()).toBe("同意，请尽快");
    await other.context.close();
  });

  it("a file is uploaded and shown, and one whose content is something else is refused with what was found", async () => {
    const page = await openTask(head);
    const chooser = page.locator("input[type=file]");
    await chooser.setInputFiles({ name: "依据.pdf", mimeType: "application/pdf", buffer: pdf });
    await page.getByRole("link", { name: "依据.pdf" }).waitFor();
    await chooser.setInputFiles({ name: "<img onerror=alert(1)>.png", mimeType: "image/png", buffer: png });
    await page.getByRole("button", { name: "预览 _img onerror=alert(1)_.png" }).click();
    const picture = page.getByRole("dialog").locator("img");
    await picture.waitFor();
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>("[role=dialog] img")?.naturalWidth === 1);
    await page.getByRole("dialog").getByRole("button", { name: "关闭" }).last().click();
    await page.getByRole("button", { name: "预览 依据.pdf" }).click();
    await page.getByRole("dialog").locator("iframe").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "关闭" }).last().click();
    await chooser.setInputFiles({ name: "伪装.pdf", mimeType: "application/pdf", buffer: png });
    const refusal = page.getByText(/内容却是/);
    await refusal.waitFor();
    expect(await refusal.innerText()).toContain("image/png");
  });

  it("a comment that holds markup is shown as text, and calls the person who is mentioned", async () => {
    const page = await openTask(head);
    const markup = '<img src=x onerror="document.title=1"><script>alert(1)</script>';
    await page.getByLabel("评论内容").fill(markup);
    await page.getByLabel("提醒（@）").click();
    await page
      .getByTitle("王敏 · 贵阳市南明区民政局")
      .or(page.getByText(/^王敏 · /))
      .first()
      .click();
    await page.getByLabel("评论内容").click();
    await page.getByRole("button", { name: "发表" }).click();
    await page.locator("p.said", { hasText: markup }).waitFor();
    await page.getByText("@王敏").waitFor();
    expect(await page.locator("p.said img, p.said script").count()).toBe(0);
    const told = await clerk.page.evaluate(async () => {
      const { items } = (await (await fetch("/api/instances?limit=1")).json()) as { items: { id: string }[] };
      return (await (await fetch(`/api/instances/${items[0]?.id}/watchers`)).json()) as { watching: boolean };
    });
    expect(told.watching).toBe(true);
  });

  it("without a network what is sent fails at once, says so and keeps what was typed, and goes when it is sent again", async () => {
    const page = await openTask(head);
    await page.getByLabel("评论内容").fill("网络断开时写的评论");
    await page.getByText(/草稿已保存/).waitFor();
    await head.context.setOffline(true);
    await page.getByRole("button", { name: "发表" }).click();
    await page.getByRole("alert").filter({ hasText: "没有连上服务器" }).waitFor();
    await page.getByRole("button", { name: "关注", exact: true }).click();
    await page.locator(".ant-message-error", { hasText: "没有连上服务器" }).waitFor();
    expect(await page.getByLabel("评论内容").inputValue()).toBe("网络断开时写的评论");
    await head.context.setOffline(false);
    await page.getByRole("button", { name: "发表" }).click();
    await page.locator("p.said", { hasText: "网络断开时写的评论" }).waitFor();
    expect(await page.locator("p.said", { hasText: "网络断开时写的评论" }).count()).toBe(1);
  });

  it("a dialog stands still for whoever has asked their system for less motion", async () => {
    const page = await openTask(head);
    await page.getByRole("button", { name: "抄送", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    // What merely waits beside it, such as a list that is being loaded, may still show that it does.
    expect(await dialog.evaluate((element) => element.getAnimations().length)).toBe(0);
    expect(await page.locator(".ant-wave").count()).toBe(0);
    await dialog.getByRole("button", { name: "取消" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("抄送");
  });

  it("a phrase is kept and put into the opinion", async () => {
    const page = await openTask(head);
    const opinion = page.getByLabel("意见", { exact: false }).first();
    await opinion.fill("拟同意。");
    await page.getByRole("button", { name: "存为常用语" }).click();
    await opinion.fill("");
    await page.getByRole("button", { name: "常用语", exact: true }).click();
    await page.getByRole("menuitem", { name: /拟同意/ }).click();
    expect(await opinion.inputValue()).toBe("拟同意。");
  });

  it("the applicant is told from when an urge is possible", async () => {
    const { page } = clerk;
    await page.goto(`${bench.url}/cases`);
    await page.locator("a[href^='/cases/'], button.task, tr a").first().click();
    const urge = page.getByRole("button", { name: "催办" });
    await expect.poll(() => urge.getAttribute("aria-describedby")).not.toBeNull();
    expect(await urge.isDisabled()).toBe(true);
    const why = await urge.getAttribute("aria-describedby");
    expect(await page.locator(`[id="${why}"]`).innerText()).toMatch(/无需催办|最早可于/);
  });
});
