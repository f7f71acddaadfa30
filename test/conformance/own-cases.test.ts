import { afterAll, describe, expect, it } from "vitest";
import { supportRows } from "../../engine/model/support-page.ts";
import { readOwnCases, runOwnCase } from "./own-cases.ts";

const files = readOwnCases();
const results = new Map<string, { passed: number; failed: number }>();

function count(rows: readonly string[], passed: boolean): void {
  for (const row of rows) {
    const before = results.get(row) ?? { passed: 0, failed: 0 };
    results.set(row, passed ? { ...before, passed: before.passed + 1 } : { ...before, failed: before.failed + 1 });
  }
}

describe.each(files.map((file) => [file.name, file] as const))("%s", (_name, file) => {
  it.each(file.cases.map((own) => [`${own.title} (BPMN 2.0 §${own.clause})`, own] as const))(
    "%s",
    async (_title, own) => {
      let passed = false;
      try {
        const outcome = await runOwnCase(file, own);
        const { status, trace, traceBag, variables, instances } = own.expect;
        expect(outcome.status).toBe(status);
        if (trace) expect(outcome.trace).toEqual(trace);
        if (traceBag) expect(outcome.trace.toSorted()).toEqual(traceBag.toSorted());
        if (variables) expect(outcome.variables).toMatchObject(variables);
        if (instances !== undefined) expect(outcome.instances).toBe(instances);
        passed = true;
      } finally {
        count(file.covers, passed);
      }
    },
  );
});

describe("the case files", () => {
  it("are at least 250 cases", () => {
    expect(files.reduce((sum, file) => sum + file.cases.length, 0)).toBeGreaterThanOrEqual(250);
  });

  it("cover each row of the support table, and name no other", () => {
    const covered = new Set(files.flatMap(({ covers }) => covers));
    const rows = supportRows().map(({ row }) => row);
    expect(rows.filter((row) => !covered.has(row))).toEqual([]);
    expect([...covered].filter((row) => !rows.includes(row))).toEqual([]);
  });
});

afterAll(() => {
  const rows = [...results].sort(([a], [b]) => a.localeCompare(b));
  const lines = rows.map(
    ([row, { passed, failed }]) => `${row.padEnd(44)} ${String(passed).padStart(6)} ${String(failed).padStart(6)}`,
  );
  console.log(["row of the support table".padEnd(44) + " passed failed", ...lines].join("\n"));
});
