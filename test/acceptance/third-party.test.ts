import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addDays, addMs, instantAt, localDate } from "../../engine/calendar/dates.ts";
import { newId } from "../../server/store/ids.ts";
import type { ClockView } from "../../server/api/shared/common.schema.ts";
import { ApiBench } from "../api/support.ts";
import { decide, openSituation, people, startCase } from "../operations/situations.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  await bench.runtime.moveClock(instantAt("2026-12-01", "10:00"));
});
afterAll(() => bench.close());

/** The provider examines within ten working days; meanwhile a third party is heard, who has fifteen of its own. */
const asking = (key: string) =>
  bpmn(
    `<bpmn:startEvent id="start"/><bpmn:parallelGateway id="split"/>
     <bpmn:userTask id="examine" name="答复" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve" jieli:limit="L.REPLY.COND"/>
     <bpmn:userTask id="hear" name="征求第三方意见" jieli:at="applicantAuthority" jieli:role="authority-reviewer" jieli:outcomes="pass fail" jieli:pauses="consultation" jieli:limit="L.REF.INFO.CONSULT"/>
     <bpmn:parallelGateway id="join"/><bpmn:endEvent id="end"/>`,
    "start -> split; split -> examine -> join; split -> hear -> join; join -> end",
    { id: key },
  );

async function clocksOf(instanceId: string): Promise<(limit: string) => ClockView> {
  const { clocks } = (await (await bench.as("guan")).get(`/api/instances/${instanceId}`)).body as {
    clocks: ClockView[];
  };
  return (limit) => {
    const found = clocks.find(({ limitCode }) => limitCode === limit);
    if (!found) throw new Error(`no clock ${limit}`);
    return found;
  };
}
const dueOf = ({ dueAt }: ClockView) => (dueAt === null ? null : localDate(dueAt));
const moveTo = (date: string, time = "10:00") => bench.runtime.moveClock(instantAt(date, time));

describe("complaint 17: suspending for a third party's view is not modelled, so the decision date is wrong", () => {
  it("charges the third party's days to the third party, and the provider's limit goes on with what was left", async () => {
    const key = `heard-${newId().slice(-8).toLowerCase()}`;
    const { definition } = await publish(bench.runtime, asking(key));
    const id = await startCase(bench, definition, key);
    const resting = await clocksOf(id);
    expect(resting("L.REPLY.COND")).toMatchObject({ state: "paused", pauseReason: "consultation", dueAt: null });
    expect(dueOf(resting("L.REF.INFO.CONSULT"))).toBe("2026-12-22");
    // Nine days later the date is what it will be if the view arrives today: the days asked for are the actual ones.
    await moveTo("2026-12-10");
    const waiting = (await clocksOf(id))("L.REPLY.COND");
    expect([waiting.used, waiting.left, localDate(waiting.dueIfResumedNow ?? "")]).toEqual([0, 10, "2026-12-24"]);
    await decide(bench, { instanceId: id, account: people.reviewer, element: "hear", outcome: "pass" });
    const after = await clocksOf(id);
    expect([after("L.REPLY.COND").state, dueOf(after("L.REPLY.COND"))]).toEqual(["running", "2026-12-24"]);
    expect(after("L.REPLY.COND").dueIfResumedNow).toBeNull();
    expect(after("L.REF.INFO.CONSULT")).toMatchObject({ state: "met", breachedAt: null });
  });

  it("finds the third party late, and nobody else", async () => {
    const from = bench.runtime.clock.now();
    const key = `late-${newId().slice(-8).toLowerCase()}`;
    const { definition } = await publish(bench.runtime, asking(key));
    const id = await startCase(bench, definition, key);
    const due = (await clocksOf(id))("L.REF.INFO.CONSULT").dueAt ?? "";
    await bench.runtime.moveClock(addMs(due, 3 * 24 * 3_600_000));
    const clocks = await clocksOf(id);
    expect(clocks("L.REF.INFO.CONSULT")).toMatchObject({ state: "breached", organisation: { id: "nm-data" } });
    expect(clocks("L.REPLY.COND")).toMatchObject({ state: "paused", breachedAt: null, used: 0 });
    const { days } = (await (await bench.as("guan")).get(`/api/instances/${id}/time`)).body as {
      days: { date: string; organisation: { id: string } | null }[];
    };
    const charged = days.filter(({ organisation }) => organisation?.id === "gz-medical");
    expect([charged, days[0]?.date]).toEqual([[], addDays(localDate(from), 1)]);
  });

  it("suspends in the middle for it, tells what is left and the date if it went on today, and resumes with just that", async () => {
    await moveTo("2027-03-01");
    const { instanceId } = await openSituation(bench, "single");
    await moveTo("2027-03-05");
    const guan = await bench.as("guan");
    const reason = "涉及商业秘密，书面征求权利人意见";
    await guan.post(`/api/instances/${instanceId}/suspend`, { reason, cause: "consultation" });
    await moveTo("2027-03-19");
    const resting = (await clocksOf(instanceId))("L.REPLY.COND");
    // 2, 3 and 4 March were used; what began on the 5th does not count.
    expect(resting).toMatchObject({ state: "paused", used: 3, left: 7, dueAt: null });
    expect(localDate(resting.dueIfResumedNow ?? "")).toBe("2027-03-30");
    await moveTo("2027-03-22");
    await guan.post(`/api/instances/${instanceId}/resume`, { reason: "权利人已答复" });
    const running = (await clocksOf(instanceId))("L.REPLY.COND");
    expect([running.state, dueOf(running), running.used, running.left]).toEqual(["running", "2027-03-31", 3, 7]);
    const { history } = (await guan.get(`/api/instances/${instanceId}`)).body as {
      history: { type: string; sentence: { zh: string; en: string } }[];
    };
    const told = history.filter(({ type }) => type === "clock.paused").map(({ sentence }) => sentence);
    expect(told).toEqual([
      { zh: "有条件共享答复 暂停计时（征求意见）", en: expect.stringMatching(/^.+ paused \(consultation\)$/) },
    ]);
  });

  it("runs on where the reason is none that the rules let a clock rest for", async () => {
    const { instanceId } = await openSituation(bench, "single");
    const before = (await clocksOf(instanceId))("L.REPLY.COND");
    await (
      await bench.as("guan")
    ).post(`/api/instances/${instanceId}/suspend`, { reason: "内部会商", cause: "internal" });
    const after = (await clocksOf(instanceId))("L.REPLY.COND");
    expect([after.state, after.dueAt]).toEqual(["running", before.dueAt]);
  });
});
