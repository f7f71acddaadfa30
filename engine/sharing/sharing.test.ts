import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { presetOfficeHours, type WorkingDayCalendar } from "../calendar/working-days.ts";
import { differencesOf, type Found } from "./acceptance.ts";
import { grantActions, grantStates, isOver, mayAct, stateAfter, type GrantState } from "./grant.ts";
import { momentsOf, nextMoment, type UseRules } from "./grant-due.ts";
import { excessesOf, type DayOfUse, type GrantScope } from "./over-scope.ts";
import { realityOf } from "./reality.ts";

const rules: UseRules = {
  noticeDays: [30, 7],
  unusedDays: 90,
  renewalDays: 30,
  mostTermDays: 366,
  mostErrorPercent: 1,
  switchOffDays: 3,
};
const regions = new Map(
  [
    ["000000", null],
    ["520000", "000000"],
    ["520100", "520000"],
    ["520102", "520100"],
    ["520103", "520100"],
  ].map(([code, parent]) => [
    code ?? "",
    { code: code ?? "", name: "", level: "county" as const, parent: parent ?? null },
  ]),
);
const weekday: WorkingDayCalendar = {
  region: "520102",
  days: new Map(),
  years: null,
  weeklyRest: [0, 6],
  hours: presetOfficeHours,
  cutoff: "24:00",
};
const weekdays = { receiver: weekday, provider: weekday };
const state = fc.constantFrom(...grantStates);
const day = fc
  .integer({ min: 0, max: 800 })
  .map((days) => new Date(Date.UTC(2026, 10, 1 + days)).toISOString().slice(0, 10));
const instant = fc
  .integer({ min: 0, max: 800 * 86_400 })
  .map((s) => new Date(Date.UTC(2026, 10, 1) + s * 1000).toISOString());

describe("the states of a grant", () => {
  it("end for good, whatever is tried", () => {
    fc.assert(
      fc.property(state, fc.array(fc.constantFrom(...grantActions)), (start, actions) => {
        let now: GrantState = start;
        for (const action of actions) {
          const next = stateAfter(now, action);
          if (isOver(now) && next !== null) return false;
          now = next ?? now;
        }
        return true;
      }),
    );
  });

  it("lead to access in force only through a delivery that was accepted", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...grantActions)), (actions) => {
        let now: GrantState = "granted";
        let accepted = false;
        for (const action of actions) {
          const next = stateAfter(now, action);
          if (next === null) continue;
          accepted ||= action === "accept";
          now = next;
          if ((now === "active" || now === "suspended") && !accepted) return false;
        }
        return true;
      }),
    );
  });

  it("allow by hand only what they allow at all", () => {
    for (const side of ["receiver", "provider", "authority"] as const)
      for (const action of grantActions)
        for (const from of grantStates)
          expect(!mayAct(side, action, from) || stateAfter(from, action) !== null, `${side} ${action} ${from}`).toBe(
            true,
          );
  });
});

const scope: GrantScope = {
  state: "active",
  items: ["a", "b", "c"],
  region: "520102",
  from: "2026-11-01",
  to: "2027-10-31",
  callsPerDay: 100,
};
const within: DayOfUse = { day: "2026-12-01", calls: 100, rows: 5_000, items: ["a"], region: "520102" };

