import { describe, expect, it } from "vitest";
import { forms } from "../../../bin/demo/forms.ts";
import { productInBrowser } from "../../support/browser-bench.ts";
import { fits, narrow, picture, wide } from "../../support/browser.ts";

const bench = productInBrowser();

/** A case that waits for the provider's decision, brought there over the API. */
async function caseToDecide(): Promise<string> {
  const instanceId = await bench.apply();
  for (const [account, element, outcome] of [
    ["liu", "Task_SignOff", "approve"],
    ["chen", "Task_OwnCheck", "approve"],
    ["zhao", "Task_Relay", "forward"],
    ["sun", "Task_Dispatch", "approve"],
    ["zhang", "Task_PiAssessment", "pass"],
    ["wu", "Task_SecurityReview", "pass"],
    ["zhang", "Task_Examine", "agree"],
  ] as const)
    await (await bench.as(account)).complete(instanceId, element, outcome, "同意", forms[element] ?? {});
  return (await (await bench.as("yang")).task(instanceId, "Task_Decide")).id;
}

describe("the table of items in a decision", () => {
  it("is filled in by the keyboard alone, told in history, and fits a phone", async () => {
    const task = await caseToDecide();
    const { page } = await bench.seat("杨帆");
    await page.goto(`${bench.url}/tasks/${task}`);
    const idno = page.getByRole("group", { name: "公民身份号码 的决定" });
    await idno.waitFor();
    // The proposal of the examination, which granted everything, stands there already.
    await page.getByText("合计：同意 3，脱敏 0，缩小 0，不予 0，未定 0").waitFor();
    await idno.getByRole("radio", { name: "同意" }).press("ArrowRight");
    await idno.getByLabel("位数 公民身份号码").waitFor();
    const name = page.getByRole("group", { name: "姓名 的决定" });
    await name.getByRole("radio", { name: "同意" }).press("ArrowLeft");
    await name.getByRole("combobox", { name: "理由代码 姓名" }).press("Enter");
    await page.getByTitle(/^R6 /).last().click();
    // The list goes with a movement; its entries are called like those of the next one.
    await expect.poll(() => page.locator(".ant-select-dropdown:visible").count()).toBe(0);
    await page.getByText("合计：同意 1，脱敏 1，缩小 0，不予 1，未定 0").waitFor();
    await picture(page, "items-1440");
    await page.getByRole("button", { name: "部分同意", exact: true }).click();
    await page.getByRole("button", { name: "确认：部分同意" }).click();
    await page.getByRole("alert").getByText("数据项“姓名”按 R6 的理由至少 20 字").waitFor();
    await name.getByLabel("理由 姓名").fill("个人信息保护影响评估报告没有涵盖姓名这一数据项。");
    await page.getByRole("combobox", { name: "理由代码 (必填)" }).press("Enter");
    await page.locator(".ant-select-dropdown:visible").getByTitle(/^R11 /).click();
    await page.getByLabel(/^意见/).fill("姓名不予提供，公民身份号码脱敏后提供。");
    await page.setViewportSize(narrow);
    await expect.poll(() => fits(page)).toBe(true);
    await picture(page, "items-390");
    await page.setViewportSize(wide);
    await page.getByRole("button", { name: "确认：部分同意" }).click();
    await page.getByRole("heading", { level: 1, name: "待办" }).waitFor();
    await page.goto(`${bench.url}/tasks/${task}`);
    await page.getByRole("heading", { name: "提供清单" }).waitFor();
    await picture(page, "delivery-1440");
    await page
      .getByText("历史")
      .or(page.getByRole("tab", { name: "办理记录" }))
      .first()
      .click();
    await page.getByText(/逐项决定：.*公民身份号码脱敏（保留后 4 位）/).waitFor();
  });
});

