import { describe, expect, it } from "vitest";
import { deemedEffect, isDeemed } from "./deemed-effect.ts";

const facts = (personalInfo: unknown, grade: unknown) => ({ request: { personalInfo }, resource: { grade } }) as never;
const notAsked = () => {
  throw new Error("the facts of the case make no difference here");
};

describe("silence when a limit runs out", () => {
  it("decides nothing where the rules only escalate", () => {
    expect(deemedEffect({ onTimeout: "escalate" }, notAsked)).toEqual({ type: "none" });
  });

  it("refuses where the rules say so, whatever the case is about", () => {
    expect(deemedEffect({ onTimeout: "deemedRefusal" }, notAsked)).toEqual({
      type: "deemed",
      outcome: "deemedRefusal",
    });
  });

  it.each([
    ["data of grade 1 without personal information", facts("none", 1), { type: "deemed", outcome: "deemedGrant" }],
    ["data of grade 2", facts("none", 2), { type: "deemed", outcome: "deemedGrant" }],
    ["data of grade 3", facts("none", 3), { type: "forbidden", reason: "grade" }],
    ["personal information", facts("general", 1), { type: "forbidden", reason: "personalInfo" }],
    ["a case that does not say whether it has any", facts(null, 1), { type: "forbidden", reason: "factsMissing" }],
    ["a case that does not tell the grade", facts("none", "1"), { type: "forbidden", reason: "factsMissing" }],
    [
      "a case that is told without the two",
      { request: {}, resource: {} },
      { type: "forbidden", reason: "factsMissing" },
    ],
    ["a case that is about nothing", { request: null, resource: null }, { type: "forbidden", reason: "factsMissing" }],
    [
      "personal information, whatever else is told before it",
      { request: { purpose: "none", personalInfo: "general" }, resource: { year: 1, grade: 1 } },
      { type: "forbidden", reason: "personalInfo" },
    ],
    ["a case that tells nothing", {}, { type: "forbidden", reason: "factsMissing" }],
  ])("grants, where the rules say so: %s", (_what, variables, effect) => {
    expect(deemedEffect({ onTimeout: "deemedGrant" }, () => variables)).toEqual(effect);
  });
});

describe("an outcome", () => {
  it("is one of silence alone, or one that people choose", () => {
    expect(["deemedGrant", "deemedRefusal", "agree", ""].map(isDeemed)).toEqual([true, true, false, false]);
  });
});
