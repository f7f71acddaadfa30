import { describe, expect, it } from "vitest";
import { nextMilestone, searchedAfter } from "./use-milestones.ts";

/** Every milestone of a term, one after the other. */
function allOf(openedOn: string, endsOn: string | null, most: number): string[] {
  const found: string[] = [];
  for (let after = openedOn; found.length < most;) {
    const { kind, on } = nextMilestone({ openedOn, endsOn }, after, { unusedDays: 90, renewalDays: 30 });
    found.push(`${on} ${kind}`);
    if (kind === "none") break;
    after = on;
  }
  return found;
}

describe("milestones of use", () => {
  it("come in order: checks every ninety days, reports, renewal thirty days before the end, then none", () => {
    expect(allOf("2026-11-24", "2027-11-23", 20)).toEqual([
      "2027-02-01 report",
      "2027-02-22 unused",
      "2027-05-23 unused",
      "2027-05-25 report",
      "2027-08-21 unused",
      "2027-10-24 renewal",
      "2027-11-19 unused",
      "2027-11-24 none",
    ]);
  });

  it("have neither mid-term nor renewal where a grant has no end", () => {
    expect(allOf("2026-11-24", null, 4)).toEqual([
      "2027-02-01 report",
      "2027-02-22 unused",
      "2027-05-23 unused",
      "2027-08-21 unused",
    ]);
  });

  it("ask about renewal in a term of thirty days or less no more: it ends", () => {
    expect(allOf("2026-11-24", "2026-12-10", 4)).toEqual(["2026-12-02 report", "2026-12-11 none"]);
  });

  it("are looked for again until they have come, from today at the latest", () => {
    expect(searchedAfter("2027-02-01", "2027-02-01", true)).toBe("2027-02-01");
    expect(searchedAfter("2027-02-01", "2027-02-01", false)).toBe("2027-01-31");
    expect(searchedAfter("2027-02-22", "2027-02-01", false)).toBe("2027-02-01");
  });
});
