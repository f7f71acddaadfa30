import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileExpression } from "../../engine/expressions/feel.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { compileTable, firstMatch } from "../../engine/routing/compiled-table.ts";
import { checkRows } from "../../engine/routing/checks/check-rows.ts";
import { gridOf } from "../../engine/routing/checks/grid.ts";
import { factsOf, partiesOf } from "../../engine/routing/facts.ts";
import { createRouter } from "../../engine/routing/resolve.ts";
import { longestOf } from "../../engine/routing/resolve-limit.ts";
import { parseRulePack, type RulePack } from "../../engine/routing/rule-pack.ts";
import type { RouteTable } from "../../engine/routing/route-table.ts";
import { directoryOf } from "../support/directory.ts";
import { evaluateAnew } from "../support/naive-router.ts";

const chain = ["520102", "520100", "520000", "000000"] as const;
const directory = directoryOf(
  "000000 country\n520000 province 000000\n520100 city 520000\n520102 county 520100",
  "a department 520102\np department 520000\noperator operator 520100",
  ["clerk"],
);
const steps = ["review", "reply", "decide"] as const;
const grades = [1, 2, 3, 4] as const;
const personal = ["none", "pi", "sensitive", "tenMillion"] as const;

const columns = ["step", "resource.grade", "request.personalInfo", "count(request.items)"] as const;
const tests: Readonly<Record<(typeof columns)[number], fc.Arbitrary<string | null>>> = {
  step: fc.constantFrom(null, '"review"', '"reply", "decide"', 'not("review")', '"case"'),
  "resource.grade": fc.constantFrom(null, "< 3", ">= 3", "2, 3", "[2..4]", "not(1)", "> request.floor"),
  "request.personalInfo": fc.constantFrom(null, '"none"', 'not("none")', '"pi", "sensitive"'),
  "count(request.items)": fc.constantFrom(null, null, null, "> 1"),
};
const outputs = ["perform", "value", "role"] as const;
const cells = [
  fc.constantFrom(null, "true", "false"),
  fc.constantFrom(null, "1", "7", "30", "resource.grade + 1"),
  fc.constantFrom(null, '"clerk"'),
] as const;

const rowArbitrary = fc.tuple(fc.tuple(...columns.map((column) => tests[column])), fc.tuple(...cells));
const tableArbitrary = (region: string): fc.Arbitrary<RouteTable> =>
  fc.array(rowArbitrary, { maxLength: 40 }).map((rows) => ({
    id: `t-${region}`,
    process: "p",
    region,
    version: "1",
    inputs: columns.map((key) => ({ label: key, expression: compileExpression(key) })),
    outputs,
    rows: rows.map(([conditions, values], index) => ({
      id: `r${index + 1}`,
      description: null,
      tests: conditions,
      values: values.map((value) => (value === null ? null : compileExpression(value))),
    })),
  }));
const tablesArbitrary = fc.tuple(...chain.map(tableArbitrary));

const source = { title: "a rule", grade: "P" };
const limitArbitrary = fc.record({
  value: fc.integer({ min: 1, max: 30 }),
  unit: fc.constantFrom("workday", "workday", "day"),
  onSupplement: fc.constantFrom("restart", "resume", "none"),
  maxSupplements: fc.integer({ min: 0, max: 3 }),
  excludes: fc.subarray(["supplement", "dispute", "suspended"]),
  extension: fc.option(
    fc.record({
      max: fc.integer({ min: 1, max: 20 }),
      times: fc.integer({ min: 1, max: 2 }),
      approver: fc.constant("head"),
      notify: fc.boolean(),
    }),
  ),
  onTimeout: fc.constantFrom("escalate", "deemedGrant"),
});
const boundArbitrary = fc.constantFrom(
  { type: "mayNotSkip", steps: ["review"], source },
  { type: "atMost", limit: "L.X", value: 4, source },
  { type: "noDeemedConsent", limits: [], personalInfo: true, fromGrade: 3, source },
);
const packArbitrary = (region: string): fc.Arbitrary<RulePack> =>
  fc
    .record({ limit: fc.option(limitArbitrary), bounds: fc.array(boundArbitrary, { maxLength: 2 }) })
    .map(({ limit, bounds }) =>
      parseRulePack(
        {
          region,
          version: "1",
          name: { zh: region, en: region },
          effectiveFrom: "2025-01-01",
          limits:
            limit === null
              ? []
              : [{ ...limit, code: "L.X", name: { zh: "时限", en: "Limit" }, source, verified: false }],
          bounds,
        },
        region,
      ),
    );
const packsArbitrary = fc
  .tuple(...chain.map(packArbitrary))
  .filter((packs) => packs.some(({ limits }) => limits.length > 0));

const caseArbitrary = fc.record({
  step: fc.constantFrom(...steps, "another"),
  grade: fc.constantFrom(...grades),
  personalInfo: fc.constantFrom(...personal),
  items: fc.array(fc.constant("x"), { maxLength: 3 }),
});
interface Case {
  readonly step: string;
  readonly grade: number;
  readonly personalInfo: string;
  readonly items: readonly string[];
}
const variablesOf = ({ grade, personalInfo, items }: Case): Variables => ({
  applicant: { organisation: "a", region: "520102", level: "county" },
  provider: { organisation: "p", region: "520000", level: "province" },
  resource: { shareClass: "conditional", hookup: "hooked", grade, vertical: "none" },
  request: { personalInfo, mode: "verify", items, floor: 2 },
});
const resolve = (packs: readonly RulePack[], tables: readonly RouteTable[], one: Case) =>
  createRouter({ directory, packs, tables, date: "2026-01-05" })(
    { element: one.step, step: one.step, at: "applicant", role: "clerk", limit: "L.X" },
    variablesOf(one),
  );
