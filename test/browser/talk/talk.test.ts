import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationForm } from "../../../bin/demo/forms.ts";
import { fits, openBrowser, Seat, seriousFindings } from "../../support/browser.ts";
import { pdf, png } from "../../support/files.ts";
import { ServerProcess } from "../../support/server-process.ts";

const dataDir = mkdtempSync(join(tmpdir(), "jieli-talk-"));
let server: ServerProcess;
let browser: Browser;
let clerk: Seat;
let head: Seat;

beforeAll(async () => {
  server = await ServerProcess.start({ dataDir, databaseUrl: null });
  browser = await openBrowser();
  clerk = await Seat.take(browser, server.url, "王敏");
  head = await Seat.take(browser, server.url, "刘建国");
  await clerk.page.evaluate(async (request) => {
    const { csrfToken } = (await (await fetch("/api/session")).json()) as { csrfToken: string };
    await fetch("/api/applications", {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf-token": csrfToken },
      body: JSON.stringify({ resourceId: "res-medical", organisationId: "nm-civil", request }),
    });
  }, applicationForm);
});
afterAll(async () => {
  await browser.close();
  await server.end("SIGTERM");
  rmSync(dataDir, { recursive: true, force: true });
});

/** The head's only task, from the inbox. */
async function openTask({ page }: Seat): Promise<Page> {
  await page.goto(`${server.url}/inbox`);
  await page.getByText("待认领 (").click();
  await page.locator("button.task").first().click();
  await page.getByRole("heading", { level: 1, name: /审签/ }).waitFor();
  return page;
}

describe("a task of a shipped process", () => {
  it.each([1440, 390])(
    "fits the screen in both languages with all that is ahead of the case, at %i px",
    async (width) => {
      const seat = await Seat.take(browser, server.url, "刘建国", { width, height: 900 });
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
    const other = await Seat.take(browser, server.url, "刘建国", { width: 390, height: 800 });
    await other.page.goto(`${server.url}/inbox`);
    await other.page.getByText("草稿", { exact: true }).click();
    await other.page.getByRole("button", { name: "继续编辑" }).click();
    await other.page.waitForFunction(() =>
      [...document.querySelectorAll("textarea")].some(({ value }) => value === "同意，请尽快"),
    );
    expect(other.faults).toEqual([]);
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
    await page.goto(`${server.url}/cases`);
    await page.locator("a[href^='/cases/'], button.task, tr a").first().click();
    await page.getByRole("button", { name: "催办" }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /确\s*认/ })
      .click();
    await page.getByRole("dialog").getByRole("alert").waitFor();
    expect(await page.getByRole("dialog").getByRole("alert").innerText()).toMatch(/催办/);
  });

  it("nothing went wrong in the pages", () => {
    const seen = [...clerk.faults, ...head.faults].filter((fault) => !/status of (409|422)/.test(fault));
    expect(seen).toEqual([]);
  });
});
