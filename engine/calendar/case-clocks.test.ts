import { describe, expect, it } from "vitest";
import { at, Case, decisionOf, limit } from "../../test/support/case-clocks.ts";
import type { InstanceState } from "../execution/state.ts";
import { processToken } from "./case-clocks.ts";

describe("a clock of a case", () => {
  it("starts with its step and is met when the step is done", () => {
    const one = new Case().enter("2026-11-02");
    expect(one.clock).toMatchObject({
      id: "c1",
      element: "s",
      organisation: { id: "o", region: "520102", level: "county" },
      tokens: ["t1"],
      awaiting: false,
      pauses: [],
      entries: 1,
      resolved: { code: "L.REVIEW" },
    });
    expect([one.due, one.told, one.changes[0]?.dueBefore]).toEqual(["2026-11-09", ["clock.started"], null]);
    one.leave("2026-11-04");
    expect(one.clock).toMatchObject({ tokens: [], ledger: { state: "met", stoppedAt: at("2026-11-04") } });
    expect(one.changes).toMatchObject([{ type: "clock.stopped", dueBefore: "2026-11-09T15:59:59.999Z" }]);
  });

  it("is stopped, not met, when its step is cancelled", () => {
    expect(new Case().enter("2026-11-02").leave("2026-11-03", null, "t1", "cancelled").clock.ledger.state).toBe(
      "stopped",
    );
  });

  it.each([
    ["limit.started", { type: "limit.started", token: "t1", decision: { ...decisionOf(), limit: null } }],
    ["process.started", { type: "process.started", decision: { ...decisionOf(), limit: null } }],
    ["process.started with no decision", { type: "process.started", decision: null }],
    ["anything else", { type: "task.created", wait: "w1" }],
  ])("does not start by %s that has no limit", (_what, body) => {
    expect(new Case().tell("2026-11-02", body).clocks).toEqual([]);
  });

  it("runs from end to end for the process itself, and ends with it", () => {
    const one = new Case().tell("2026-11-02", { type: "process.started", element: "p", decision: decisionOf() });
    expect(one.clock).toMatchObject({ element: "p", tokens: [processToken] });
    one.tell("2026-11-04", { type: "process.completed" });
    expect(one.clock).toMatchObject({ tokens: [processToken], ledger: { state: "met" } });
    expect(one.tell("2026-11-05", { type: "process.cancelled" }).changes).toEqual([]);
  });

  it.each([
    ["process.completed", "met"],
    ["process.terminated", "stopped"],
    ["process.cancelled", "stopped"],
  ])("ends when the case does (%s: %s)", (type, state) => {
    const one = new Case().enter("2026-11-02").pause("2026-11-03", "dispute").tell("2026-11-04", { type });
    expect(one.clock).toMatchObject({ tokens: [], awaiting: false, pauses: [], ledger: { state } });
  });

  it("is one for all who sign under it, and ends with the last of them", () => {
    const one = new Case().enter("2026-11-02").enter("2026-11-03", "t2");
    expect([one.clocks.length, one.clock.tokens, one.told]).toEqual([1, ["t1", "t2"], ["clock.kept"]]);
    expect(one.enter("2026-11-03", "t2").changes).toEqual([]);
    one.leave("2026-11-04");
    expect([one.clock.tokens, one.clock.ledger.state, one.told]).toEqual([["t2"], "running", ["clock.kept"]]);
    expect(one.leave("2026-11-05", "agree", "t2").clock.ledger.state).toBe("met");
  });

  it.each([
    ["step", "t2", {}, { element: "other" }],
    ["limit", "t2", { code: "L.OTHER" }, {}],
    ["organisation", "t2", {}, { decision: decisionOf({}, "o2") }],
  ])("is another one for another %s", (_what, token, changed, more) => {
    const one = new Case().enter("2026-11-02").enter("2026-11-03", token, changed, more);
    expect(one.clocks.map(({ id, tokens }) => [id, ...tokens])).toEqual([
      ["c1", "t1"],
      ["c2", "t2"],
    ]);
  });

  it("is left when its token comes under another limit", () => {
    const one = new Case().enter("2026-11-02").enter("2026-11-03", "t2").enter("2026-11-04", "t1", { code: "L.OTHER" });
    expect(one.clocks.map(({ tokens, ledger }) => [...tokens, ledger.state])).toEqual([
      ["t2", "running"],
      ["t1", "running"],
    ]);
    one.enter("2026-11-05", "t2", { code: "L.OTHER" });
    expect(one.clocks.map(({ tokens, ledger }) => [...tokens, ledger.state])).toEqual([
      ["stopped"],
      ["t1", "t2", "running"],
    ]);
    expect(one.told).toEqual(["clock.stopped", "clock.kept"]);
  });

  it("knows its limit by its step where another version names it otherwise", () => {
    const one = new Case().enter("2026-11-02");
    expect(
      one.tell("2026-11-03", { type: "limit.stopped", token: "t1", limit: "L.NEW", how: "completed", outcome: null })
        .clock.ledger.state,
    ).toBe("met");
    const other = new Case().enter("2026-11-02");
    other.tell("2026-11-03", {
      type: "limit.stopped",
      token: "t9",
      limit: limit.code,
      how: "completed",
      outcome: null,
    });
    other.tell("2026-11-03", {
      type: "limit.stopped",
      element: "x",
      token: "t1",
      limit: "L.NEW",
      how: "completed",
      outcome: null,
    });
    expect([other.clock.ledger.state, other.changes]).toEqual(["running", []]);
  });

  it("is known by its limit where another version names its step otherwise", () => {
    const done = { type: "limit.stopped", element: "renamed", token: "t1", limit: limit.code, how: "completed" };
    expect(new Case().enter("2026-11-02").tell("2026-11-03", { ...done, outcome: null }).clock.ledger.state).toBe(
      "met",
    );
  });

  it("goes by the new name of its step after a migration", () => {
    const one = new Case()
      .enter("2026-11-02")
      .tell("2026-11-03", { type: "process.migrated", elements: { s: "s2", x: "y" } });
    expect([one.clock.element, one.told]).toEqual(["s2", ["clock.kept"]]);
    expect(one.tell("2026-11-03", { type: "process.migrated", elements: { x: "y" } }).changes).toEqual([]);
  });

  it("stops when its tokens are gone, but for that of the process", () => {
    const tokens = { t2: {} };
    const state = { tokens, scopes: {} } as unknown as InstanceState;
    const one = new Case()
      .tell("2026-11-02", { type: "process.started", element: "p", decision: decisionOf({ code: "L.E2E" }) })
      .enter("2026-11-02")
      .enter("2026-11-02", "t2", { code: "L.OTHER" });
    one.tell("2026-11-03", { type: "process.migrated", elements: {} }, state);
    expect(one.clocks.map(({ ledger }) => ledger.state)).toEqual(["running", "stopped", "running"]);
  });
});

