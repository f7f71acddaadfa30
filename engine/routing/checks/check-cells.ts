import { forbiddables, isForbiddable } from "../../approval/operations.ts";
import type { Json } from "../../expressions/json.ts";
import type { Problem } from "../../model/problems.ts";
import type { Given, PackChain } from "../bounds.ts";
import { boundsOf, type RegionalBound } from "../bounds.ts";
import type { Bound } from "../bound.ts";
import { literalOf } from "../compiled-table.ts";
import { stepKey, wholeCase } from "../dimensions.ts";
import { isContext, isTextList } from "../layered-output.ts";
import { positions } from "../positions.ts";
import { routeOutputs, type RouteOutput, type RouteTable } from "../route-table.ts";
import { levels } from "../types.ts";
import { checkPolicy } from "./check-policy.ts";
import { boundFinding, finding, tablePlace, type RulePlace } from "./finding.ts";
import { gridRows, valuesIn, type Column, type GridRow } from "./grid.ts";

/** Cells of one table: each holds what its output can hold, and none goes beyond what the layers above allow. */
export function checkCells(table: RouteTable, grid: readonly Column[], chain: PackChain): readonly Problem[] {
  return gridRows(table, grid).flatMap((row) => [
    ...checkPolicy(table, row.row),
    ...table.outputs.flatMap((output, at): readonly Problem[] => {
      const cell = row.row.values[at];
      const value = cell ? literalOf(cell) : null;
      if (!isOutput(output) || value === null) return [];
      const place = tablePlace(table, row.row.id, output);
      const misfit = checkKind(output, value, place);
      if (misfit) return [misfit];
      const steps = valuesIn(grid, row.box, stepKey).filter((step) => typeof step === "string");
      return checkBounds({ output, value, place, steps, row, grid, chain, by: table.region });
    }),
  ]);
}

function isOutput(name: string): name is RouteOutput {
  return Object.hasOwn(routeOutputs, name);
}

const fits: Readonly<Record<(typeof routeOutputs)[RouteOutput], (value: Json) => boolean>> = {
  boolean: (value) => typeof value === "boolean",
  text: (value) => typeof value === "string" && value !== "",
  number: (value) => typeof value === "number" && Number.isInteger(value) && value > 0,
  position: (value) => typeof value === "string" && Object.hasOwn(positions, value),
  level: (value) => levels.some((level) => level === value),
  context: isContext,
  operations: (value) => Array.isArray(value) && isTextList(value) && value.length > 0,
  steps: (value) => Array.isArray(value) && isTextList(value) && value.length > 0,
  onOverdue: (value) => value === "escalate" || value === "deemedGrant" || value === "deemedRefusal",
};

function checkKind(output: RouteOutput, value: Json, place: RulePlace): Problem | null {
  const kind = routeOutputs[output];
  if (fits[kind](value)) return null;
  return finding(
    "CELL_TYPE",
    place,
    `值 ${JSON.stringify(value)} 不是此输出可用的值（${kind}）`,
    `the value ${JSON.stringify(value)} is not one that this output can hold (${kind})`,
  );
}

interface CellQuestion extends Given<Json> {
  readonly output: RouteOutput;
  readonly place: RulePlace;
  readonly steps: readonly string[];
  readonly row: GridRow;
  readonly grid: readonly Column[];
  readonly chain: PackChain;
  readonly by: string;
}

function checkBounds(cell: CellQuestion): readonly Problem[] {
  switch (cell.output) {
    case "perform":
      return cell.value === false
        ? broken(cell, "mayNotSkip", (bound) => bound.steps.some(named(cell)), {
            zh: "不办理此环节",
            en: "leaving out this step",
          })
        : [];
    case "role": {
      const role = typeof cell.value === "string" ? cell.value : "";
      return broken(cell, "mustHaveRole", (bound) => named(cell)(bound.step) && !bound.roles.includes(role), {
        zh: `由 ${role} 办理`,
        en: `the role ${role}`,
      });
    }
    case "forbids":
      return unknownOperations(cell);
    case "approval":
    case "approvalParameters":
      return broken(cell, "keepsApprovalPolicy", (bound) => bound.steps.some(named(cell)), {
        zh: "改变审批方式",
        en: "another approval policy",
      });
    case "addSteps":
      return [...outsideCase(cell), ...forbiddenAdditions(cell)];
    case "onOverdue":
      return cell.value === "deemedGrant"
        ? broken(cell, "noDeemedConsent", (bound) => reaches(cell, bound), {
            zh: "超时视为同意",
            en: "deemed consent after the limit",
          })
        : [];
    case "at":
    case "level":
    case "limit":
    case "value":
      return [];
  }
}

function unknownOperations({ value, place }: CellQuestion): readonly Problem[] {
  const operations = Array.isArray(value) ? value.map(String) : [];
  return operations
    .filter((name) => !isForbiddable(name))
    .map((name) =>
      finding(
        "OPERATION_UNKNOWN",
        place,
        `不能禁止操作“${name}”，可用：${forbiddables.join("、")}`,
        `the operation “${name}” cannot be forbidden; there are ${forbiddables.join(", ")}`,
      ),
    );
}

/** A row about every step speaks of a bound's step as well as one that names it. */
function named({ steps }: CellQuestion): (step: string) => boolean {
  return (step) => steps.includes(step);
}

function broken<T extends Bound["type"]>(
  cell: CellQuestion,
  type: T,
  breaks: (bound: RegionalBound<T>["bound"]) => boolean,
  what: { zh: string; en: string },
): readonly Problem[] {
  return boundsOf(cell.chain, type, cell.by).flatMap((regional) =>
    breaks(regional.bound) ? [boundFinding(cell.place, regional, what)] : [],
  );
}

function forbiddenAdditions(cell: CellQuestion): readonly Problem[] {
  const added = Array.isArray(cell.value) ? cell.value.map(String) : [];
  return boundsOf(cell.chain, "mayOnlyAddSteps", cell.by).flatMap((regional) =>
    added
      .filter((step) => !regional.bound.steps.includes(step))
      .map((step) => boundFinding(cell.place, regional, { zh: `增加环节 ${step}`, en: `adding the step ${step}` })),
  );
}

function outsideCase(cell: CellQuestion): readonly Problem[] {
  if (cell.steps.length === 1 && cell.steps[0] === wholeCase) return [];
  return [
    finding(
      "ADD_STEPS_OUTSIDE_CASE",
      cell.place,
      `只有针对整个办件的行（环节 = "${wholeCase}"）才能增加环节`,
      `only a row about the whole case (step = "${wholeCase}") can add steps`,
    ),
  ];
}

/** Deemed consent reaches personal information or graded data unless the row's own conditions keep them out. */
function reaches({ grid, row }: CellQuestion, bound: RegionalBound<"noDeemedConsent">["bound"]): boolean {
  const personal = valuesIn(grid, row.box, "request.personalInfo");
  const grades = valuesIn(grid, row.box, "resource.grade");
  const mayBePersonal = personal.length === 0 || personal.some((value) => value !== "none");
  const mayBeGraded = grades.length === 0 || grades.some((grade) => Number(grade) >= bound.fromGrade);
  return (bound.personalInfo && mayBePersonal) || mayBeGraded;
}
