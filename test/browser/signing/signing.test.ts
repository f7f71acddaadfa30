import { describe, expect, it } from "vitest";
import { startPanel, taskIn } from "../../api/signing-support.ts";
import { apiInBrowser } from "../../support/browser-bench.ts";
import { fits, narrow, picture, seriousFindings } from "../../support/browser.ts";

const vote = `jieli:approval="vote" jieli:approvalParameters='${JSON.stringify({
  passShare: 0.6,
  abstain: true,
  signers: [
    { role: "security-reviewer", required: true },
    { role: "provider-head", weight: 2, veto: true },
  ],
})}'`;
const bench = apiInBrowser();

async function approve(account: string, instanceId: string): Promise<void> {
  const { id, rev } = await taskIn(bench.product.api, account, instanceId);
  const answer = await (
    await bench.product.api.as(account)
  ).post(`/api/tasks/${id}/complete`, { outcome: "approve", opinion: "同意", rev });
  expect(answer.status).toBe(200);
}

describe("a step that several sign, in a browser", () => {
  it("shows who signs and how it stands, takes one more signer, and tells the result", async () => {
    const instanceId = await startPanel(bench.product.api, vote);
    const { page } = await bench.seat("吴昊");
    await page.goto(`${bench.url}/tasks/${(await taskIn(bench.product.api, "wu", instanceId)).id}`);
    const panel = page.getByRole("region", { name: "签署 · 票签" });
    await panel.getByText("同意票达到 60% 即通过").waitFor();
    expect(await panel.getByRole("row").count()).toBe(4);
    expect(await panel.getByRole("row", { name: /吴昊/ }).textContent()).toContain("必签");
    expect(await panel.getByText("有否决权").count()).toBe(2);
    await picture(page, "signing-zh-1440");
    expect(await seriousFindings(page)).toEqual([]);

    await panel.getByRole("button", { name: "加签" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "加签" });
    await dialog.getByRole("combobox").fill("张伟");
    await page.locator(".ant-select-item-option-active", { hasText: "张伟" }).waitFor();
    await page.keyboard.press("Enter");
    await dialog.getByRole("radio", { name: /并加签/ }).check();
    await picture(page, "add-signer-zh-1440");
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole("button", { name: /确\s*认/ }).click();
    await page.getByRole("alert").getByText("已加签给 张伟").waitFor();
    await panel.getByText("由 吴昊 并加签").waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("签署 · 票签");

    for (const account of ["zhang", "wu", "yang", "feng"]) await approve(account, instanceId);
    await page.reload();
    await panel.getByText("结果：同意（达到通过条件）").waitFor();
    await page.getByRole("button", { name: "English" }).click();
    const inEnglish = page.getByRole("region", { name: "Signing · vote" });
    await inEnglish.getByText("Result: Approve (what is needed to pass was reached)").waitFor();
    await inEnglish.getByText("6 for").waitFor();
    await picture(page, "signed-en-1440");
  });

  it("lets the head mark a signer absent and whoever added one remove them, on a small screen", async () => {
    const instanceId = await startPanel(bench.product.api, vote);
    const { page } = await bench.seat("杨帆", narrow);
    await page.goto(`${bench.url}/tasks/${(await taskIn(bench.product.api, "yang", instanceId)).id}`);
    const panel = page.getByRole("region", { name: "签署 · 票签" });
    await panel.getByRole("button", { name: "加签" }).click();
    const adding = page.getByRole("dialog", { name: "加签" });
    await adding.getByRole("combobox").fill("张伟");
    await page.locator(".ant-select-item-option-active", { hasText: "张伟" }).waitFor();
    await page.keyboard.press("Enter");
    await adding.getByRole("button", { name: /确\s*认/ }).click();
    await panel.getByText("等待前加签人先签").waitFor();
    await page.keyboard.press("Escape");
    await picture(page, "signing-zh-390");
    expect(await fits(page)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);

    await panel.getByRole("button", { name: "减签 张伟" }).click();
    const removing = page.getByRole("dialog", { name: "减签 张伟" });
    await removing.getByLabel(/理由/).fill("另行会商");
    await removing.getByRole("button", { name: /确\s*认/ }).click();
    await panel.getByText("已减签").waitFor();
    await panel.getByRole("button", { name: "标记 冯岩 缺席" }).click();
    const excusing = page.getByRole("dialog", { name: "标记 冯岩 缺席" });
    await excusing.getByLabel(/理由/).fill("出国");
    await excusing.getByRole("button", { name: /确\s*认/ }).click();
    await panel.getByText("共 3").waitFor();
    expect(await panel.getByRole("button", { name: /缺席/ }).count()).toBe(1);
    await picture(page, "absent-zh-390");
  });

  it("says of a case whose process has no drawing that there is none, and where its steps are listed", async () => {
    const instanceId = await startPanel(bench.product.api, vote);
    const { page } = await bench.seat("管宁");
    await page.goto(`${bench.url}/cases/${instanceId}`);
    await page.getByText("此流程没有图形，环节见文字清单。").waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("This process has no drawing; its steps are listed as text.").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });
});
