import { describe, expect, it } from "vitest";
import { apiInBrowser } from "../../support/browser-bench.ts";

const bench = apiInBrowser();

async function signedOff(): Promise<{ instanceId: string; signOff: string }> {
  const { instanceId } = await bench.product.api.apply();
  const { id, rev } = await bench.product.api.task("liu", instanceId, "Task_SignOff");
  const decision = { outcome: "approve", opinion: "同意", rev };
  expect((await (await bench.product.api.as("liu")).post(`/api/tasks/${id}/complete`, decision)).status).toBe(200);
  return { instanceId, signOff: id };
}

describe("a task in hand, in a browser", () => {
  it("keeps what is typed in a dialog, gives the focus back, and follows what others do to the case", async () => {
    const { instanceId } = await signedOff();
    const { page } = await bench.seat("陈静");
    const { id } = await bench.product.api.task("chen", instanceId, "Task_OwnCheck");
    await page.goto(`${bench.url}/tasks/${id}`);
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
    const { rev } = (await (await bench.product.api.as("chen")).get(`/api/tasks/${id}`)).body;
    const elsewhere = { rev, to: "u-qian", reason: "出差" };
    expect((await (await bench.product.api.as("guan")).post(`/api/tasks/${id}/transfer`, elsewhere)).status).toBe(200);
    await page.getByText("由 钱进 承办").waitFor();
    await page.getByText(/^本案有新变化/).waitFor();
  });

  it("is what the inbox opens with where there is nothing to claim", async () => {
    const { instanceId } = await signedOff();
    const { id, rev } = await bench.product.api.task("chen", instanceId, "Task_OwnCheck");
    const question = { rev, to: "u-deng", question: "请核对使用范围", by: null };
    expect((await (await bench.product.api.as("chen")).post(`/api/tasks/${id}/co-handle`, question)).status).toBe(200);
    const { page } = await bench.seat("邓明");
    await page.goto(`${bench.url}/inbox`);
    await page.locator("button.task", { hasText: "本级合规性审查" }).waitFor();
    await page.locator("button.task").first().click();
    await page.getByText("请核对使用范围").first().waitFor();
    await page.getByText("本级合规性审查（协办）").first().waitFor();
  });

  it("does not let a decision be confirmed on what has changed since it was chosen", async () => {
    const { instanceId } = await signedOff();
    const { page } = await bench.seat("陈静");
    const { id } = await bench.product.api.task("chen", instanceId, "Task_OwnCheck");
    await page.goto(`${bench.url}/tasks/${id}`);
    await page.getByRole("button", { name: "同意", exact: true }).click();
    const confirm = page.getByRole("button", { name: /^确认：/ });
    const { rev } = (await (await bench.product.api.as("chen")).get(`/api/tasks/${id}`)).body;
    const question = { rev, to: "u-guan", question: "可否", by: null };
    expect((await (await bench.product.api.as("chen")).post(`/api/tasks/${id}/consult`, question)).status).toBe(200);
    const again = page.getByRole("button", { name: "已核对，继续办理" });
    await again.waitFor();
    expect(await confirm.isDisabled()).toBe(true);
    await again.click();
    expect(await confirm.isEnabled()).toBe(true);
  });

  it("lets somebody take back what they did from the list of what they did, once however often they click", async () => {
    const { signOff } = await signedOff();
    const { page } = await bench.seat("刘建国");
    await page.goto(`${bench.url}/tasks/${signOff}`);
    await page.getByRole("button", { name: "撤回上一环节" }).dblclick();
    await page.getByRole("button", { name: "同意", exact: true }).waitFor();
    expect(page.url()).not.toContain(signOff);
    expect(await page.getByRole("button", { name: "撤回上一环节" }).count()).toBe(0);
  });
});
