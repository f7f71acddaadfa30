/**
 * What resolving one step costs: the compiled router with four layers of 100 rows each, against evaluating each of the four
 * tables anew with feelin. Prints microseconds a step (median of batches). Run after a build: `node dist/bench/routes.js`.
 */
import { evaluate, unaryTest } from "feelin";
import { compileExpression } from "../engine/expressions/feel.ts";
import type { Json, Variables } from "../engine/expressions/json.ts";
import { dimensions } from "../engine/routing/dimensions.ts";
import type { Directory, Organisation } from "../engine/routing/organisations.ts";
import type { Region } from "../engine/routing/regions.ts";
import { createRouter } from "../engine/routing/resolve.ts";
import { parseRulePack } from "../engine/routing/rule-pack.ts";
import type { RouteTable } from "../engine/routing/route-table.ts";

const chain = ["520102", "520100", "520000", "000000"] as const;
const rowsInTable = 100;
const steps = Array.from({ length: 20 }, (_, index) => `step-${index}`);
const columns = ["step", "acting.level", ...dimensions.slice(2, 10).map(({ key }) => key)];

/** Row 99 alone matches the steps that are asked, so that nothing is won by finding an early one. */
function table(region: string): RouteTable {
  return {
    id: `bench-${region}`,
    process: "bench",
    region,
    version: "1",
    inputs: columns.map((key) => ({ label: key, expression: compileExpression(key) })),
    outputs: ["value"],
    rows: Array.from({ length: rowsInTable }, (_, row) => ({
      id: `r${row + 1}`,
      description: null,
      tests: columns.map((key, column) => testOf(key, column, row)),
      values: [compileExpression(String((row % 9) + 1))],
    })),
  };
}

function testOf(key: string, column: number, row: number): string | null {
  const last = row === rowsInTable - 1;
  if (key === "step") return `"${steps[last ? 19 : row % 19]}", "${steps[last ? 19 : (row + 5) % 19]}"`;
  if (last || (row + column) % 3 === 0) return null;
  if (key === "resource.grade") return row % 2 === 0 ? ">= 3" : "< 3";
  const values = dimensions.find((dimension) => dimension.key === key)?.values ?? [];
  return values.length === 0 ? null : `"${values[row % values.length]?.value}"`;
}

const region = (code: string, level: Region["level"], parent: string | null): Region => ({
  code,
  name: code,
  level,
  parent,
});
const organisation = (id: string, code: string, level: Region["level"]): Organisation => ({
  id,
  name: { zh: id, en: id },
  level,
  region: code,
  kind: "department",
  roles: ["clerk"],
  superior: null,
});
const directory: Directory = {
  regions: new Map(
    [
      region("000000", "country", null),
      region("520000", "province", "000000"),
      region("520100", "city", "520000"),
      region("520102", "county", "520100"),
    ].map((one) => [one.code, one]),
  ),
  organisations: new Map(
    [organisation("a", "520102", "county"), organisation("p", "520000", "province")].map((one) => [one.id, one]),
  ),
};
const source = { title: "bench", grade: "P" };
const packs = chain.map((code) =>
  parseRulePack(
    {
      region: code,
      version: "1",
      name: { zh: code, en: code },
      effectiveFrom: "2025-01-01",
      limits: Array.from({ length: 40 }, (_, index) => ({
        code: `L.X${index}`,
        name: { zh: "时限", en: "Limit" },
        value: 10,
        unit: "workday",
        source,
        verified: false,
      })),
    },
    code,
  ),
);
const variables: Variables = {
  applicant: { organisation: "a", region: "520102", level: "county" },
  provider: { organisation: "p", region: "520000", level: "province" },
  resource: { shareClass: "conditional", hookup: "hooked", grade: 3, vertical: "none" },
  request: { personalInfo: "sensitive", mode: "verify", emergency: "none", kind: "new", outsourced: false },
};
const tables = chain.map(table);
const route = createRouter({ directory, packs, tables, date: "2026-11-23" });
const query = (index: number) => ({
  element: "x",
  step: steps[index % 20] ?? "",
  at: "applicant",
  role: "clerk",
  limit: `L.X${index % 40}`,
});

function anew(step: string): void {
  const scope: Record<string, Json> = { ...variables, step, acting: { level: "county" }, levelRelation: "upward2" };
  scope["regionRelation"] = "sameProvince";
  for (const { inputs, rows } of tables) {
    const values = inputs.map(({ expression }) => evaluate(expression.source, scope).value as Json);
    rows.find((row) =>
      row.tests.every((test, index) => test === null || unaryTest(test, { ...scope, "?": values[index] }).value),
    );
  }
}

function microseconds(rounds: number, batch: number, work: (index: number) => void): number {
  const times = Array.from({ length: rounds }, () => {
    // Processor time, so that what else the machine does is not measured.
    const from = process.cpuUsage();
    for (let index = 0; index < batch; index += 1) work(index);
    const { user, system } = process.cpuUsage(from);
    return (user + system) / batch;
  });
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

const compiled = microseconds(50, 1000, (index) => route(query(index), variables));
const naive = microseconds(5, 4, (index) => anew(steps[index * 5] ?? ""));
console.log(
  JSON.stringify(
    {
      layers: chain.length,
      rows: rowsInTable,
      columns: columns.length,
      compiledUs: Number(compiled.toFixed(1)),
      anewUs: Math.round(naive),
      ratio: Math.round(naive / compiled),
    },
    null,
    1,
  ),
);
