import type { Problem } from "../../model/problems.ts";
import { stepKey, wholeCase } from "../dimensions.ts";
import type { RouteTable } from "../route-table.ts";
import { remainder } from "./boxes.ts";
import { finding, tablePlace } from "./finding.ts";
import { exampleOf, fullMask, gridRows, slice, valuesIn, type Column } from "./grid.ts";

/** Outputs that no rule pack gives a value to where the tables are silent. */
const mustBeWhole = ["perform", "role", "at", "approval"] as const;

/**
 * The uppermost table of a process has nothing above it to inherit from: a step that it decides for some cases it must decide
 * for all. Lower tables may leave cells empty.
 */
export function checkGaps(top: RouteTable, grid: readonly Column[]): readonly Problem[] {
  const rows = gridRows(top, grid);
  const whole = grid.map(fullMask);
  const steps = new Set(rows.flatMap(({ box }) => namedIn(grid, box)));
  return [...steps].flatMap((step) =>
    mustBeWhole.flatMap((output): Problem[] => {
      const at = top.outputs.indexOf(output);
      const here = slice(grid, whole, stepKey, step);
      const answering = rows.filter(({ row, open }) => at >= 0 && (row.values[at] ?? null) !== null && open.size === 0);
      const speaks = answering.some(({ box }) => valuesIn(grid, box, stepKey).includes(step));
      const gap = speaks
        ? remainder(
            here,
            answering.map(({ box }) => box),
          )[0]
        : undefined;
      return gap ? [gapFinding(top, output, exampleOf(grid, gap))] : [];
    }),
  );
}

/** Steps that a row names; a row about any step at all names none. */
function namedIn(grid: readonly Column[], box: readonly bigint[]): readonly string[] {
  const at = grid.findIndex(({ key }) => key === stepKey);
  const column = grid[at];
  if (!column || box[at] === fullMask(column)) return [];
  return valuesIn(grid, box, stepKey).filter(
    (step): step is string => typeof step === "string" && step !== wholeCase && !step.startsWith("\u0000"),
  );
}

function gapFinding(table: RouteTable, output: string, example: string): Problem {
  return finding(
    "TABLE_GAP",
    tablePlace(table, "(table)", output),
    `最上层路由表对此情形没有规定：${example}；上面没有可继承的层`,
    `the uppermost table says nothing for ${example}, and there is no layer above to inherit from`,
  );
}
