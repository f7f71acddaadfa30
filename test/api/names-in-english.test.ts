import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accepted, delivered, GrantBench } from "./grants-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
let grants: GrantBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  grants = new GrantBench(bench);
});
afterAll(async () => bench.close());

const chinese = /\p{Script=Han}/u;
const caseOf = async (account: string, id: string) =>
  (await (await bench.as(account)).get(`/api/instances/${id}`)).body;

describe("a case read in English", () => {
  it("names its resource, its items and its calendars in English, as they were noted", async () => {
    const id = await grants.granted();
    const { variables, clocks, history } = await caseOf("wang", id);
    expect(variables.resource.nameEn).toMatch(/^[^\p{Script=Han}]+$/u);
    expect(variables.delivery.items).toMatchObject([
      { code: "tenant", nameEn: expect.not.stringMatching(chinese) },
      { code: "address", name: "房源地址", nameEn: "Address of the dwelling" },
    ]);
    for (const { calendarName } of clocks) expect(calendarName.en).not.toMatch(chinese);
    const decided = history.filter(({ type }: { type: string }) => type === "items.decided");
    expect(decided.length).toBeGreaterThan(0);
    for (const { sentence } of decided) {
      expect(sentence.zh).toContain("房源地址");
      expect(sentence.en).toContain("Address of the dwelling granted");
    }
  });

  it("was chosen from a catalogue that says in English what each entry is, and on what condition it is shared", async () => {
    const { items } = (await (await bench.as("wang")).get("/api/resources?limit=100")).body;
    expect(items.length).toBeGreaterThan(10);
    for (const { id, abstractEn } of items) {
      const entry = (await (await bench.as("wang")).get(`/api/resources/${id}`)).body;
      const words = [abstractEn, ...(entry.shareCondition === null ? [] : [entry.shareConditionEn])];
      expect([id, words]).toEqual([id, words.map(() => expect.not.stringMatching(chinese))]);
    }
  });

  it("has one word for an acceptance that is refused: on the button, in what advises it, and in the history", async () => {
    const id = await grants.granted();
    await grants.take(id, delivered);
    const { id: taskId } = await bench.task("wang", id, "Task_Accept");
    const { outcomes } = (await (await bench.as("wang")).get(`/api/tasks/${taskId}`)).body;
    const { label } = outcomes.find(({ code }: { code: string }) => code === "reject");
    expect(label).toEqual({ zh: "验收不通过", en: "Do not accept" });
    const failing = await grants.answer(id, ["wang", "Task_Accept", "accept", { itemsReceived: ["tenant"] }]);
    expect(failing.text).toContain(label.zh);
    expect(failing.text).toContain(label.en);
    await grants.take(id, ["wang", "Task_Accept", "reject", { itemsReceived: ["tenant"], sampleChecked: true }]);
    const lines = await grants.history(id);
    expect(lines.findLast(({ type }) => type === "decision.taken")?.zh).toBe("办理“验收”：验收不通过");
  });

  it("tells how it began: an application was handed in, a supervision begun because of the case that gave the access", async () => {
    const id = await grants.granted();
    await grants.take(id, delivered, accepted);
    const first = (lines: readonly { type: string; zh: string; en: string }[]) =>
      lines.find(({ type }) => type === "process.started");
    expect(first(await grants.history(id))).toMatchObject({ zh: "提交申请", en: "submitted the application" });
    const [row] = await bench.runtime.store.read("SELECT supervision_id FROM access_grant WHERE instance_id = ?", [id]);
    const supervision = String(row?.["supervision_id"]);
    const { caseNumber } = await caseOf("guan", id);
    const begun = first(await grants.history(supervision));
    expect(begun?.zh).toBe(`发起“使用监督、续期与终止”（源自 ${caseNumber}）`);
    expect(begun?.en).toMatch(new RegExp(`^began “[^\\p{Script=Han}]+” \\(because of ${caseNumber}\\)$`, "u"));
    expect((await caseOf("guan", supervision)).subject.en).not.toMatch(chinese);
  });
});
