import { describe, expect, it } from "vitest";
import { bpmn, endEvent, startEvent, TestCase, userTask } from "../../../test/support/bpmn.ts";

/** A task that a timer reminds of, without ending it. */
const reminded = (definition: string) =>
  bpmn(
    [
      startEvent(),
      userTask("a"),
      `<bpmn:boundaryEvent id="r" attachedToRef="a" cancelActivity="false"><bpmn:timerEventDefinition id="rd">${definition}</bpmn:timerEventDefinition></bpmn:boundaryEvent>`,
      endEvent(),
      endEvent("told"),
    ].join(""),
    "start -> a -> end; r -> told",
  );
const cycle = (text: string) => `<bpmn:timeCycle xsi:type="bpmn:tFormalExpression">${text}</bpmn:timeCycle>`;
const fired = (test: TestCase) => test.trace("timer.fired").length;

describe("a timer that repeats", () => {
  it.each([
    ["R2/PT1H", 2],
    ["R1/PT1H", 1],
    ["R/PT1H/2026-01-05T04:30:00Z", 3],
  ])("as %s fires %i times, and is armed no more", async (text, times) => {
    const test = await TestCase.open(reminded(cycle(text)));
    test.running.advance("P2D");
    expect(fired(test)).toBe(times);
    expect(test.waits("timer")).toEqual([]);
    expect(test.tasks).toEqual(["a"]);
  });

  it("without end goes on, and says so in its state", async () => {
    const test = await TestCase.open(reminded(cycle("R/PT1H")));
    test.running.advance("PT150M");
    expect(fired(test)).toBe(2);
    expect(test.waits("timer")).toMatchObject([
      { repeats: "unbounded", every: "PT1H", due: "2026-01-05T04:00:00.000Z" },
    ]);
    expect(Object.keys(test.waits("timer")[0] ?? {})).not.toContain("until");
  });

  it("with an end keeps it in mind", async () => {
    const test = await TestCase.open(reminded(cycle("R/PT1H/2026-01-05T04:30:00Z")));
    expect(test.waits("timer")).toMatchObject([{ until: "2026-01-05T04:30:00.000Z" }]);
    test.running.advance("PT1H");
    expect(test.waits("timer")).toMatchObject([{ until: "2026-01-05T04:30:00.000Z" }]);
  });

  it.each(["soon", "R0/PT1H", "R/PT1H/2026-01-05T01:30:00Z"])(
    "is an incident for %s, which never fires",
    async (text) => {
      const test = await TestCase.open(
        reminded(`<bpmn:timeCycle xsi:type="bpmn:tFormalExpression">text</bpmn:timeCycle>`),
        { text },
      );
      expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "TIMER_INVALID", element: "a" });
    },
  );
});

describe("a timer's text", () => {
  it.each([
    ["timeDuration", "2026-01-06"],
    ["timeDate", "P1D"],
    ["timeDate", "tomorrow"],
  ])("of a %s cannot be %s", async (kind, text) => {
    const test = await TestCase.open(reminded(`<bpmn:${kind} xsi:type="bpmn:tFormalExpression">text</bpmn:${kind}>`), {
      text,
    });
    expect(test.events.at(-1)).toMatchObject({ type: "incident.raised", code: "TIMER_INVALID" });
  });
});