const factsFor = (one: Case) => {
  const variables = variablesOf(one);
  const acting = directory.organisations.get("a")!;
  return factsOf(variables, one.step, { directory, parties: partiesOf(variables), acting, authorityModel: "relay" });
};

describe("resolution, over random packs, tables and cases", () => {
  it("finds the row that the plain reading finds, and gives what it gives", () => {
    fc.assert(
      fc.property(tableArbitrary("520102"), caseArbitrary, (table, one) => {
        const facts = factsFor(one);
        const match = firstMatch(compileTable(table), facts);
        const plain = evaluateAnew(table, facts);
        expect(match && { row: match.row.id, gave: match.gave }).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });

  it("takes each output from the nearest layer whose row sets it", () => {
    fc.assert(
      fc.property(packsArbitrary, tablesArbitrary, caseArbitrary, (packs, tables, one) => {
        const facts = factsFor(one);
        const layers = tables.map((table) => evaluateAnew(table, facts)?.gave ?? {});
        const perform = layers.find((gave) => "perform" in gave)?.["perform"] ?? true;
        const decision = resolve(packs, tables, one);
        const forced = decision.explanation.bounds.some(({ bound }) => bound.startsWith("mayNotSkip"));
        expect(decision.perform).toBe(forced ? true : perform);
      }),
      { numRuns: 60 },
    );
  });

  it("never breaks a bound", () => {
    fc.assert(
      fc.property(packsArbitrary, tablesArbitrary, caseArbitrary, (packs, tables, one) => {
        const { limit } = resolve(packs, tables, one);
        const unit = packs.flatMap(({ limits }) => limits).at(-1)?.unit;
        for (const pack of packs) {
          for (const upper of pack.limits.filter((candidate) => candidate.unit === unit)) {
            expect(limit?.value).toBeLessThanOrEqual(upper.value);
            expect(
              longestOf({
                value: limit?.value ?? 0,
                extension: limit?.extension ? { ...limit.extension, verified: false } : null,
              }),
            ).toBeLessThanOrEqual(longestOf(upper));
            expect(limit?.maxSupplements).toBeLessThanOrEqual(upper.maxSupplements);
            expect(limit?.excludes.every((reason) => upper.excludes.some((known) => known === reason))).toBe(true);
          }
          for (const bound of pack.bounds) {
            if (bound.type === "atMost") expect(limit?.value).toBeLessThanOrEqual(bound.value);
            if (bound.type === "noDeemedConsent" && (one.personalInfo !== "none" || one.grade >= 3))
              expect(limit?.onTimeout).not.toBe("deemedGrant");
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("performs a step that a region above forbids to skip, whatever lower tables say", () => {
    const keeps = parseRulePack(
      {
        region: "000000",
        version: "1",
        name: { zh: "国", en: "Country" },
        effectiveFrom: "2025-01-01",
        limits: [
          { code: "L.X", name: { zh: "时限", en: "Limit" }, value: 9, unit: "workday", source, verified: false },
        ],
        bounds: [{ type: "mayNotSkip", steps: ["review"], source }],
      },
      "000000",
    );
    fc.assert(
      fc.property(tablesArbitrary, caseArbitrary, (tables, one) => {
        const lower = tables.filter(({ region }) => region !== "000000");
        expect(resolve([keeps], lower, { ...one, step: "review" }).perform).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("is never lengthened by a lower layer", () => {
    fc.assert(
      fc.property(packsArbitrary, tablesArbitrary, caseArbitrary, (packs, tables, one) => {
        const upperPacks = packs.filter(({ region }) => region === "520000" || region === "000000");
        fc.pre(upperPacks.some(({ limits }) => limits.length > 0));
        const whole = resolve(packs, tables, one).limit;
        const above = resolve(upperPacks, [], one).limit;
        expect(whole?.unit).toBe(above?.unit);
        expect(whole?.value).toBeLessThanOrEqual(above?.value ?? 0);
      }),
      { numRuns: 60 },
    );
  });

  it("is not changed by a layer whose cells are all empty", () => {
    fc.assert(
      fc.property(packsArbitrary, tablesArbitrary, caseArbitrary, (packs, tables, one) => {
        const empty: RouteTable = {
          ...tables[0]!,
          rows: tables[0]!.rows.map((row) => ({ ...row, values: row.values.map(() => null) })),
        };
        const { perform, role, limit } = resolve(packs, [empty, ...tables.slice(1)], one);
        const without = resolve(packs, tables.slice(1), one);
        expect({ perform, role, limit }).toEqual({
          perform: without.perform,
          role: without.role,
          limit: without.limit,
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe("the check of rows, over random tables of closed conditions", () => {
  const closed = (region: string) =>
    tableArbitrary(region).map((table) => ({
      ...table,
      rows: table.rows.slice(0, 8).filter((row) => row.tests[3] === null && row.tests[1] !== "> request.floor"),
    }));
  const everyCase: readonly Case[] = [...steps, "case", "another"].flatMap((step) =>
    grades.flatMap((grade) => personal.map((personalInfo) => ({ step, grade, personalInfo, items: [] }))),
  );

  it("names exactly the rows that no case ever reaches", () => {
    fc.assert(
      fc.property(closed("520102"), (table) => {
        const found = checkRows(table, gridOf([table], steps), []).filter(({ code }) => code === "ROW_NEVER_MATCHES");
        const named = new Set(found.map(({ element }) => element?.split(" ")[1] ?? ""));
        const reached = new Set(everyCase.map((one) => evaluateAnew(table, factsFor(one))?.row));
        expect([...named].sort()).toEqual(
          table.rows
            .map(({ id }) => id)
            .filter((id) => !reached.has(id))
            .sort(),
        );
      }),
      { numRuns: 15 },
    );
  });
});