describe("excess of use", () => {
  it.each<[string, Partial<GrantScope>, Partial<DayOfUse>, readonly string[]]>([
    ["none: at the agreed volume, on the last day", {}, { day: "2027-10-31" }, []],
    ["none: nothing was used", { state: "suspended" }, { calls: 0, rows: 0, items: ["x"], day: "2030-01-01" }, []],
    ["none: while the delivery is tested", { state: "delivered" }, {}, []],
    [
      "none: no items are listed, no volume agreed, no end",
      { items: [], callsPerDay: null, to: null },
      { calls: 9_999, items: ["x"], day: "2030-01-01" },
      [],
    ],
    ["an item", {}, { items: ["a", "x"] }, ["itemNotGranted"]],
    ["volume", {}, { calls: 101 }, ["volume"]],
    ["before the period", {}, { day: "2026-10-31" }, ["period"]],
    ["after the period", {}, { day: "2027-11-01" }, ["period"]],
    ["another county", {}, { region: "520103" }, ["region"]],
    ["the whole city", {}, { region: "520100" }, ["region"]],
    ["a division that nobody knows", {}, { region: "999999" }, ["region"]],
    ["suspended", { state: "suspended" }, {}, ["notInForce"]],
    [
      "everything",
      { state: "ended" },
      { items: ["x"], calls: 101, day: "2030-01-01", region: "520103" },
      ["notInForce", "itemNotGranted", "volume", "period", "region"],
    ],
  ])("%s", (_name, granted, used, expected) => {
    expect(excessesOf({ ...scope, ...granted }, { ...within, ...used }, regions).map(({ type }) => type)).toEqual(
      expected,
    );
  });

  it("never vanishes when the scope is narrowed", () => {
    const items = fc.subarray(["a", "b", "c", "d"]);
    fc.assert(
      fc.property(items, items, fc.nat(200), fc.nat(200), (granted, used, calls, agreed) => {
        const use = { ...within, items: used, calls: calls + 1 };
        const wide = excessesOf({ ...scope, items: [...granted, "e"], callsPerDay: agreed + 1 }, use, regions);
        const narrow = excessesOf({ ...scope, items: [...granted.slice(1), "e"], callsPerDay: agreed }, use, regions);
        return wide.every(({ type }) => narrow.some((found) => found.type === type));
      }),
    );
  });
});

describe("the acceptance test", () => {
  const found: Found = {
    items: ["a", "b"],
    sampleChecked: true,
    testCall: "passed",
    rowCount: 10,
    fileHash: "ab12",
    errorPercent: 1,
  };
  const made = { items: ["a", "b"], rowCount: 10, fileHash: "AB 12" };
  it.each<[string, Partial<Found>, readonly string[]]>([
    ["passes what is as delivered, at the highest error rate", {}, []],
    [
      "does not compare what was not measured",
      { rowCount: null, fileHash: null, errorPercent: null, testCall: "none" },
      [],
    ],
    ["misses an item", { items: ["b", "z"] }, ["itemsMissing"]],
    ["wants samples to be checked", { sampleChecked: false }, ["sampleUnchecked"]],
    ["sees rows that lack", { rowCount: 9 }, ["rowCount"]],
    ["sees another file", { fileHash: "ab13" }, ["fileHash"]],
    ["sees too many errors", { errorPercent: 1.01 }, ["errors"]],
    ["sees a failed test call", { testCall: "failed" }, ["testCallFailed"]],
  ])("%s", (_name, changed, expected) => {
    expect(differencesOf(made, { ...found, ...changed }, 1).map(({ type }) => type)).toEqual(expected);
  });
});

describe("what has become of an approval", () => {
  it("is one thing at a time, and only an accepted delivery is ever called used or unused", () => {
    const optional = fc.option(instant, { nil: null });
    fc.assert(
      fc.property(state, optional, optional, optional, instant, (at, deliveredAt, acceptedAt, lastUsedAt, now) => {
        const reality = realityOf({ state: at, deliveredAt, acceptedAt, lastUsedAt }, now, rules.unusedDays);
        if (isOver(at)) return reality === "over";
        if (acceptedAt === null) return reality === (deliveredAt === null ? "notDelivered" : "notAccepted");
        return (
          ["fresh", "used", "idle", "unused"].includes(reality) &&
          (lastUsedAt === null) === ["fresh", "unused"].includes(reality)
        );
      }),
    );
  });

  it("turns from fresh to unused with the ninetieth day in China", () => {
    const facts = {
      state: "active" as const,
      deliveredAt: "2026-11-24T02:00:00.000Z",
      acceptedAt: "2026-11-24T02:00:00.000Z",
      lastUsedAt: null,
    };
    expect(realityOf(facts, "2027-02-21T15:59:59.999Z", 90)).toBe("fresh");
    expect(realityOf(facts, "2027-02-21T16:00:00.000Z", 90)).toBe("unused");
  });
});

