import { describe, expect, it } from "vitest";
import { addDuration, parseDuration, parseInstant } from "./iso-8601.ts";

const add = (instant: string, text: string) => {
  const duration = parseDuration(text);
  if (!duration) throw new Error(`${text} is no duration`);
  return addDuration(instant, duration);
};

describe("ISO 8601 in China Standard Time", () => {
  it.each([
    ["2026-01-05T01:00:00.000Z", "PT26H", "2026-01-06T03:00:00.000Z"],
    ["2026-01-05T01:00:00.000Z", "P2W", "2026-01-19T01:00:00.000Z"],
    // 31 January in China, although still 30 January in UTC.
    ["2027-01-30T17:00:00.000Z", "P1M", "2027-02-27T17:00:00.000Z"],
    ["2028-02-28T16:00:00.000Z", "P1Y", "2029-02-27T16:00:00.000Z"],
    ["2026-01-05T01:00:00.000Z", "PT0.5S", "2026-01-05T01:00:00.500Z"],
  ])("%s plus %s is %s", (instant, duration, expected) => {
    expect(add(instant, duration)).toBe(expected);
  });

  it.each(["P", "PT", "1D", "P1H", "PT1D", "P-1D", ""])("“%s” is no duration", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it("reads a date without offset in +08:00", () => {
    expect(parseInstant("2026-10-01")).toBe("2026-09-30T16:00:00.000Z");
    expect(parseInstant("2026-10-01T09:00")).toBe("2026-10-01T01:00:00.000Z");
    expect(parseInstant("2026-10-01T09:00:00+09:00")).toBe("2026-10-01T00:00:00.000Z");
    expect(parseInstant("next week")).toBeNull();
  });
});
