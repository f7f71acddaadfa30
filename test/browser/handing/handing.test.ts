import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiBench } from "../../api/support.ts";
import { openBrowser, Seat } from "../../support/browser.ts";

let bench: ApiBench;
let browser: Browser;
let url: string;

beforeAll(async () => {
  bench = await ApiBench.open();
  url = `http://127.0.0.1:${(bench.server.address() as AddressInfo).port}`;
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await bench.close();
});

async function signedOff(): Promise<{ instanceId: string; signOff: string }> {
  const { instanceId } = await bench.apply();
  const { id, rev } = await bench.task("liu", instanceId, "Task_SignOff");
  const decision = { outcome: "approve", opinion: "同意", rev };
  expect((await (await bench.as("liu")).post(`/api/tasks/${id}/complete`, decision)).status).toBe(200);
  return { instanceId, signOff: id };
}

describe("a task in hand, in a browser", () => {
  it("keeps what is typed in a dialog, gives the focus back, and follows what others do to the case", async () => {
    const { instanceId } = await signedOff();
    const { page, faults } = await Seat.take(browser, url, "陈静");
    const { id } = await bench.task("chen", instanceId, "Task_OwnCheck");
    await page.goto(`${url}/tasks/${id}`);
    const more = page.getByRole("button", { name: "更多操作" });
    await more.click();
    await page.getByRole("menuitem", { name: "认领" }).click();
    await page.getByRole("heading", { name: "承办经过" }).waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toContain("更多操作");

    await more.click();
    await page.getByRole("menuitem", { name: "征询" }).click();
    const dialog = page.getByRole("dialog", { name: "征询" });
    await dialog.getByLabel(/需要答复/).fill("请核实用途");
    await page.mouse.click(5, 5);
    expect(await dialog.getByLabel(/需要答复/).inputValue()).toBe("请核实用途");
    await dialog.getByRole("button", { name: /取\s*消/ }).click();
    await dialog.waitFor({ state: "hidden" });
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toContain("更多操作");

    await page.getByRole("button", { name: "同意", exact: true }).click();
    const confirm = page.getByRole("button", { name: /^确认：/ });
    expect(await confirm.isEnabled()).toBe(true);
    const { rev } = (await (await bench.as("chen")).get(`/api/tasks/${id}`)).body;
    const elsewhere = { rev, to: "u-qian", reason: "出差" };
    expect((await (await bench.as("guan")).post(`/api/tasks/${id}/transfer`, elsewhere)).status).toBe(200);
    await page.getByText("由 钱进 承办").waitFor();
    await page.getByText(/^本案有新变化/).waitFor();
    expect(faults).toEqual([]);
  });

  it("does not let a decision be confirmed on what has changed since it was chosen", async () => {
    const { instanceId } = await signedOff();
    const { page, faults } = await Seat.take(browser, url, "陈静");
    const { id } = await bench.task("chen", instanceId, "Task_OwnCheck");
    await page.goto(`${url}/tasks/${id}`);
    await page.getByRole("button", { name: "同意", exact: true }).click();
    const confirm = page.getByRole("button", { name: /^确认：/ });
    const { rev } = (await (await bench.as("chen")).get(`/api/tasks/${id}`)).body;
    const question = { rev, to: "u-guan", question: "可否", by: null };
    expect((await (await bench.as("chen")).post(`/api/tasks/${id}/consult`, question)).status).toBe(200);
    const again = page.getByRole("button", { name: "已核对，继续办理" });
    await again.waitFor();
    expect(await confirm.isDisabled()).toBe(true);
    await again.click();
    expect(await confirm.isEnabled()).toBe(true);
    expect(faults).toEqual([]);
  });

  it("lets somebody take back what they did from the list of what they did, once however often they click", async () => {
    const { signOff } = await signedOff();
    const { page, faults } = await Seat.take(browser, url, "刘建国");
    await page.goto(`${url}/tasks/${signOff}`);
    await page.getByRole("button", { name: "撤回上一环节" }).dblclick();
    await page.getByRole("button", { name: "同意", exact: true }).waitFor();
    expect(page.url()).not.toContain(signOff);
    expect(await page.getByRole("button", { name: "撤回上一环节" }).count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
