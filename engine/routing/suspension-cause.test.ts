import { describe, expect, it } from "vitest";
import { suspensionCausesOf, type SuspensionCause } from "./suspension-cause.ts";

const cause = (code: string, rests: SuspensionCause["rests"], allowed = true): SuspensionCause => ({
  code,
  name: { zh: code, en: code },
  rests,
  allowed,
  rules: [],
  source: { title: "测试", documentNumber: null, article: null, url: null, grade: "P" },
  verified: false,
});
const country = { suspensionCauses: [cause("dispute", "dispute"), cause("internal", null)] };
const chain = ["522601", "522600", "520000", "000000"];
const told = (packs: Readonly<Record<string, { readonly suspensionCauses: readonly SuspensionCause[] }>>) =>
  suspensionCausesOf(chain, new Map(Object.entries(packs))).map(({ code, rests, allowed }) => [code, rests, allowed]);

describe("causes of suspension", () => {
  it("are those of the country where no pack below says anything", () => {
    expect(told({ "000000": country, "520000": { suspensionCauses: [] } })).toEqual([
      ["dispute", "dispute", true],
      ["internal", null, true],
    ]);
  });

  it("are narrowed below: forbidden, or with clocks that run on", () => {
    const city = { suspensionCauses: [cause("dispute", null), cause("internal", null, false)] };
    expect(told({ "000000": country, "522600": city })).toEqual([
      ["dispute", null, true],
      ["internal", null, false],
    ]);
  });

  it("never let a clock rest that runs above, and are never allowed again", () => {
    const city = { suspensionCauses: [cause("dispute", null), cause("internal", null, false)] };
    const county = {
      suspensionCauses: [cause("dispute", "dispute"), cause("internal", "suspended"), cause("flood", "forceMajeure")],
    };
    expect(told({ "000000": country, "522600": city, "522601": county })).toEqual([
      ["dispute", null, true],
      ["internal", null, false],
      ["flood", null, true],
    ]);
  });
});
