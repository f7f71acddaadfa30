import { describe, expect, it } from "vitest";
import { clockSentences } from "./clocks.ts";

const tell = (type: string, payload: object) => clockSentences[type]?.({ ...payload }, { zh: "", en: "" });
const limitName = { zh: "市级转报", en: "city hop" };

describe("what happens to clocks, in words", () => {
  it("names the limit as people know it", () => {
    expect(tell("clock.started", { limit: "L.HOP", limitName, dueAt: "2026-11-30T15:59:59.000Z" })).toEqual({
      zh: "市级转报 开始计时，截止 2026-11-30",
      en: "city hop started, due 2026-11-30",
    });
  });

  it("falls back to the code where the case has no such clock any more", () => {
    expect(tell("clock.breached", { limit: "L.HOP" })).toEqual({ zh: "L.HOP 超时", en: "L.HOP was breached" });
  });

  it("says why a clock rests, and gives a reason that it does not know as it is", () => {
    const paused = (reason: string) => tell("clock.paused", { limit: "L.HOP", limitName, reason });
    expect(paused("supplement")).toEqual({ zh: "市级转报 暂停计时（等待补正）", en: "city hop paused (supplement)" });
    expect(paused("other")?.zh).toBe("市级转报 暂停计时（other）");
  });

  it("names the organisation that a breach is charged to", () => {
    const organisationName = { zh: "贵阳市大数据局", en: "Guiyang big data bureau" };
    expect(tell("breach.recorded", { organisation: "gy-data", organisationName, limit: "L.HOP", limitName })).toEqual({
      zh: "记录超时责任：贵阳市大数据局（市级转报）",
      en: "breach charged to Guiyang big data bureau (city hop)",
    });
  });
});
