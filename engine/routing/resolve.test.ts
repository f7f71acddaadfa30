import { describe, expect, it } from "vitest";
import { directoryOf } from "../../test/support/directory.ts";
import { compileExpression } from "../expressions/feel.ts";
import { createRouter } from "./resolve.ts";
import { parseRulePack } from "./rule-pack.ts";
import type { RouteOutput, RouteTable } from "./route-table.ts";

const directory = directoryOf(
  "000000 country\n520000 province 000000\n520100 city 520000",
  "city-dept department 520100\ncity-data authority 520100\nprov-dept department 520000\nprov-data authority 520000",
  ["clerk", "head"],
);
const source = { title: "a rule", grade: "P" };
const pack = (region: string, over: object) =>
  parseRulePack(
    { region, version: "1", name: { zh: region, en: region }, effectiveFrom: "2025-01-01", ...over },
    region,
  );

/** One row about one step, with FEEL cells by output. */
function table(region: string, step: string, cells: Partial<Record<RouteOutput, string>>): RouteTable {
  return {
    id: `t-${region}`,
    process: "p",
    region,
    version: "1",
    inputs: [{ label: "step", expression: compileExpression("step") }],
    outputs: Object.keys(cells),
    rows: [
      {
        id: "r1",
        description: null,
        tests: [`"${step}"`],
        values: Object.values(cells).map((cell) => compileExpression(cell)),
      },
    ],
  };
}
const variables = {
  applicant: { organisation: "city-dept", region: "520100", level: "city" },
  provider: { organisation: "prov-dept", region: "520000", level: "province" },
};
const ask = (packs: object[], tables: RouteTable[], over: object = {}) =>
  createRouter({
    directory,
    packs: packs.map((one, index) => pack(["000000", "520000", "520100"][index] ?? "", one)),
    tables,
    date: "2026-01-05",
  })({ element: "sign", step: "sign", at: "applicant", role: "clerk", limit: null, ...over }, variables);

describe("a step of a layered route", () => {
  it("that a pack calls optional is left out until a row performs or adds it", () => {
    const optional = [{ optionalSteps: ["sign"] }];
    expect(ask(optional, []).perform).toBe(false);
    expect(ask(optional, [table("520100", "sign", { perform: "true" })]).perform).toBe(true);
    const added = ask(optional, [table("520100", "case", { addSteps: '["sign"]' })]);
    expect(added.perform).toBe(true);
    expect(added.explanation.rows.map(({ table: id, row }) => `${id} ${row}`)).toEqual(["t-520100 r1"]);
  });

  it("is not added against a bound of a layer above, and says so", () => {
    const bound = { type: "mayOnlyAddSteps", steps: ["other"], source };
    const packs = [{ optionalSteps: ["sign"], bounds: [bound] }];
    const decision = ask(packs, [table("520100", "case", { addSteps: '["sign"]' })]);
    expect(decision.perform).toBe(false);
    expect(decision.explanation.bounds).toMatchObject([{ region: "000000", bound: "mayOnlyAddSteps other" }]);
  });

  it("is done by the organisation and at the level that a row names", () => {
    expect(ask([], [table("520100", "sign", { at: '"applicantAuthority"' })]).organisation.id).toBe("city-data");
    const lifted = table("520100", "sign", { at: '"applicantAuthority"', level: '"province"' });
    expect(ask([], [lifted]).organisation.id).toBe("prov-data");
    expect(() => ask([], [table("520100", "sign", { level: '"country"' })])).toThrow(
      expect.objectContaining({ code: "POSITION_EMPTY" }),
    );
  });

  it("keeps the role that a layer above demands", () => {
    const packs = [{ bounds: [{ type: "mustHaveRole", step: "sign", roles: ["head"], source }] }];
    const decision = ask(packs, [table("520100", "sign", { role: '"clerk"' })], { role: "head" });
    expect(decision.role).toBe("head");
    expect(decision.explanation.bounds).toMatchObject([{ from: "clerk", to: "head" }]);
  });

  it("is signed as the nearest row says, unless a layer above keeps its own way", () => {
    const rows = [
      table("520100", "sign", { approval: '"vote"', approvalParameters: "{passCount: 3}" }),
      table("000000", "sign", { approval: '"single"' }),
    ];
    expect(ask([], rows).approval).toEqual({ policy: "vote", parameters: { passCount: 3 } });
    const keeps = [{ bounds: [{ type: "keepsApprovalPolicy", steps: ["sign"], source }] }];
    expect(ask(keeps, rows).approval).toEqual({ policy: "single", parameters: {} });
  });

  it("may not be handled in the ways that any layer forbids, and says so", () => {
    const rows = [
      table("520100", "sign", { forbids: '["transfer", "delegate"]' }),
      table("000000", "sign", { forbids: '["addSigner"]' }),
    ];
    const decision = ask([], rows);
    expect(decision.forbids).toEqual(["transfer", "delegate", "addSigner"]);
    expect(decision.explanation.sentence.zh).toContain("本环节不得转办、委派、加签");
    expect(ask([], []).forbids).toEqual([]);
  });

  it("tells whose work it may not share (four eyes)", () => {
    const packs = [{ bounds: [{ type: "fourEyes", steps: ["examine", "sign"], source }] }];
    expect(ask(packs, []).fourEyes).toEqual(["examine"]);
  });
});
