import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, timerBoundary, userTask } from "../../../test/support/bpmn.ts";
import { compileDefinitions } from "../../model/compile.ts";
import type { EngineEvent } from "../../execution/events.ts";
import { openSimulation } from "./open-simulation.ts";
import type { SimulationResult } from "./result.ts";
import { parseScenario } from "./scenario.ts";
import { SimulationError } from "./simulation-error.ts";

const country = { code: "000000", name: "country", level: "country", parent: null } as const;
const world = {
  regions: new Map([["000000", country]]),
  organisations: new Map(),
  rulePacks: [],
  routeTables: [],
  calendars: new Map(),
  history: null,
};

/** A queue: cases come at random, one task each. 49 cases on a working day are 7 an office hour. */
const queue = bpmn(startEvent() + userTask("work") + endEvent(), "start -> work -> end");
const plain = {
  title: { zh: "排队", en: "queue" },
  process: "p",
  cases: 200,
  from: "2026-01-05",
  arrivals: { type: "random", perWorkingDay: 49, region: "000000" },
  mix: [{ weight: 1 }],
  otherSteps: { type: "exponential", mean: 0.1 },
  officials: { default: 1 },
};

interface Run {
  readonly result: SimulationResult;
  readonly events: readonly (EngineEvent & { readonly of: number })[];
}

async function simulate(file: string, over: object = {}): Promise<Run> {
  const events: (EngineEvent & { of: number })[] = [];
  const scenario = parseScenario({ ...plain, ...over }, "test");
  const { processes: models } = await compileDefinitions(file);
  const simulation = openSimulation({ ...world, scenario, models }, (of, happened) =>
    events.push(...happened.map((event) => ({ ...event, of }))),
  );
  while (simulation.advance(1_000));
  return { result: simulation.result(), events };
}

describe("a queue of random arrivals and exponential work", () => {
  // Mean waiting in office hours by Erlang's formula: 7 and 14 arrivals an hour, 10 tasks an hour and official.
  it.each([
    [1, 49, 0.7 / 3],
    [2, 98, 0.5765 / 6],
  ])("of %i official(s) waits as long as queueing theory says", async (count, perWorkingDay, waiting) => {
    const arrivals = { ...plain.arrivals, perWorkingDay };
    const { result } = await simulate(queue, { cases: 20_000, arrivals, officials: { default: count } });
    const [officials] = result.officials;
    expect(officials?.utilisation).toBeCloseTo(0.7, 1);
    expect(Math.abs((officials?.waitingHours?.mean ?? 0) / waiting - 1)).toBeLessThan(0.12);
    // Little's law: the mean queue is arrivals an hour times the mean waiting.
    expect((officials?.queue.mean ?? 0) / ((perWorkingDay / 7) * (officials?.waitingHours?.mean ?? 1))).toBeCloseTo(
      1,
      1,
    );
  });

  it("waits longer and works harder with fewer officials", async () => {
    const by = async (count: number) =>
      (
        await simulate(queue, {
          cases: 2_000,
          arrivals: { ...plain.arrivals, perWorkingDay: 190 },
          officials: { default: count },
        })
      ).result.officials[0];
    const [three, four, six] = [await by(3), await by(4), await by(6)];
    expect(three?.utilisation).toBeGreaterThan(four?.utilisation ?? 1);
    expect(four?.utilisation).toBeGreaterThan(six?.utilisation ?? 1);
    expect(three?.waitingHours?.mean).toBeGreaterThan(four?.waitingHours?.mean ?? Infinity);
    expect(four?.waitingHours?.mean).toBeGreaterThan(six?.waitingHours?.mean ?? Infinity);
  });

  it("names the officials who are waited for as the bottleneck, with the reason", async () => {
    const { result } = await simulate(queue, { cases: 1_000, arrivals: { ...plain.arrivals, perWorkingDay: 69 } });
    expect(result.bottleneck?.role).toBe("-");
    expect(result.bottleneck?.why.en).toMatch(/1 official\(s\) are busy \d+ % of their office hours/);
  });
});

