import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checkRules } from "../../engine/routing/publish-check.ts";
import { createRouter } from "../../engine/routing/resolve.ts";
import { planHops } from "../../engine/routing/hops.ts";
import { processFor } from "../../engine/routing/process-choice.ts";
import { lowestCommonRegion } from "../../engine/routing/regions.ts";
import type { RulePack } from "../../engine/routing/rule-pack.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { rulesOf } from "./drawn-steps.ts";
import { loadContent, type Content } from "./load-content.ts";
import { packageRoot } from "./package-root.ts";
import { isUscc } from "./uscc.ts";

let content: Content;
beforeAll(async () => {
  content = await loadContent(join(packageRoot(), "processes"));
});

const medical = {
  code: "306001/000001",
  name: "医保",
  shareClass: "conditional",
  hookup: "hooked",
  grade: 3,
  vertical: "none",
};
const variables = (over: Record<string, Json> = {}): Record<string, Json> => ({
  applicant: { organisation: "nm-civil", region: "520102", level: "county" },
  provider: { organisation: "gz-medical", region: "520000", level: "province" },
  resource: medical,
  request: { personalInfo: "sensitive", mode: "verify" },
  ...over,
});
const router = (process = "ds-03") =>
  createRouter({
    directory: content,
    packs: content.rulePacks,
    tables: content.routeTables.filter((table) => table.process === process),
    date: "2026-11-23",
  });
const query = (step: string, at: string, role: string | null, limit: string | null) => ({
  element: step,
  step,
  at,
  role,
  limit,
});

describe("shipped content", () => {
  it("holds the country, Guizhou and its 97 divisions, and only organisations with valid fictional codes", () => {
    const divisions = [...content.regions.keys()].filter((code) => /^52\d{4}$/.test(code));
    expect(divisions).toHaveLength(98);
    for (const organisation of content.organisations.values()) {
      expect(isUscc(organisation.uscc), organisation.id).toBe(true);
      expect(organisation.fictional).toBe(true);
      expect(content.regions.has(organisation.region)).toBe(true);
    }
    expect(isUscc("11140500012420117H")).toBe(true);
  });

  it("passes the publication check", async () => {
    expect(checkRules(await rulesOf(content))).toEqual([]);
  });

  it("gives every account a role that its organisation has, and every organisation's role a person", () => {
    for (const user of content.users)
      for (const post of user.posts) expect(content.organisations.has(post.organisation), user.account).toBe(true);
    for (const resource of content.resources)
      expect(content.organisations.has(resource.provider), resource.id).toBe(true);
  });
});

