import { describe, expect, it } from "vitest";
import { firstFiring, nextFiring, parseRepetition } from "./repetition.ts";

const monday = "2026-01-05T01:00:00.000Z";

/** Firings of a timer that is armed at `now`, at most `count`. */
function firings(text: string, count: number, now = monday): string[] {
  const repetition = parseRepetition(text);
  if (!repetition) throw new Error(`${text} is no repetition`);
  const found: string[] = [];
  for (
    let due = firstFiring(repetition, now);
    due !== null && found.length < count;
    due = nextFiring(repetition.every, repetition.end, due)
  )
    found.push(due);
  return found;
}

describe("repeating intervals of ISO 8601", () => {
  it("counts distances from the moment of arming, or from a given start", () => {
    expect(firings("R3/PT1H", 2)).toEqual(["2026-01-05T02:00:00.000Z", "2026-01-05T03:00:00.000Z"]);
    expect(firings("R/2026-02-01T00:00:00Z/P1D", 2)).toEqual(["2026-02-01T00:00:00.000Z", "2026-02-02T00:00:00.000Z"]);
  });

  it("stops at its end, which is itself a firing", () => {
    expect(firings("R/PT1H/2026-01-05T03:00:00Z", 9)).toEqual(["2026-01-05T02:00:00.000Z", "2026-01-05T03:00:00.000Z"]);
    expect(firings("R/PT1H/2026-01-05T01:30:00Z", 9)).toEqual([]);
  });

  it("takes the distance between two instants", () => {
    expect(firings("R/2026-01-06T00:00:00Z/2026-01-06T06:00:00Z", 3)).toEqual([
      "2026-01-06T00:00:00.000Z",
      "2026-01-06T06:00:00.000Z",
      "2026-01-06T12:00:00.000Z",
    ]);
  });

  it("keeps how often it repeats", () => {
    expect(parseRepetition("R3/PT1H")).toEqual({ times: 3, start: null, end: null, every: "PT1H" });
    expect(parseRepetition("R/PT1H")?.times).toBe("unbounded");
    expect(parseRepetition("R0/PT1H")?.times).toBe(0);
  });

  it("never fires at the distance of nothing, which would never end", () => {
    expect(firings("R/PT0S", 9)).toEqual([]);
  });

  it.each([
    ["R3"],
    ["PT1H"],
    ["R3/tomorrow"],
    ["R/PT1H/PT2H"],
    ["R/2026-01-02T00:00:00Z/2026-01-01T00:00:00Z"],
    ["R/a/b/c"],
    ["Rx/PT1H"],
    ["R1/2026-01-02T00:00:00Z"],
    [""],
  ])("is not %s", (text) => {
    expect(parseRepetition(text)).toBeNull();
  });
});

describe("cron text", () => {
  it("is read in China Standard Time, whatever the host's zone", () => {
    // Monday 09:00 in China has just passed; the next working morning is Tuesday's.
    expect(firings("0 9 * * 1-5", 5)).toEqual([
      "2026-01-06T01:00:00.000Z",
      "2026-01-07T01:00:00.000Z",
      "2026-01-08T01:00:00.000Z",
      "2026-01-09T01:00:00.000Z",
      "2026-01-12T01:00:00.000Z",
    ]);
    expect(firings("30 0 1 * *", 1)).toEqual(["2026-01-31T16:30:00.000Z"]);
  });

  it.each([["0 9 * *"], ["0 0 9 * * 1-5"], ["61 9 * * *"], ["a b c d e"], ["0 9 31 2 *"]])("is not %s", (text) => {
    expect(parseRepetition(text)).toBeNull();
  });
});
