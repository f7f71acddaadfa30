import { beforeAll, describe, expect, it } from "vitest";
import { openChoosing, reason } from "../../acceptance/choosing-case.ts";
import { appoint } from "../../api/signing-support.ts";
import { openSteps, startCase, taskAt } from "../../operations/situations.ts";
import { newId } from "../../../server/store/ids.ts";
import { publish } from "../../runtime/timed-process.ts";
import { bpmn } from "../../support/bpmn.ts";
import { apiInBrowser } from "../../support/browser-bench.ts";
import { fits, picture, seriousFindings, windows } from "../../support/browser.ts";

const bench = apiInBrowser();
beforeAll(async () => {
  for (const name of ["ann", "ben"]) await appoint(bench.product.api, name, "gz-medical", "provider-clerk");
});

const review = 'jieli:branches="way_examine way_settle" jieli:peopleFor="examine" jieli:peopleRequired="true"';

describe("a step whose handler chooses the branch and the people, in a browser", () => {
  it.each(windows)(
    "shows the rule's branch, asks for people and a reason, and takes both (%s px)",
    async (name, viewport) => {
      const id = await openChoosing(bench.product.api, { review });
      const { page } = await bench.seat("陈静", viewport);
      await page.goto(`${bench.url}/tasks/${(await taskAt(bench.product.api, id, "review")).id}`);
      await page.getByRole("button", { name: /^同\s*意$/ }).click();
      const choice = page.getByRole("group", { name: "去向与人员" });
      await choice.getByRole("radio", { name: /way_settle 按规则/ }).waitFor();
      expect(await choice.getByRole("radio", { name: /way_settle/ }).isChecked()).toBe(true);
      await choice.getByRole("radio", { name: /way_examine/ }).check();
      const person = choice.getByRole("combobox", { name: /办理“examine”的人员/ });
      await person.waitFor();
      await person.fill("ben");
      await page.locator(".ant-select-item-option-active", { hasText: "ben" }).waitFor();
      await page.keyboard.press("Enter");
      await page.locator(".ant-select-dropdown").waitFor({ state: "hidden" });
      await choice.getByRole("textbox", { name: /选择的理由 \(必填\)|选择的理由/ }).fill(reason);
      await picture(page, `choosing-zh-${name}`);
      expect(await seriousFindings(page)).toEqual([]);
      expect(await fits(page)).toBe(true);
      await page.getByRole("button", { name: /确认.*同意/ }).click();
      await page.waitForURL(/inbox/);
      expect(await openSteps(bench.product.api, id)).toEqual(["examine"]);
      expect((await taskAt(bench.product.api, id, "examine")).assignee?.id).toBe("u-ben");
    },
  );
});

describe("the steps ahead of a case, in a browser", () => {
  it.each(windows)("are shown with names, moments and what they depend on (%s px)", async (name, viewport) => {
    const id = await openChoosing(bench.product.api, { review });
    const { page } = await bench.seat("管宁", viewport);
    await page.goto(`${bench.url}/cases/${id}`);
    const ahead = page.getByRole("region", { name: "预计后续环节" });
    await ahead.getByText("陈静").waitFor();
    await ahead.getByText("取决于“review”的结论").waitFor();
    await ahead.getByText("预计办结").waitFor();
    await ahead.screenshot(
      process.env["JIELI_PICTURES"] ? { path: `${process.env["JIELI_PICTURES"]}/ahead-zh-${name}.png` } : {},
    );
    expect(await seriousFindings(page)).toEqual([]);
    expect(await fits(page)).toBe(true);
  });
});

describe("what overseers and designers look for, in a browser", () => {
  it.each(windows)("is there: blocked cases, and the differences of two versions (%s px)", async (name, viewport) => {
    const key = `seen-${newId().slice(-8).toLowerCase()}`;
    const drawing = (role: string) =>
      bpmn(
        `<bpmn:startEvent id="start"/><bpmn:userTask id="ask" name="审查" jieli:at="provider" jieli:role="${role}"/><bpmn:exclusiveGateway id="x" name="需要研判？"/><bpmn:endEvent id="a"/><bpmn:endEvent id="b"/>`,
        "start -> x; x -> ask if unknownFact > 3; x -> b default; ask -> a",
        { id: key },
      );
    const first = await publish(bench.product.api.runtime, drawing("provider-clerk"));
    const second = await publish(bench.product.api.runtime, drawing("provider-head"));
    await startCase(bench.product.api, first.definition, key);
    const manager = await bench.seat("管宁", viewport);
    await manager.page.goto(`${bench.url}/cases`);
    await manager.page
      .getByRole("region", { name: /受阻事项/ })
      .getByText("需要研判？")
      .first()
      .waitFor();
    await picture(manager.page, `blocked-zh-${name}`);
    expect([await seriousFindings(manager.page), await fits(manager.page)]).toEqual([[], true]);
    const designer = await bench.seat("林悦", viewport);
    await designer.page.goto(`${bench.url}/processes/${second.definition}/changes`);
    await designer.page.getByText("provider-clerk → provider-head").waitFor();
    await picture(designer.page, `versions-zh-${name}`);
    expect([await seriousFindings(designer.page), await fits(designer.page)]).toEqual([[], true]);
  });
});