describe("a clock that rests", () => {
  it("counts nothing while a reason lasts that its limit excludes", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-04", "dispute");
    expect([one.due, one.told, one.clock.pauses]).toEqual([
      null,
      ["clock.paused dispute"],
      [{ reason: "dispute", by: "p" }],
    ]);
    expect(one.clock.ledger.pauseReason).toBe("dispute");
    one.resume("2026-11-16", "dispute");
    expect([one.due, one.told, one.clock.pauses]).toEqual(["2026-11-20", ["clock.resumed dispute"], []]);
  });

  it("runs on for any other reason", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-04", "consultation");
    expect([one.due, one.changes]).toEqual(["2026-11-09", []]);
  });

  it("goes on only when the last reason has ended", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-04", "dispute");
    expect(one.pause("2026-11-04", "dispute").changes).toEqual([]);
    expect(one.pause("2026-11-05", "suspended", "q").told).toEqual(["clock.kept"]);
    expect(one.pause("2026-11-05", "dispute", "q").clock.pauses).toHaveLength(3);
    one.resume("2026-11-06", "dispute");
    expect([one.due, one.told, one.clock.ledger.pauseReason]).toEqual([null, ["clock.kept"], "suspended"]);
    expect(one.resume("2026-11-06", "suspended", "other").changes).toEqual([]);
    one.resume("2026-11-06", "suspended", "q");
    expect([one.due, one.clock.ledger.pauseReason]).toEqual([null, "dispute"]);
    expect(one.resume("2026-11-16", "dispute", "q").due).toBe("2026-11-20");
  });

  it("rests while the whole case is suspended", () => {
    const one = new Case().enter("2026-11-02").tell("2026-11-04", { type: "process.suspended", reason: "audit" });
    expect(one.clock.pauses).toEqual([{ reason: "suspended", by: processToken }]);
    expect(one.tell("2026-11-16", { type: "process.resumed" }).due).toBe("2026-11-20");
  });

  it("rests from its start when the case rests already, once for each reason", () => {
    const one = new Case()
      .enter("2026-11-02")
      .enter("2026-11-02", "t2", { code: "L.B" })
      .pause("2026-11-03", "dispute")
      .pause("2026-11-03", "suspended")
      .enter("2026-11-04", "t3", { code: "L.C", excludes: ["dispute"] });
    expect(one.told).toEqual(["clock.started", "clock.paused dispute"]);
    expect(one.clocks[2]).toMatchObject({ pauses: [{ reason: "dispute", by: "p" }], ledger: { state: "paused" } });
    one.resume("2026-11-05", "dispute");
    expect(one.clocks.map(({ ledger }) => ledger.state)).toEqual(["paused", "paused", "running"]);
  });

  it("does not rest from its start because of a clock that has stopped", () => {
    const one = new Case().enter("2026-11-02").leave("2026-11-03").pause("2026-11-03", "dispute");
    expect(one.clock.pauses).toEqual([]);
    expect(one.enter("2026-11-04", "t2", { code: "L.B" }).clocks[1]).toMatchObject({
      pauses: [],
      ledger: { state: "running" },
    });
  });

  it("is broken before it rests when it ran out unseen", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-12", "dispute");
    expect(one.told).toEqual(["clock.breached", "clock.kept"]);
    expect(one.clock.ledger).toMatchObject({ state: "breached", breachedAt: "2026-11-09T15:59:59.999Z" });
    one.resume("2026-11-13", "dispute");
    expect([one.told, one.clock.pauses, one.clock.ledger.state]).toEqual([["clock.kept"], [], "breached"]);
  });

  it("is broken once, however many reasons to rest come after", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-12", "dispute").pause("2026-11-13", "suspended");
    expect([one.told, one.clock.pauses.length]).toEqual([["clock.kept"], 2]);
  });

  it("is not yet broken at the very moment at which it is due", () => {
    const one = new Case().enter("2026-11-02", "t1", { unit: "hour", value: 24 }).pause("2026-11-03", "dispute");
    expect(one.told).toEqual(["clock.paused dispute"]);
  });

  it("is not touched when a reason ends that it does not rest for, of whoever brought another", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-03", "dispute");
    expect(one.resume("2026-11-04", "suspended").changes).toEqual([]);
  });

  it("rests from its start for every reason and everyone who brought one", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-03", "dispute").pause("2026-11-03", "suspended");
    one.pause("2026-11-03", "dispute", "q").enter("2026-11-04", "t2", { code: "L.B" });
    expect(one.clocks[1]?.pauses).toEqual([
      { reason: "dispute", by: "p" },
      { reason: "suspended", by: "p" },
      { reason: "dispute", by: "q" },
    ]);
  });

  it("does not rest for what another step alone waits for", () => {
    const one = new Case().enter("2026-11-02").enter("2026-11-02", "t2", { code: "L.B" });
    one.leave("2026-11-04", "supplement").enter("2026-11-05", "t3", { code: "L.C" });
    expect(one.clocks.map(({ ledger }) => ledger.state)).toEqual(["paused", "running", "running"]);
    expect(one.enter("2026-11-16", "t4").clocks.map(({ ledger }) => ledger.state)).toEqual([
      "running",
      "running",
      "running",
    ]);
  });
});
