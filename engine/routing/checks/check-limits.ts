import type { Problem } from "../../model/problems.ts";
import { boundsOf, type PackChain } from "../bounds.ts";
import { literalOf } from "../compiled-table.ts";
import { stepKey } from "../dimensions.ts";
import { limitsByCode } from "../resolve-limit.ts";
import type { RouteTable } from "../route-table.ts";
import type { RuleSource } from "../types.ts";
import type { DrawnStep } from "./drawn-steps.ts";
import { finding, sourceText, tablePlace, type RulePlace } from "./finding.ts";
import { gridRows, valuesIn, type Column, type GridRow } from "./grid.ts";

/** Limits that a table sets: each code is known, and no value is longer than any layer of packs allows. */
export function checkLimits(
  table: RouteTable,
  grid: readonly Column[],
  chain: PackChain,
  drawn: readonly DrawnStep[],
): readonly Problem[] {
  return gridRows(table, grid).flatMap((row) => {
    const code = textCell(table, row, "limit");
    const value = numberCell(table, row, "value");
    const codes = code === null ? codesOfSteps(grid, row, drawn) : [code];
    const unknown = code !== null && ceilingsOf(code, chain).length === 0;
    return [
      ...(unknown ? [unknownLimit(tablePlace(table, row.row.id, "limit"), code)] : []),
      ...(value === null
        ? []
        : codes.flatMap((one) => tooLong(tablePlace(table, row.row.id, "value"), one, value, chain))),
    ];
  });
}

/** Limit codes that the process draws for the steps which the row names. */
function codesOfSteps(grid: readonly Column[], row: GridRow, drawn: readonly DrawnStep[]): readonly string[] {
  const steps = valuesIn(grid, row.box, stepKey);
  const codes = drawn.flatMap(({ step, limit }) => (limit !== null && steps.includes(step) ? [limit] : []));
  return [...new Set(codes)];
}

export interface Ceiling {
  readonly region: string;
  readonly value: number;
  readonly source: RuleSource;
}

/** What the layers of a chain allow at most for a limit: their own limits and their `atMost` bounds. */
export function ceilingsOf(code: string, chain: PackChain): readonly Ceiling[] {
  const limits = chain.regions.flatMap((region): Ceiling[] => {
    const pack = chain.packs.get(region);
    const limit = pack && limitsByCode(pack).get(code);
    return limit ? [{ region, value: limit.value, source: limit.source }] : [];
  });
  const bounds = boundsOf(chain, "atMost", null).filter(({ bound }) => bound.limit === code);
  return [...limits, ...bounds.map(({ region, bound }) => ({ region, value: bound.value, source: bound.source }))];
}

export function tooLong(place: RulePlace, code: string, value: number, chain: PackChain): readonly Problem[] {
  return ceilingsOf(code, chain)
    .filter((ceiling) => value > ceiling.value)
    .map((ceiling) =>
      finding(
        "LIMIT_LONGER_THAN_ABOVE",
        place,
        `时限 ${code} 为 ${value}，超过${ceiling.region}规定的 ${ceiling.value}，依据${sourceText(ceiling.source).zh}；下级只能缩短`,
        `its ${value} for ${code} exceeds the ${ceiling.value} of ${ceiling.region} (${sourceText(ceiling.source).en}); a region may only shorten it`,
      ),
    );
}

function unknownLimit(place: RulePlace, code: string): Problem {
  return finding("LIMIT_UNKNOWN", place, `没有规则包定义时限 ${code}`, `no rule pack defines the limit ${code}`);
}

function textCell(table: RouteTable, { row }: GridRow, output: string): string | null {
  const cell = row.values[table.outputs.indexOf(output)];
  const value = cell ? literalOf(cell) : null;
  return typeof value === "string" ? value : null;
}

function numberCell(table: RouteTable, { row }: GridRow, output: string): number | null {
  const cell = row.values[table.outputs.indexOf(output)];
  const value = cell ? literalOf(cell) : null;
  return typeof value === "number" ? value : null;
}