describe("a simulation", () => {
  const review = bpmn(
    startEvent() +
      userTask("check", 'jieli:outcomes="approve again refuse"') +
      gateway("exclusive", "choice") +
      endEvent("yes") +
      endEvent("no"),
    `start -> check -> choice; choice -> yes if outcome = "approve"; choice -> no if outcome = "refuse"; choice -> check default`,
  );
  const outcomes = [
    { outcome: "approve", weight: 6 },
    { outcome: "refuse", weight: 3 },
    { outcome: "again", weight: 1, atMost: 1 },
  ];
  const steps = { check: { handling: { type: "uniform", min: 0.05, max: 0.2 }, outcomes } };

  it("gives the same to the byte for the same seed, and something else for another", async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => JSON.stringify((await simulate(review, { seed, steps })).result)),
    );
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it("draws outcomes by their shares, and one that may come once a case no second time", async () => {
    const { result, events } = await simulate(review, { cases: 4_000, steps, officials: { default: 5 } });
    const shareOf = (element: string) => result.ends.find((end) => end.element === element)?.share;
    expect(shareOf("yes")).toBeCloseTo(2 / 3, 1);
    expect(shareOf("no")).toBeCloseTo(1 / 3, 1);
    const again = events.filter((event) => event.type === "task.completed" && event.outcome === "again");
    expect(again.length).toBeGreaterThan(300);
    expect(new Set(again.map(({ of }) => of)).size).toBe(again.length);
  });

  it("counts every case that started once", async () => {
    const { result } = await simulate(review, { cases: 500, steps });
    const { started, ...fates } = result.cases;
    expect(started).toBe(500);
    expect(Object.values(fates).reduce((sum, count) => sum + count, 0)).toBe(500);
  });

  it("changes nothing in a step when another step takes longer", async () => {
    const two = bpmn(
      startEvent() + userTask("first") + userTask("second") + endEvent(),
      "start -> first -> second -> end",
    );
    const first = { handling: { type: "exponential", mean: 0.1 } };
    const run = async (hours: number) =>
      (
        await simulate(two, {
          steps: { first, second: { handling: { type: "fixed", hours } } },
          officials: { default: 200 },
        })
      ).result.steps[0];
    expect(await run(0.1)).toEqual(await run(3));
  });

  it("begins and ends work in office hours alone", async () => {
    const { events } = await simulate(queue, {
      cases: 300,
      otherSteps: { type: "uniform", min: 1, max: 20 },
      officials: { default: 40 },
    });
    const minutes = events
      .filter((event) => event.type === "task.completed")
      .map(({ at }) => new Date(Date.parse(at) + 8 * 3_600_000))
      .map((at) => ({ day: at.getUTCDay(), minute: at.getUTCHours() * 60 + at.getUTCMinutes() }));
    expect(minutes).toHaveLength(300);
    expect(minutes.filter(({ day }) => day === 0 || day === 6)).toEqual([]);
    const open = ({ minute }: { minute: number }) =>
      (minute >= 540 && minute <= 720) || (minute >= 810 && minute <= 1_050);
    expect(minutes.filter((at) => !open(at))).toEqual([]);
  });

  it("takes a task away when a timer interrupts it, and frees who worked on it", async () => {
    const late = bpmn(
      startEvent() + userTask("work") + timerBoundary("due", "work", '"PT1H"') + endEvent("done") + endEvent("cut"),
      "start -> work -> done; due -> cut",
    );
    const times = ["2026-01-05T01:00:00.000Z", "2026-01-05T01:30:00.000Z"];
    const { result } = await simulate(late, {
      cases: 2,
      arrivals: { type: "times", times },
      otherSteps: { type: "fixed", hours: 1.5 },
    });
    expect(result.ends.map(({ element, cases }) => [element, cases])).toEqual([["cut", 2]]);
    expect(result.steps).toMatchObject([{ completed: 0, withdrawn: 2, waitingHours: { count: 2, max: 0.5 } }]);
    expect(result.until).toBe("2026-01-05T02:30:00.000Z");
  });

  it.each([
    [
      "an incident",
      `<bpmn:scriptTask id="work" scriptFormat="feel"><bpmn:script>nobody + 1</bpmn:script></bpmn:scriptTask>`,
      "incidents",
      "work",
    ],
    ["a message that nobody sends", `<bpmn:receiveTask id="work" messageRef="m"/>`, "waiting", "news"],
  ])("counts cases that stop at %s", async (_what, node, fate, place) => {
    const root = `<bpmn:message id="m" name="news"/>`;
    const { result } = await simulate(bpmn(startEvent() + node + endEvent(), "start -> work -> end", { root }), {
      cases: 7,
    });
    expect(result.cases).toMatchObject({ started: 7, completed: 0, [fate]: 7 });
    expect(result.stuck).toMatchObject([{ element: place, cases: 7 }]);
  });

  it("stops a case that goes round for ever, and counts it", async () => {
    const endless = { check: { handling: { type: "fixed", hours: 0 }, outcomes: [{ outcome: "again", weight: 1 }] } };
    const { result } = await simulate(review, { cases: 2, steps: endless });
    expect(result.cases).toMatchObject({ started: 2, endless: 2 });
  });

  it("tells what the scenario left open", async () => {
    const { result } = await simulate(queue, { cases: 1 });
    expect(result.assumptions.map(({ code, place }) => `${code} ${place}`)).toEqual([
      "RULES_NOT_ASKED p",
      "STEP_NOT_PLANNED work",
    ]);
  });
});

describe("a scenario is refused with the field and the mend", () => {
  it.each([
    [{ cases: 0 }, "SCENARIO_INVALID", "test", "cases"],
    [{ mix: [{ weight: 0 }] }, "SCENARIO_INVALID", "test", "no kind of case"],
    [{ process: "q" }, "PROCESS_UNKNOWN", "process", "Use one of p"],
    [{ steps: { wrok: { handling: { type: "fixed", hours: 1 } } } }, "STEP_UNKNOWN", "steps.wrok", "Use one of work"],
    [
      { steps: { work: { handling: { type: "fixed", hours: 1 }, outcomes: [{ outcome: "yes", weight: 1 }] } } },
      "OUTCOME_UNKNOWN",
      "steps.work.outcomes.0",
      "Use one of",
    ],
    [{ jobs: { work: {} } }, "STEP_UNKNOWN", "jobs.work", "Use one of"],
    [
      { arrivals: { type: "times", times: ["2026-01-05T01:00:00.000Z"] } },
      "TIMES_TOO_FEW",
      "arrivals.times",
      "fewer cases",
    ],
  ])("%j: %s", async (over, code, place, words) => {
    const refusal = await simulate(queue, over).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SimulationError);
    if (!(refusal instanceof SimulationError)) return;
    expect([refusal.code, refusal.place]).toEqual([code, place]);
    expect(`${refusal.text.en} ${refusal.mend.en}`).toContain(words);
    expect(refusal.text.zh).toMatch(/\p{Script=Han}/u);
  });
});
