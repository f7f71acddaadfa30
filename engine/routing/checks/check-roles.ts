import type { Problem } from "../../model/problems.ts";
import { literalOf } from "../compiled-table.ts";
import { stepKey } from "../dimensions.ts";
import type { Directory, Organisation } from "../organisations.ts";
import { positions, type Position } from "../positions.ts";
import { isWithin } from "../regions.ts";
import type { RouteTable } from "../route-table.ts";
import { kindsAt, type DrawnStep } from "./drawn-steps.ts";
import { finding, tablePlace } from "./finding.ts";
import { gridRows, valuesIn, type Column, type GridRow } from "./grid.ts";

/** A role that a row names is held by somebody in the organisations that the row can be about. */
export function checkRoles(
  table: RouteTable,
  grid: readonly Column[],
  directory: Directory,
  drawn: readonly DrawnStep[],
): readonly Problem[] {
  return gridRows(table, grid).flatMap((row) => {
    const role = cellText(table, row, "role");
    if (role === null) return [];
    const steps = valuesIn(grid, row.box, stepKey);
    const ats = cellText(table, row, "at") ?? null;
    const places = ats === null ? drawn.filter(({ step }) => steps.includes(step)).map(({ at }) => at) : [ats];
    return [...new Set(places)].flatMap((at): Problem[] => {
      const acting = at !== null && isPosition(at) ? actingAt(table, row, grid, { directory, at }) : [];
      const lacks = acting.length > 0 && !acting.some(({ roles }) => roles.includes(role));
      return lacks ? [notHeld(table, row, role, acting)] : [];
    });
  });
}

function isPosition(at: string): at is Position {
  return Object.hasOwn(positions, at);
}

/** Organisations of the table's region and below that can stand at the position, at the levels that the row is about. */
function actingAt(
  table: RouteTable,
  row: GridRow,
  grid: readonly Column[],
  { directory, at }: { directory: Directory; at: Position },
): readonly Organisation[] {
  const lifted = cellText(table, row, "level");
  const levels = valuesIn(grid, row.box, "acting.level");
  return [...directory.organisations.values()].filter(
    ({ kind, region, level }) =>
      kindsAt(at).includes(kind) &&
      (lifted === null
        ? isWithin(directory.regions, region, table.region) && (levels.length === 0 || levels.includes(level))
        : level === lifted &&
          (isWithin(directory.regions, region, table.region) || isWithin(directory.regions, table.region, region))),
  );
}

function notHeld(table: RouteTable, row: GridRow, role: string, acting: readonly Organisation[]): Problem {
  const names = acting.slice(0, 3);
  return finding(
    "ROLE_NOT_HELD",
    tablePlace(table, row.row.id, "role"),
    `没有单位有人担任 ${role}（${names.map(({ name }) => name.zh).join("、")}${acting.length > 3 ? "等" : ""}）`,
    `nobody holds ${role} there (${names.map(({ id }) => id).join(", ")}${acting.length > 3 ? ", …" : ""})`,
  );
}

function cellText(table: RouteTable, { row }: GridRow, output: string): string | null {
  const cell = row.values[table.outputs.indexOf(output)];
  const value = cell ? literalOf(cell) : null;
  return typeof value === "string" ? value : null;
}
