import type { Json } from "../../expressions/json.ts";
import { acceptedValues, namedSteps } from "../cell-sets.ts";
import { unnamedStep } from "../compiled-table.ts";
import { dimensionOf, stepKey, wholeCase } from "../dimensions.ts";
import type { RouteRow, RouteTable } from "../route-table.ts";
import type { Box } from "./boxes.ts";

/** A column of the grid on which the tables of one process are compared. */
export interface Column {
  readonly key: string;
  readonly values: readonly Json[];
}

/** A row as the set of cases that it matches; `open` holds conditions that the grid cannot tell, by input expression. */
export interface GridRow {
  readonly row: RouteRow;
  readonly box: Box;
  readonly open: ReadonlyMap<string, string>;
}

/** Every closed input of the tables, each with its whole vocabulary; the steps are those drawn and those named. */
export function gridOf(tables: readonly RouteTable[], drawnSteps: readonly string[]): readonly Column[] {
  const keys = [...new Set(tables.flatMap((table) => table.inputs.map(({ expression }) => expression.source)))];
  return keys.flatMap((key): Column[] => {
    if (key === stepKey) {
      const named = tables.flatMap((table) => testsOf(table, key).flatMap((test) => namedSteps(test) ?? []));
      return [{ key, values: [...new Set([...drawnSteps, ...named, wholeCase, unnamedStep])] }];
    }
    const dimension = dimensionOf(key);
    return dimension ? [{ key, values: dimension.values.map(({ value }) => value) }] : [];
  });
}

function testsOf(table: RouteTable, key: string): readonly string[] {
  const at = table.inputs.findIndex(({ expression }) => expression.source === key);
  return table.rows.flatMap((row) => row.tests[at] ?? []);
}

export function gridRows(table: RouteTable, grid: readonly Column[]): readonly GridRow[] {
  return table.rows.map((row) => {
    const open = new Map<string, string>();
    const masks = new Map(grid.map((column) => [column.key, fullMask(column)]));
    for (const [index, test] of row.tests.entries()) {
      if (test === null) continue;
      const key = table.inputs[index]?.expression.source ?? "";
      const column = grid.find((candidate) => candidate.key === key);
      const accepted = column && acceptedIn(column, test);
      if (accepted) masks.set(key, (masks.get(key) ?? 0n) & maskOf(accepted));
      else open.set(key, test);
    }
    return { row, open, box: grid.map(({ key }) => masks.get(key) ?? 0n) };
  });
}

function acceptedIn(column: Column, test: string): readonly boolean[] | null {
  return column.key === stepKey && namedSteps(test) === null ? null : acceptedValues(test, column.values);
}

export function maskOf(accepted: readonly boolean[]): bigint {
  return accepted.reduce((mask, isIn, at) => (isIn ? mask | (1n << BigInt(at)) : mask), 0n);
}

export function fullMask(column: Column): bigint {
  return (1n << BigInt(column.values.length)) - 1n;
}

/** Values of a column that the box holds. */
export function valuesIn(grid: readonly Column[], box: Box, key: string): readonly Json[] {
  const at = grid.findIndex((column) => column.key === key);
  const column = grid[at];
  if (!column) return [];
  return column.values.filter((_, index) => (((box[at] ?? 0n) >> BigInt(index)) & 1n) === 1n);
}

/** The grid restricted to one value of one column. */
export function slice(grid: readonly Column[], box: Box, key: string, value: Json): Box {
  return box.map((mask, at) => {
    const column = grid[at];
    return column?.key === key ? mask & (1n << BigInt(column.values.indexOf(value))) : mask;
  });
}

/** One case of the box in words, naming only the columns that the box narrows. */
export function exampleOf(grid: readonly Column[], box: Box): string {
  const parts = grid.flatMap((column, at) => {
    const mask = box[at] ?? 0n;
    if (mask === fullMask(column)) return [];
    const value = valuesIn(grid, box, column.key)[0];
    return value === undefined || value === unnamedStep ? [] : [`${column.key} = ${JSON.stringify(value)}`];
  });
  return parts.length === 0 ? "any case / 任一情形" : parts.join(", ");
}
