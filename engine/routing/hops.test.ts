import { describe, expect, it } from "vitest";
import { directoryOf } from "../../test/support/directory.ts";
import { planHops, type HopPlan, type UpwardMode } from "./hops.ts";
import { organisationAt, type CaseParties } from "./positions.ts";
import { routeProvider } from "./vertical.ts";

const directory = directoryOf(
  `
  000000 country
  520000 province 000000
  520100 city 520000
  520102 county 520100
  520103 county 520100
  5201Z1 zone 520100
  52Z001 zone 520000
  522600 city 520000
  522601 county 522600
  510000 province 000000
  510100 city 510000
  510104 county 510100
`,
  `
  gz-data authority 520000
  gz-gov government 520000
  gz-sup supervision 520000
  gz-emergency emergency 520000
  gz-operator operator 520000
  gy-data authority 520100
  gy-gov government 520100
  gy-operator operator 520100
  nm-data authority 520102
  nm-civil department 520102
  yy-data authority 520103
  yy-civil department 520103
  zone-office department 5201Z1
  gui-data authority 52Z001
  qdn-data authority 522600
  kl-data authority 522601
  sc-data authority 510000
  cd-data authority 510100
  jj-civil department 510104
  tax-nation department 000000
  tax-gz department 520000 superior=tax-nation
  tax-nm department 520102 superior=tax-gz
`,
);

const told = ({ direction, hops, informed, gateway, clocks }: HopPlan) => ({
  direction,
  hops: hops.map(({ id }) => id).join(" "),
  informed: informed.map(({ id }) => id).join(" "),
  gateway: gateway?.id ?? null,
  clocks,
});
const plan = (from: string, to: string, mode: UpwardMode = "viaParentAuthority") =>
  told(planHops(directory, from, to, mode));

describe("hops between applicant and provider", () => {
  it.each([
    ["a county to its province passes the city", "520102", "520000", "upward", "gy-data"],
    ["a county to its city passes nobody between", "520102", "520100", "upward", ""],
    ["a city to its province passes nobody between", "520100", "520000", "upward", ""],
    ["the same region has no hops", "520102", "520102", "same", ""],
    ["a county of the same city is reached by the two bureaus alone", "520102", "520103", "sideways", ""],
    [
      "a county of another city passes both cities, not the province",
      "520102",
      "522601",
      "sideways",
      "gy-data qdn-data",
    ],
    ["a province down to a county passes the city", "520000", "520102", "downward", "gy-data"],
    ["a zone without an authority is its city's: no hop to the province", "5201Z1", "520000", "upward", ""],
    ["a zone under the province with its own authority passes nobody", "52Z001", "520000", "upward", ""],
    ["a zone of a city to the city itself passes nobody", "5201Z1", "520100", "upward", ""],
    ["a zone of a city to a county of another city", "5201Z1", "522601", "sideways", "qdn-data"],
  ])("%s", (_, from, to, direction, hops) => {
    expect(plan(from, to)).toEqual({ direction, hops, informed: "", gateway: null, clocks: "bothSides" });
  });

  it("reach another province through the own province's gateway, with clocks on our side alone", () => {
    const other = { direction: "otherProvince", informed: "", gateway: "gz-data", clocks: "ourSideOnly" };
    expect(plan("520102", "510104")).toEqual({ ...other, hops: "gy-data" });
    expect(plan("520000", "510104")).toEqual({ ...other, hops: "" });
    expect(plan("520102", "510104", "direct")).toEqual({ ...other, hops: "" });
  });

  it("reach a nation-run system through the gateway as well", () => {
    expect(plan("520102", "000000")).toEqual({
      direction: "upward",
      hops: "gy-data",
      informed: "",
      gateway: "gz-data",
      clocks: "ourSideOnly",
    });
  });

  it("are told instead of asked, or left out, as the mode says", () => {
    expect(plan("520102", "520000", "notifyParent")).toMatchObject({ hops: "", informed: "gy-data" });
    expect(plan("520102", "520000", "direct")).toMatchObject({ hops: "", informed: "" });
  });

  it("cannot be planned for a region that is in no list", () => {
    expect(() => plan("999999", "520000")).toThrow(expect.objectContaining({ code: "REGION_UNKNOWN" }));
  });
});

const parties = (applicant: string, provider: string, over: Partial<CaseParties> = {}): CaseParties => {
  const party = (id: string) => ({ organisation: id, region: directory.organisations.get(id)?.region ?? "" });
  return {
    applicant: party(applicant),
    provider: party(provider),
    hop: null,
    breach: null,
    holder: null,
    sourceDepartment: null,
    ...over,
  };
};

describe("positions of a case", () => {
  it.each([
    ["mediator", "nm-civil", "yy-civil", "gy-data"],
    ["mediator", "nm-civil", "nm-civil", "nm-data"],
    ["mediator", "nm-civil", "kl-data", "gz-data"],
    ["mediator", "nm-civil", "gy-data", "gy-data"],
    ["mediator", "nm-civil", "jj-civil", "gz-data"],
    ["mediator", "jj-civil", "nm-civil", "sc-data"],
    ["mediatorGovernment", "nm-civil", "yy-civil", "gy-gov"],
    ["mediatorGovernment", "nm-civil", "kl-data", "gz-gov"],
    ["mediatorGovernment", "nm-civil", "jj-civil", "gz-gov"],
    ["gateway", "nm-civil", "jj-civil", "gz-data"],
    ["systemOwner", "nm-civil", "tax-nm", "tax-nation"],
    ["systemOwner", "nm-civil", "yy-civil", "yy-civil"],
    ["localBranch", "nm-civil", "tax-nation", "tax-nm"],
    ["localBranch", "yy-civil", "tax-nation", "tax-gz"],
    ["emergencyOffice", "nm-civil", "yy-civil", "gz-emergency"],
    ["operator", "nm-civil", "gz-data", "gy-operator"],
    ["operator", "zone-office", "gz-data", "gy-operator"],
    ["applicantAuthority", "zone-office", "gz-data", "gy-data"],
    ["supervisor", "nm-civil", "yy-civil", "gy-data"],
    ["supervisor", "zone-office", "yy-civil", "gy-data"],
    ["supervisor", "gz-data", "yy-civil", "gz-sup"],
  ])("%s of %s asking %s is %s", (position, applicant, provider, holder) => {
    expect(organisationAt(directory, position, parties(applicant, provider)).id).toBe(holder);
  });

  it("are empty until the case names them, and say so in both languages", () => {
    for (const position of ["hop", "holder", "sourceDepartment"]) {
      expect(() => organisationAt(directory, position, parties("nm-civil", "yy-civil"))).toThrow(
        expect.objectContaining({
          code: "POSITION_EMPTY",
          place: position,
          detail: expect.objectContaining({ zh: "办件尚未指明该单位" }),
        }),
      );
    }
    const named = parties("nm-civil", "yy-civil", { holder: { organisation: "gy-data" } });
    expect(organisationAt(directory, "holder", named).id).toBe("gy-data");
    expect(() => organisationAt(directory, "localBranch", parties("nm-civil", "yy-civil"))).toThrow(
      expect.objectContaining({ code: "POSITION_EMPTY" }),
    );
  });
});

describe("a vertically managed system", () => {
  it("is answered for by its owner, and the branch that was named is informed", () => {
    expect(routeProvider(directory, "tax-nm")).toMatchObject({
      provider: { id: "tax-nation" },
      informed: { id: "tax-nm" },
    });
    expect(routeProvider(directory, "nm-civil")).toMatchObject({ provider: { id: "nm-civil" }, informed: null });
  });
});
