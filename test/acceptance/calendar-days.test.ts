import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { localMinute } from "../../engine/calendar/dates.ts";
import { ApiBench } from "../api/support.ts";
import { openSituation } from "../operations/situations.ts";
import { clockStories, official2027Body } from "./clock-stories.ts";

let bench: ApiBench;
const openBench = async () => {
  bench = await ApiBench.open();
};
const closeBench = () => bench.close();

const { moveTo, clock, due, oneStep } = clockStories(() => bench);

async function reckon(region: string, from: string, amount: number, unit: string) {
  const answer = await (
    await bench.as("chen")
  ).get(`/api/calendars/${region}/reckon?from=${from}&amount=${amount}&unit=${unit}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as {
    dueAt: string;
    date: string;
    confidence: string;
    skipped: { date: string; name: string | null }[];
  };
}

describe("complaint 21: business-day arithmetic is wrong before and after office hours", () => {
  beforeAll(openBench);
  afterAll(closeBench);
  afterEach(() => vi.unstubAllEnvs());

  it.each([
    // The day of receipt never counts, at whatever hour it comes; neither does a rest day.
    ["before the office opens", "2026-09-24T07:00", 2, "workday", "2026-09-29", "23:59"],
    ["after it has closed", "2026-09-24T23:30", 2, "workday", "2026-09-29", "23:59"],
    ["on the first day of National Day", "2026-10-01T12:00", 1, "workday", "2026-10-08", "23:59"],
    ["before a make-up Saturday", "2026-10-09T17:00", 1, "workday", "2026-10-10", "23:59"],
    // Hours run while the office is open: 9-12 and 13:30-17:30.
    ["for hours before it opens", "2026-09-28T06:00", 2, "workhour", "2026-09-28", "11:00"],
    ["for hours in the noon break", "2026-09-28T12:30", 2, "workhour", "2026-09-28", "15:30"],
    ["for hours over the noon break", "2026-09-28T11:00", 2, "workhour", "2026-09-28", "14:30"],
    ["for hours after it has closed", "2026-09-28T19:00", 1, "workhour", "2026-09-29", "10:00"],
    ["for hours on the evening before National Day", "2026-09-30T17:00", 1, "workhour", "2026-10-08", "09:30"],
    ["for a day's worth of hours, which is no calendar day", "2026-09-28T09:00", 24, "workhour", "2026-10-08", "12:00"],
    ["for hours of an emergency, which run day and night", "2026-09-30T17:00", 24, "hour", "2026-10-01", "17:00"],
  ] as const)("reckons right %s", async (_when, from, amount, unit, date, time) => {
    const answer = await reckon("520100", from, amount, unit);
    expect([answer.date, localMinute(answer.dueAt).slice(11)]).toEqual([date, time]);
  });

  it.each(["America/New_York", "Pacific/Kiritimati", "Asia/Shanghai"])(
    "reckons by the clock in China on a host in %s",
    async (zone) => {
      vi.stubEnv("TZ", zone);
      for (const [from, amount, unit, date, time] of [
        ["2026-09-30T23:59", 1, "workday", "2026-10-08", "23:59"],
        ["2026-10-01T00:00", 1, "workday", "2026-10-08", "23:59"],
        ["2026-09-30T17:00", 1, "workhour", "2026-10-08", "09:30"],
      ] as const) {
        const answer = await reckon("520100", from, amount, unit);
        expect([answer.date, localMinute(answer.dueAt).slice(11)]).toEqual([date, time]);
      }
    },
  );

  it("gives the autonomous prefecture its own holiday, and the places above it none", async () => {
    const there = await reckon("522601", "2026-07-22T10:00", 1, "workday");
    expect([there.date, there.skipped]).toEqual(["2026-07-24", [{ date: "2026-07-23", name: "自治州州庆日" }]]);
    expect((await reckon("520100", "2026-07-22T10:00", 1, "workday")).date).toBe("2026-07-23");
  });

  it("uses the very same days in a case as in the calculator", async () => {
    await moveTo("2026-12-30", "23:50");
    const id = await oneStep("L.REPLY.COND");
    expect(await due(id, "L.REPLY.COND")).toBe((await reckon("520000", "2026-12-30T23:50", 10, "workday")).date);
  });
});

describe("complaint 22: make-up days are shown as holidays, and a year without data is silently Monday to Friday", () => {
  beforeEach(openBench);
  afterEach(closeBench);

  it("counts a make-up Sunday and Saturday as work, in the calendar and in a limit", async () => {
    const { body } = await (await bench.as("chen")).get("/api/calendars/520100/years/2026");
    const makeUp = (body.days as { date: string; kind: string }[]).filter(({ kind }) => kind === "workday");
    expect(makeUp.map(({ date }) => date)).toContain("2026-02-28");
    expect(await reckon("520100", "2026-02-27T10:00", 1, "workday")).toMatchObject({
      date: "2026-02-28",
      confidence: "official",
      skipped: [],
    });
  });

  it("says of every date how sure it is: official, provisional until the list is out, unknown where nothing is known", async () => {
    const sure = async (from: string) => (await reckon("520100", from, 10, "workday")).confidence;
    expect([await sure("2026-11-02T10:00"), await sure("2026-12-28T10:00"), await sure("2028-03-01T10:00")]).toEqual([
      "official",
      "provisional",
      "unknown",
    ]);
    const { body } = await (await bench.as("chen")).get("/api/calendars/520100/years/2028");
    expect([body.status, body.days]).toEqual(["unknown", []]);
  });

  it("tells it with the due date of a case, at its step, in its list, and after the year was imported no more", async () => {
    await moveTo("2026-12-29");
    const at = await openSituation(bench, "single");
    const shown = async () => {
      const task = await at.task();
      return [task.dueConfidence, (await clock(at.instanceId, "L.REPLY.COND")).dueConfidence];
    };
    expect(await shown()).toEqual(["provisional", "provisional"]);
    await (await bench.as("admin")).post("/api/calendars/000000/years/2027", official2027Body);
    await bench.runtime.settle();
    expect(await shown()).toEqual(["official", "official"]);
    await moveTo("2027-12-29");
    expect((await clock(await oneStep("L.REPLY.COND"), "L.REPLY.COND")).dueConfidence).toBe("unknown");
  });

  it("refuses a year that lacks a statutory day, naming it and saying how to mend it", async () => {
    const days = official2027Body.days.filter(({ date }) => date !== "2027-02-06");
    const answer = await (
      await bench.as("admin")
    ).post("/api/calendars/000000/years/2027", { ...official2027Body, days });
    expect([answer.status, answer.body.code, answer.body.problems[0].place]).toEqual([
      422,
      "CALENDAR_REFUSED",
      "2027-02-06",
    ]);
  });
});
