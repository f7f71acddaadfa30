import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: quiet });
}

/** A person at a browser of their own. Errors of the page and requests to other hosts are collected. */
export class Seat {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly faults: string[];

  private constructor(page: Page, context: BrowserContext, faults: string[]) {
    this.page = page;
    this.context = context;
    this.faults = faults;
  }

  static async take(
    browser: Browser,
    url: string,
    name: string,
    viewport = { width: 1440, height: 900 },
  ): Promise<Seat> {
    const context = await browser.newContext({ viewport, timezoneId: "America/New_York", locale: "zh-CN" });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      // The browser reports refused requests itself: nobody signed in yet (401), a form to correct (422).
      if (message.type() === "error" && !/status of (401|422)/.test(message.text())) faults.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(url) && !/^(data|blob|chrome|chrome-extension):/.test(request.url()))
        faults.push(`request to ${request.url()}`);
    });
    await page.goto(url);
    await page.getByRole("button", { name: new RegExp(name) }).click();
    await page.getByRole("button", { name: "退出" }).waitFor();
    return new Seat(page, context, faults);
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds against WCAG 2.2 A and AA that is serious or worse, each with its first place. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Given to the page's engine directly: its security policy rightly refuses scripts added to the document.
  await page.evaluate(axeSource);
  const results = await page.evaluate("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })");
  const { violations } = results as { violations: { id: string; impact: string; nodes: { html: string }[] }[] };
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
}

/** Keeps a picture of the whole page in the folder that `JIELI_PICTURES` names; without one, takes none. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["JIELI_PICTURES"];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** True when nothing sticks out of the window to the right. */
export async function fits(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 1);
}
