import { cellName, type CheckedCell } from "../../engine/analysis/what-if/grid.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { gridOf, type Draft } from "./what-if.ts";

/** More cells than a person reads at once are told by their number. */
const mostTold = 40;

/**
 * Refuses a draft with which some case could not be carried to its end, would go round for ever, or could not keep what the
 * applicant is promised: nothing comes into force that leaves a level, relation, class or grade without a way.
 */
export async function requireCovered(runtime: Runtime, draft: Draft): Promise<void> {
  const { cells } = await gridOf(runtime, draft);
  const red = cells.filter(({ result }) => result.verdict !== "covered");
  if (red.length === 0) return;
  throw new RuntimeProblem(
    422,
    "CASES_UNCOVERED",
    {
      zh: `有 ${red.length} 种情形（共 ${cells.length} 种）无法办结、循环不止或超过承诺时限，未生效`,
      en: `${red.length} of ${cells.length} kinds of case cannot end, go round for ever or exceed the promise; nothing came into force`,
    },
    { zh: "请逐项补充路由、时限或流程后再发布", en: "Mend routes, limits or the process for each, and publish again" },
    red
      .slice(0, mostTold)
      .map((cell) => ({ code: cell.result.verdict.toUpperCase(), place: placeOf(cell), message: told(cell) })),
  );
}

function placeOf({ process, result }: CheckedCell): string {
  return "place" in result ? `${process} ${result.place}` : process;
}

function told(checked: CheckedCell): { zh: string; en: string } {
  const { result } = checked;
  const cell = cellName(checked.cell);
  switch (result.verdict) {
    case "covered":
      return cell;
    case "uncovered":
      return { zh: `${cell.zh}：${result.message}`, en: `${cell.en}: ${result.message}` };
    case "endless":
      return { zh: `${cell.zh}：循环不止`, en: `${cell.en}: it goes round for ever` };
    case "overLimit":
      return {
        zh: `${cell.zh}：各环节时限相加至 ${result.endsBy.slice(0, 10)}，超过承诺的 ${result.promisedBy.slice(0, 10)}`,
        en: `${cell.en}: the limits add up to ${result.endsBy.slice(0, 10)}, after the promised ${result.promisedBy.slice(0, 10)}`,
      };
  }
}
