import { evaluate, unaryTest } from "feelin";
import type { Json } from "../../engine/expressions/json.ts";
import type { Facts } from "../../engine/routing/facts.ts";
import type { RouteTable } from "../../engine/routing/route-table.ts";

/**
 * The plain reading of a route table: every input and condition evaluated as FEEL, row by row, each time. Slow; the reference that
 * the compiled table is held to, and what the bench compares with.
 */
export function evaluateAnew(table: RouteTable, facts: Facts): { row: string; gave: Record<string, Json> } | null {
  const inputs = table.inputs.map(({ expression }) => {
    const told = facts.dimensions.get(expression.source);
    return told ?? (evaluate(expression.source, facts.scope()).value as Json);
  });
  for (const row of table.rows) {
    const matches = row.tests.every(
      (test, index) =>
        test === null || unaryTest(test, { ...facts.scope(), "?": inputs[index] ?? null }).value === true,
    );
    if (!matches) continue;
    const gave: Record<string, Json> = {};
    for (const [index, cell] of row.values.entries())
      if (cell) gave[table.outputs[index] ?? ""] = evaluate(cell.source, facts.scope()).value as Json;
    return { row: row.id, gave };
  }
  return null;
}