describe("the designer of forms", () => {
  it("edits with form-js, keeps what form-js does not know, previews, sets rights and publishes the next version", async () => {
    const { page } = await bench.seat("林悦");
    await page.goto(`${bench.url}/processes`);
    await page.getByRole("link", { name: /^表单 ds-07 / }).click();
    // The editor stands before another form is chosen: while it is set up, the page draws the list anew under the pointer.
    await page.locator(".fjs-palette").first().waitFor();
    await page.getByRole("combobox", { name: "表单" }).click();
    await page.getByTitle(/\(correction-verify\)/).click();
    await page.locator(".fjs-element[data-id]").filter({ hasText: "核实情况与理由" }).last().waitFor();
    // Words of the editor's own are Chinese, and what our forms do not have is not offered.
    await page.locator(".fjs-palette-field").getByText("单行文本").waitFor();
    const offered = (await page.locator(".fjs-palette").innerText()).split("\n");
    expect(offered.filter((words) => !/[\u4e00-\u9fff]/.test(words) && words.trim() !== "")).toEqual([]);
    expect(await page.locator("[data-field-type=table], [data-field-type=iframe]").count()).toBe(0);
    await page.getByText("逐项决定 Item decisions").first().waitFor();
    // The mark of bpmn.io is visible and nothing lies over it.
    const mark = page.locator(".fjs-powered-by").first();
    await mark.scrollIntoViewIfNeeded();
    expect(
      await mark.evaluate((node) => {
        const { left, top, width, height } = node.getBoundingClientRect();
        const above = document.elementFromPoint(left + width / 2, top + height / 2);
        return width > 0 && above !== null && (node.contains(above) || above.contains(node));
      }),
    ).toBe(true);
    await picture(page, "designer-1440");
    const field = page.locator(".fjs-element[data-id]").filter({ hasText: "核实情况与理由" }).last();
    await field.click();
    await page.locator(".bio-properties-panel-group-header", { hasText: "常规" }).first().click();
    const label = page
      .locator('[data-entry-id="label"] input, [data-entry-id="label"] [contenteditable="true"]')
      .first();
    await label.fill("核实情况说明");
    await page.getByText("有未发布的改动").waitFor();

    await page.getByRole("tab", { name: "文字与条件" }).click();
    await picture(page, "texts-1440");
    const english = page.getByRole("textbox", { name: /^英文标签 / }).last();
    expect(await english.inputValue()).not.toBe("");
    const kept = await english.inputValue();
    await english.fill("");
    await page
      .getByRole("alert")
      .getByText(/英文 English/)
      .waitFor();
    expect(await page.getByRole("button", { name: "发布新版本" }).isDisabled()).toBe(true);
    await english.fill(kept);

    await page.getByRole("tab", { name: "预览" }).click();
    await page.getByText("核实情况说明").first().waitFor();
    await picture(page, "preview-1440");

    await page.getByRole("tab", { name: "字段权限" }).click();
    await page
      .getByRole("combobox", { name: /对 核实情况说明 的权限/ })
      .first()
      .click();
    await page.getByTitle("隐藏", { exact: true }).last().click();
    await picture(page, "rights-1440");
    await page.getByLabel("修改说明").fill("说明更名，并对一个环节隐藏");
    await page.getByRole("button", { name: "发布新版本" }).click();
    await page.getByRole("heading", { level: 1, name: /版本 2/ }).waitFor({ timeout: 90_000 });

    const designer = await bench.as("lin");
    const { items } = await designer.call<{ items: { id: string; key: string; version: number }[] }>(
      "GET",
      "/api/definitions",
    );
    const second = items.find(({ key, version }) => key === "ds-07" && version === 2);
    const { xml, forms: bundle } = await designer.call<{ xml: string; forms: Record<string, unknown> }>(
      "GET",
      `/api/definitions/${second?.id ?? ""}`,
    );
    expect(xml).toContain('right="hidden"');
    expect(JSON.stringify(bundle["correction-verify"])).toContain("核实情况说明");
    expect(JSON.stringify(bundle["correction-verify"])).toContain('"labelEn"');
    await page.setViewportSize(narrow);
    await page.getByRole("tab", { name: "预览" }).click();
    await expect.poll(() => fits(page)).toBe(true);
    await picture(page, "designer-390");
  });
});
