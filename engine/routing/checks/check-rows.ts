import type { Problem } from "../../model/problems.ts";
import { stepKey, wholeCase } from "../dimensions.ts";
import type { RouteTable } from "../route-table.ts";
import { intersect, isWithinBox, remainder, type Box } from "./boxes.ts";
import { finding, tablePlace } from "./finding.ts";
import { exampleOf, gridRows, valuesIn, type Column, type GridRow } from "./grid.ts";

/** Rows of one table against each other: none is hidden, and order decides no case that two rows answer differently. */
export function checkRows(
  table: RouteTable,
  grid: readonly Column[],
  drawnSteps: readonly string[],
): readonly Problem[] {
  const rows = gridRows(table, grid);
  return rows.flatMap((row, index) => {
    const earlier = rows.slice(0, index);
    const never = neverMatches(table, row, earlier, grid);
    if (never) return [never];
    const lost = namesNoDrawnStep(table, row, grid, drawnSteps);
    return [...(lost ? [lost] : []), ...overlaps(table, row, earlier, grid)];
  });
}

function neverMatches(
  table: RouteTable,
  row: GridRow,
  earlier: readonly GridRow[],
  grid: readonly Column[],
): Problem | null {
  const empty = row.box.findIndex((mask) => mask === 0n);
  if (empty >= 0)
    return finding(
      "ROW_NEVER_MATCHES",
      tablePlace(table, row.row.id, grid[empty]?.key ?? null),
      "条件不含取值范围内的任何值，该行永远不会命中",
      "the condition accepts no value of the vocabulary, so the row can never match",
    );
  const before = earlier.filter(({ open }) => [...open].every(([key, test]) => row.open.get(key) === test));
  if (
    remainder(
      row.box,
      before.map(({ box }) => box),
    ).length > 0
  )
    return null;
  const hiding = before.filter(({ box }) => intersect(box, row.box) !== null).map((one) => one.row.id);
  return finding(
    "ROW_NEVER_MATCHES",
    tablePlace(table, row.row.id, null),
    `该行永远不会命中：${hiding.join("、")} 行已覆盖其全部情形`,
    `it can never match: rows ${hiding.join(", ")} take every case before it`,
  );
}

function namesNoDrawnStep(
  table: RouteTable,
  row: GridRow,
  grid: readonly Column[],
  drawnSteps: readonly string[],
): Problem | null {
  if (drawnSteps.length === 0 || !grid.some(({ key }) => key === stepKey)) return null;
  const named = valuesIn(grid, row.box, stepKey).filter((step) => typeof step === "string");
  if (named.some((step) => step === wholeCase || drawnSteps.includes(step))) return null;
  return finding(
    "ROW_NEVER_MATCHES",
    tablePlace(table, row.row.id, stepKey),
    `流程 ${table.process} 没有这些环节，该行永远不会命中`,
    `the process ${table.process} has no such step, so the row can never match`,
  );
}

function overlaps(
  table: RouteTable,
  later: GridRow,
  earlier: readonly GridRow[],
  grid: readonly Column[],
): readonly Problem[] {
  if (later.open.size > 0) return [];
  return earlier.flatMap((row, index) => {
    const common = row.open.size === 0 ? intersect(row.box, later.box) : null;
    if (!common || isWithinBox(row.box, later.box)) return [];
    const cell = differingOutput(table, row, later);
    if (cell === null) return [];
    const decided = earlier.slice(0, index).filter(({ open }) => open.size === 0);
    const left = remainder(
      common,
      decided.map(({ box }) => box),
    )[0];
    return left ? [overlap(table, row, later, { cell, left, grid })] : [];
  });
}

/** The first output that both rows set, and not to the same. An exception that stands before its rule is no overlap. */
function differingOutput(table: RouteTable, a: GridRow, b: GridRow): string | null {
  const at = table.outputs.findIndex((_, index) => {
    const [first, second] = [a.row.values[index]?.source, b.row.values[index]?.source];
    return first !== undefined && second !== undefined && first !== second;
  });
  return table.outputs[at] ?? null;
}

function overlap(
  table: RouteTable,
  row: GridRow,
  later: GridRow,
  { cell, left, grid }: { cell: string; left: Box; grid: readonly Column[] },
): Problem {
  const example = exampleOf(grid, left);
  return finding(
    "ROWS_OVERLAP",
    tablePlace(table, later.row.id, cell),
    `与 ${row.row.id} 行同时命中（${example}）而结果不同，只由行的先后决定；请使条件互斥`,
    `it and row ${row.row.id} both match (${example}) with different results, so that order alone decides; make their conditions exclude each other`,
  );
}
