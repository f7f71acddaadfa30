import { describe, expect, it } from "vitest";
import { nationalCalendar } from "../../test/support/calendar.ts";
import { at, Case, limit } from "../../test/support/case-clocks.ts";
import type { InstanceState } from "../execution/state.ts";
import type { ResolvedLimit } from "../routing/types.ts";
import { localDate } from "./dates.ts";
import { dueIfResumed } from "./due-if-resumed.ts";
import { clockAround, clockFor } from "./case-clocks.ts";

describe("a step that the applicant must supplement", () => {
  it("waits for it, and begins anew where the rules say so", () => {
    const one = new Case().enter("2026-11-02").leave("2026-11-04", "supplement");
    expect(one.told).toEqual(["clock.kept", "clock.paused supplement"]);
    expect(one.clock).toMatchObject({ tokens: [], awaiting: true, pauses: [{ reason: "supplement", by: "c1" }] });
    one.enter("2026-11-16", "t2");
    expect(one.told).toEqual(["clock.restarted supplement"]);
    expect(one.clock).toMatchObject({
      tokens: ["t2"],
      awaiting: false,
      entries: 2,
      pauses: [],
      ledger: { round: 2, used: 0 },
    });
    expect(one.due).toBe("2026-11-23");
  });

  it("goes on where the rules say so", () => {
    const one = new Case()
      .enter("2026-11-02", "t1", { onSupplement: "resume" })
      .leave("2026-11-04", "supplement")
      .enter("2026-11-16", "t2");
    expect([one.told, one.due, one.clock.ledger.round]).toEqual([["clock.resumed supplement"], "2026-11-20", 1]);
  });

  it("runs on meanwhile where the rules say so", () => {
    const one = new Case().enter("2026-11-02", "t1", { onSupplement: "none" }).leave("2026-11-04", "supplement");
    expect([one.told, one.due, one.clock.awaiting]).toEqual([["clock.kept"], "2026-11-09", true]);
    one.enter("2026-11-05", "t2");
    expect([one.told, one.due, one.clock.awaiting, one.clock.entries]).toEqual([
      ["clock.kept"],
      "2026-11-09",
      false,
      2,
    ]);
  });

  it("rests though its limit names no reason to rest, as the rule for supplements alone decides", () => {
    const one = new Case().enter("2026-11-02", "t1", { excludes: [] }).leave("2026-11-04", "supplement");
    expect(one.told).toEqual(["clock.kept", "clock.paused supplement"]);
  });

  it("is not awaited when it is cancelled, or left with another outcome", () => {
    expect(new Case().enter("2026-11-02").leave("2026-11-04", "supplement", "t1", "cancelled").clock.awaiting).toBe(
      false,
    );
    expect(new Case().enter("2026-11-02").leave("2026-11-04", "agree").clock.awaiting).toBe(false);
  });

  it("begins anew when the supplement comes while it rests for another reason, too", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-03", "dispute", "q");
    one.pause("2026-11-04", "supplement", "r").resume("2026-11-16", "supplement", "r");
    expect([one.told, one.due]).toEqual([["clock.restarted supplement", "clock.paused dispute"], null]);
    expect(one.clock.pauses).toEqual([{ reason: "dispute", by: "q" }]);
    expect(one.resume("2026-11-18", "dispute", "q").due).toBe("2026-11-25");
  });

  it("rests on when it comes back into a case that rests for another reason", () => {
    const one = new Case()
      .enter("2026-11-02")
      .pause("2026-11-03", "dispute")
      .leave("2026-11-04", "supplement")
      .enter("2026-11-16", "t2");
    expect([one.told, one.due]).toEqual([["clock.restarted supplement", "clock.paused dispute"], null]);
    expect(one.resume("2026-11-18", "dispute").due).toBe("2026-11-25");
  });

  it("begins anew when an activity that paused the case for it is done", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-04", "supplement");
    expect(one.clock.awaiting).toBe(false);
    one.resume("2026-11-16", "supplement");
    expect([one.told, one.due]).toEqual([["clock.restarted supplement"], "2026-11-23"]);
    const goesOn = new Case()
      .enter("2026-11-02", "t1", { onSupplement: "resume" })
      .pause("2026-11-04", "supplement")
      .resume("2026-11-16", "supplement");
    expect([goesOn.told, goesOn.due]).toEqual([["clock.resumed supplement"], "2026-11-20"]);
  });
});

describe("a step that a person leaves to send the case back for a supplement", () => {
  /** Four steps by limit: one was done and one left before, one is left with the return, one stays at work. */
  const sentBack = (supplement: boolean, changed: Partial<ResolvedLimit> = {}) => {
    const one = new Case().enter("2026-11-02", "t1", changed);
    for (const token of ["early", "done", "stays"]) one.enter("2026-11-02", token, { code: token });
    const stop = (date: string, token: string, how: string) =>
      one.tell(date, { type: "limit.stopped", token, limit: token, how, outcome: null });
    stop("2026-11-03", "early", "cancelled");
    stop("2026-11-04", "done", "completed");
    return one.leave("2026-11-04", null, "t1", "cancelled").tell("2026-11-04", { type: "tokens.moved", supplement });
  };

  it("is awaited, and none that was done, left before or is still at work", () => {
    const one = sentBack(true);
    expect([one.told, one.clocks.map(({ awaiting }) => awaiting)]).toEqual([
      ["clock.kept"],
      [true, false, false, false],
    ]);
    expect(one.enter("2026-11-16", "t2").told).toEqual(["clock.restarted supplement"]);
  });

  it("goes on with what was used where the limit does not rest for a supplement", () => {
    const one = sentBack(true, { onSupplement: "none" }).enter("2026-11-16", "t2");
    expect([one.told, one.due, one.clock.ledger.state]).toEqual([
      ["clock.resumed supplement"],
      "2026-11-20",
      "running",
    ]);
  });

  it("is entered again as after any other return where no supplement is asked for", () => {
    const one = sentBack(false);
    expect(one.changes).toEqual([]);
    expect(one.enter("2026-11-16", "t2").told).toEqual(["clock.reopened return"]);
  });
});