describe("route resolution", () => {
  it("takes the district's own value and says by which row, layers and basis", () => {
    const decision = router()(
      query("own-check", "applicantAuthority", "authority-reviewer", "L.REVIEW"),
      variables({ request: { personalInfo: "none" } }),
    );
    expect(decision).toMatchObject({
      perform: true,
      role: "authority-reviewer",
      organisation: { id: "nm-data" },
      limit: { code: "L.REVIEW", value: 1, packRegion: "520102", calendarRegion: "520102", verified: false },
    });
    expect(decision.explanation.layersAsked).toEqual(["520102", "520100", "520000", "000000"]);
    expect(decision.explanation.rows.map((row) => `${row.region} ${row.row}`)).toEqual(["520102 r2"]);
    expect(decision.explanation.sentence.zh).toContain("时限1个工作日");
    expect(decision.explanation.sentence.zh).toContain("适用南明区的路由规则");
    expect(decision.explanation.sentence.zh).not.toContain("520102");
    expect(decision.explanation.sentence.en).toContain("limit 1 working day");
  });

  it("inherits from the layer above where the lower one is silent", () => {
    const decision = router()(
      query("relay", "hop", "authority-reviewer", "L.HOP"),
      variables({ hop: { organisation: "gy-data" } }),
    );
    expect(decision).toMatchObject({ organisation: { id: "gy-data" }, limit: { value: 1, packRegion: "520100" } });
    expect(router()(query("deliver", "operator", "operator", "L.DELIVER"), variables())).toMatchObject({
      organisation: { id: "gy-operator" },
      limit: { value: 20, packRegion: "000000" },
    });
  });

  it("skips what the case does not need, and keeps what the country forbids to skip", () => {
    const none = variables({ request: { personalInfo: "none" }, resource: { ...medical, grade: 2 } });
    expect(router()(query("pi-assessment", "provider", "provider-clerk", null), none).perform).toBe(false);
    expect(router()(query("security-review", "provider", "security-reviewer", null), none).perform).toBe(false);
    expect(router()(query("security-review", "provider", "security-reviewer", null), variables()).perform).toBe(true);
  });

  it("cuts a limit back to the ceiling of the layers above and tells so", () => {
    const long: RulePack[] = content.rulePacks.map((pack) =>
      pack.region === "520102"
        ? {
            ...pack,
            limits: pack.limits.map((limit) => (limit.code === "L.SUPPLEMENT" ? { ...limit, value: 9 } : limit)),
          }
        : pack,
    );
    const lax = createRouter({ directory: content, packs: long, tables: [], date: "2026-11-23" });
    const decision = lax(query("supplement", "applicant", "applicant-clerk", "L.SUPPLEMENT"), variables());
    expect(decision.limit?.value).toBe(5);
    expect(decision.explanation.bounds).toMatchObject([{ region: "000000", from: 9, to: 5 }]);
    expect(checkRules({ packs: long, tables: [], directory: content, steps: new Map() })).toMatchObject([
      {
        code: "LIMIT_LONGER_THAN_ABOVE",
        element: "rule-packs/520102 L.SUPPLEMENT value",
        message: { zh: expect.stringContaining("5"), en: expect.stringContaining("only shorten") },
      },
    ]);
  });

  it("refuses an unknown limit, an unknown position and a role that nobody holds", () => {
    expect(() => router()(query("x", "applicant", null, "L.NOWHERE"), variables())).toThrow(
      expect.objectContaining({ code: "LIMIT_UNKNOWN" }),
    );
    expect(() => router()(query("x", "moon", null, null), variables())).toThrow(
      expect.objectContaining({ code: "POSITION_UNKNOWN" }),
    );
    expect(() => router()(query("x", "applicant", "pilot", null), variables())).toThrow(
      expect.objectContaining({ code: "ROLE_NOT_HELD" }),
    );
  });
});

describe("hops and common regions", () => {
  it.each([
    ["520102", "520103", "520100"],
    ["520102", "520302", "520000"],
    ["520102", "520100", "520100"],
  ])("%s and %s meet at %s", (a, b, common) => {
    expect(lowestCommonRegion(content.regions, a, b)).toBe(common);
  });

  it("go up authority by authority between the applicant's own and the provider's", () => {
    const hops = (from: string, to: string, mode: "direct" | "viaParentAuthority") =>
      planHops(content, from, to, mode).hops.map(({ id }) => id);
    expect(hops("520102", "520000", "viaParentAuthority")).toEqual(["gy-data"]);
    expect(hops("520102", "520000", "direct")).toEqual([]);
    expect(hops("520100", "520000", "viaParentAuthority")).toEqual([]);
    const plain = { shareClass: "conditional", vertical: "none" };
    expect(processFor(content, "520102", "520102", plain)).toBe("ds-01");
    expect(processFor(content, "520102", "520000", plain)).toBe("ds-03");
    expect(processFor(content, "520102", "522601", plain)).toBe("ds-04");
    expect(processFor(content, "520100", "520102", plain)).toBe("ds-04");
    expect(processFor(content, "520100", "520000", { ...plain, vertical: "province" })).toBe("ds-04");
    expect(processFor(content, "520102", "520000", { ...plain, shareClass: "unconditional" })).toBe("ds-02");
  });
});
