import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadContent, type Content } from "../content/load-content.ts";
import { packageRoot } from "../content/package-root.ts";
import { outcomeTerms, readTerms, roleTerms } from "./outcomes.ts";

let content: Content;
beforeAll(async () => {
  content = await loadContent(join(packageRoot(), "processes"));
});

describe("the words of outcomes and roles that are shipped", () => {
  it("name every outcome that a shipped process draws, and every role that somebody holds", () => {
    const drawn = content.processes.flatMap(({ files }) =>
      [...files.values()].flatMap((xml) =>
        [...xml.matchAll(/jieli:outcomes="([^"]*)"/g)].flatMap(([, listed]) => (listed ?? "").split(" ")),
      ),
    );
    expect(drawn.length).toBeGreaterThan(100);
    expect([...new Set(drawn)].filter((code) => code !== "" && !outcomeTerms[code])).toEqual([]);
    const held = content.users.flatMap(({ posts }) => posts.flatMap(({ roles }) => roles));
    expect([...new Set(held)].filter((role) => !roleTerms[role])).toEqual([]);
  });

  it("bind outcomes to reasons that the rule packs have", () => {
    const known = new Set(content.rulePacks.flatMap(({ reasonCodes }) => reasonCodes.map(({ code }) => code)));
    const bound = Object.values(outcomeTerms).flatMap(({ reasonCodes }) => reasonCodes ?? []);
    expect(bound).toEqual(["R1", "R2", "R7"]);
    expect(bound.filter((code) => !known.has(code))).toEqual([]);
  });
});

describe("the file of words", () => {
  const words = { zh: "同意", en: "Approve" };
  const read =
    (outcome: object, roles: object = {}) =>
    () =>
      readTerms(JSON.stringify({ outcomes: { approve: outcome }, roles }), "terms.json");

  it("is taken as a place writes it", () => {
    const own = { label: { zh: "准予", en: "Grant leave" }, tone: "positive" };
    expect(read(own, { "applicant-clerk": words })()).toEqual({
      outcomes: { approve: own },
      roles: { "applicant-clerk": words },
    });
  });

  it.each([
    [
      "a language missing",
      { label: { zh: "同意" }, tone: "positive" },
      /terms\.json.*\n.*outcomes\.approve\.label\.en/s,
    ],
    ["no words", { label: { zh: "", en: "Approve" }, tone: "positive" }, /outcomes\.approve\.label\.zh/],
    ["an unknown tone", { label: words, tone: "good" }, /outcomes\.approve\.tone/],
    ["a misspelt key", { label: words, tone: "positive", needOpinion: true }, /needOpinion/],
    [
      "reasons without the duty to give one",
      { label: words, tone: "negative", reasonCodes: ["R1"], reasonBasis: words },
      /reasonCodes without needsReasonCode/,
    ],
    [
      "reasons without their basis",
      { label: words, tone: "negative", needsReasonCode: true, reasonCodes: ["R1"] },
      /belong together/,
    ],
  ])("is refused with %s, by its name and the place", (_, outcome, fault) => {
    expect(read(outcome)).toThrow(fault);
  });
});