describe("what a grant has due", () => {
  it("comes in order: notices, the look at its use, the end with the last moment of its last day", () => {
    const term = {
      state: "active" as const,
      endsOn: "2027-03-31",
      acceptedAt: "2026-11-24T02:00:00.000Z",
      firstUsedAt: null,
      endedAt: null,
      switchedOffAt: null,
    };
    expect(momentsOf(term, rules, weekdays).map(({ type, at }) => `${at} ${type}`)).toEqual([
      "2027-02-22T01:00:00.000Z unused",
      "2027-03-01T01:00:00.000Z notice",
      "2027-03-24T01:00:00.000Z notice",
      "2027-03-31T15:59:59.999Z end",
    ]);
    expect(
      momentsOf({ ...term, firstUsedAt: "2026-12-01T00:00:00.000Z" }, rules, weekdays).map(({ type }) => type),
    ).not.toContain("unused");
  });

  it("tells people on working days alone: a warning before a rest day, a check after it, the end at its instant", () => {
    const restDays = (...days: readonly string[]): WorkingDayCalendar => ({
      ...weekday,
      days: new Map(days.map((date) => [date, { date, kind: "holiday", name: "节日" }])),
    });
    const calendars = { receiver: restDays("2027-03-01"), provider: restDays("2027-04-05", "2027-04-06") };
    const term = {
      state: "active" as const,
      // A Saturday: 30 days before is Thursday, 7 days before the Saturday of the week before.
      endsOn: "2027-04-03",
      // The ninetieth day after it is Saturday, 27 February.
      acceptedAt: "2026-11-29T02:00:00.000Z",
      firstUsedAt: null,
      endedAt: null,
      switchedOffAt: null,
    };
    expect(momentsOf(term, rules, calendars).map(({ type, at }) => `${at} ${type}`)).toEqual([
      "2027-03-02T01:00:00.000Z unused",
      "2027-03-04T01:00:00.000Z notice",
      "2027-03-26T01:00:00.000Z notice",
      "2027-04-03T15:59:59.999Z end",
    ]);
    const over = { ...term, state: "ended" as const, endedAt: "2027-04-01T15:59:59.999Z" };
    expect(momentsOf(over, rules, calendars)).toEqual([{ type: "switchOff", at: "2027-04-07T01:00:00.000Z" }]);
  });

  it("is the switch-off once it is over, after the days that the provider has, where data were delivered", () => {
    const over = {
      state: "ended" as const,
      endsOn: "2027-03-31",
      acceptedAt: "2026-11-24T02:00:00.000Z",
      firstUsedAt: null,
      endedAt: "2027-03-31T15:59:59.999Z",
      switchedOffAt: null,
    };
    expect(momentsOf(over, rules, weekdays)).toEqual([{ type: "switchOff", at: "2027-04-05T01:00:00.000Z" }]);
    expect(momentsOf({ ...over, switchedOffAt: "2027-04-01T02:00:00.000Z" }, rules, weekdays)).toEqual([]);
    expect(momentsOf({ ...over, acceptedAt: null }, rules, weekdays)).toEqual([]);
  });

  it("is nothing more once it is over, and a missed end at once", () => {
    fc.assert(
      fc.property(state, day, instant, (at, endsOn, now) => {
        const next = nextMoment(
          { state: at, endsOn, acceptedAt: null, firstUsedAt: null, endedAt: null, switchedOffAt: null },
          { rules, calendars: weekdays },
          now,
        );
        if (isOver(at)) return next === null;
        return next !== null && (next.at > now || next.type === "end");
      }),
    );
  });
});