describe("what a resting clock would be due", () => {
  const foretold = (one: Case, day: string) => localDate(dueIfResumed(one.clock, nationalCalendar, at(day)) ?? "");

  it("is what it becomes when it goes on that day", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-04", "dispute");
    expect(foretold(one, "2026-11-16")).toBe("2026-11-20");
    expect(one.resume("2026-11-16", "dispute").due).toBe("2026-11-20");
    expect(dueIfResumed(one.clock, nationalCalendar, at("2026-11-16"))).toBeNull();
  });

  it("is what the rule for supplements gives where one is awaited beside another reason", () => {
    const one = new Case().enter("2026-11-02").pause("2026-11-04", "dispute").pause("2026-11-04", "supplement");
    expect([one.clock.ledger.pauseReason, foretold(one, "2026-11-16")]).toEqual(["dispute", "2026-11-23"]);
  });

  it("is what the rule for supplements gives where one is awaited", () => {
    const one = new Case().enter("2026-11-02").leave("2026-11-04", "supplement");
    expect(foretold(one, "2026-11-16")).toBe("2026-11-23");
  });
});

describe("a step that is entered again after it was left", () => {
  const left = (changed: Partial<ResolvedLimit> = {}) =>
    new Case().enter("2026-11-02", "t1", changed).leave("2026-11-04");

  it("goes on with the clock that it had", () => {
    const one = left().enter("2026-11-16", "t2");
    expect([one.clocks.length, one.told, one.due, one.clock.entries]).toEqual([
      1,
      ["clock.reopened return"],
      "2026-11-20",
      2,
    ]);
    expect(one.clock.tokens).toEqual(["t2"]);
  });

  it("begins anew where the rules say so", () => {
    const one = left().enter("2026-11-16", "t2", { onReturn: "restart" });
    expect([one.told, one.due, one.clock.ledger.round]).toEqual([["clock.restarted return"], "2026-11-23", 2]);
  });

  it("owes the limit as it is resolved now, on the calendar that it began with", () => {
    const one = left().enter("2026-11-16", "t2", { value: 7, calendarRegion: "522600" });
    expect(one.due).toBe("2026-11-24");
    expect(one.clock.resolved).toMatchObject({ value: 7, calendarRegion: "000000" });
  });

  it("rests when the case does", () => {
    const one = new Case()
      .enter("2026-11-02")
      .enter("2026-11-02", "t2", { code: "L.B" })
      .leave("2026-11-04")
      .pause("2026-11-05", "dispute")
      .enter("2026-11-16", "t3");
    expect([one.told, one.due]).toEqual([["clock.reopened return", "clock.paused dispute"], null]);
  });
});

describe("the clock of a timer", () => {
  const state = {
    tokens: { host: { scope: "s1" }, inner: { scope: "s2" }, alone: { scope: "s1" } },
    scopes: { s1: { host: null }, s2: { host: "host" } },
  } as unknown as InstanceState;
  const two = () => new Case().enter("2026-11-02", "host").enter("2026-11-02", "other", {}, { element: "x" });

  it("is that of its own step, or of what encloses it", () => {
    const { clocks } = two();
    expect(clockFor(clocks, limit.code, { state, token: "host" })?.id).toBe("c1");
    expect(clockFor(clocks, limit.code, { state, token: "inner" })?.id).toBe("c1");
    expect(clockAround(clocks, state, "inner")?.id).toBe("c1");
    expect(clockAround(clocks, state, "alone")).toBeNull();
    expect(clockAround(clocks, state, "gone")).toBeNull();
  });

  it("is else the latest that is open for the limit", () => {
    const one = two();
    expect(clockFor(one.clocks, limit.code, { state, token: "alone" })?.id).toBe("c2");
    expect(clockFor(one.clocks, limit.code, null)?.id).toBe("c2");
    one.tell("2026-11-03", {
      type: "limit.stopped",
      element: "x",
      token: "other",
      limit: limit.code,
      how: "completed",
      outcome: null,
    });
    expect(clockFor(one.clocks, limit.code, null)?.id).toBe("c1");
    expect(clockFor(one.clocks, "L.NONE", null)).toBeNull();
    expect(clockAround(one.leave("2026-11-03", null, "host").clocks, state, "inner")).toBeNull();
  });

  it("is of the wanted limit, also where the step owes another one", () => {
    const one = new Case()
      .enter("2026-11-02", "host", { code: "L.OTHER" })
      .enter("2026-11-02", "far", {}, { element: "x" });
    expect(clockFor(one.clocks, limit.code, { state, token: "host" })?.id).toBe("c2");
    expect(clockAround(one.clocks, state, "host")?.id).toBe("c1");
  });
});
