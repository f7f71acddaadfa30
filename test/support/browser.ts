import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { expect } from "vitest";

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

/** The size of a window in CSS pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** The windows that every screen is made for: an office's screen and a phone. */
export const wide: Viewport = { width: 1440, height: 900 };
export const narrow: Viewport = { width: 390, height: 844 };
/** The same as rows of a table of cases, to be told apart in the name of a picture. */
export const windows = [
  ["1440", wide],
  ["390", narrow],
] as const;

interface SeatOptions {
  readonly viewport: Viewport;
  readonly refusals: readonly number[];
  /** What the person has asked their system for. */
  readonly reducedMotion: "reduce" | "no-preference";
}

/** A person at a browser of their own, signed in. What the page complains of is collected. */
export class Seat {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly faults: readonly string[];

  private constructor(page: Page, context: BrowserContext, faults: readonly string[]) {
    this.page = page;
    this.context = context;
    this.faults = faults;
  }

  static async take(
    browser: Browser,
    url: string,
    name: string,
    { viewport, refusals, reducedMotion }: SeatOptions,
  ): Promise<Seat> {
    const context = await browser.newContext({
      viewport,
      timezoneId: "America/New_York",
      locale: "zh-CN",
      reducedMotion,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    // The browser reports refused requests itself: nobody signed in yet (401), a form to correct (422).
    const faults = complaintsOf(page, url, [401, 422, ...refusals]);
    await page.goto(url);
    await page.getByRole("button", { name: new RegExp(name) }).click();
    await page.getByRole("button", { name: "退出" }).waitFor();
    return new Seat(page, context, faults);
  }
}

/** Collects, from now on, the errors of a page and its requests to other hosts than its own. */
export function complaintsOf(page: Page, url: string, refusals: readonly number[] = []): readonly string[] {
  const faults: string[] = [];
  // Only a test that takes the network away sees the second one.
  const isExpected = (text: string) =>
    refusals.some((status) => text.includes(`status of ${status}`)) || text.includes("net::ERR_INTERNET_DISCONNECTED");
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !isExpected(message.text())) faults.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob|chrome|chrome-extension):/.test(request.url()))
      faults.push(`request to ${request.url()}`);
  });
  return faults;
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

/** The screen at hand is sound in both languages, wide and narrow: nothing sticks out, nothing serious for axe. */
export async function expectSound(page: Page, name: string): Promise<void> {
  for (const language of ["zh", "en"]) {
    for (const [width, viewport] of windows) {
      await page.setViewportSize(viewport);
      expect([name, language, width, await fits(page)]).toEqual([name, language, width, true]);
      await picture(page, `${name}-${language}-${width}`);
    }
    expect([name, language, await seriousFindings(page)]).toEqual([name, language, []]);
    await page.getByRole("button", { name: language === "zh" ? "English" : "中文" }).click();
  }
  await page.setViewportSize(wide);
}
