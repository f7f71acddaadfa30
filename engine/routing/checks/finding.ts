import type { Problem } from "../../model/problems.ts";
import { boundText, type Bound } from "../bound.ts";
import type { RuleSource } from "../types.ts";

/** Where a finding is: the file, the row or limit, and the cell or field. */
export interface RulePlace {
  readonly file: string;
  readonly entry: string;
  readonly cell: string | null;
}

export function packPlace(region: string, entry: string, cell: string | null): RulePlace {
  return { file: `rule-packs/${region}`, entry, cell };
}

export function tablePlace(
  table: { readonly process: string; readonly region: string },
  row: string,
  cell: string | null,
): RulePlace {
  return { file: `routes/${table.process}/${table.region}`, entry: row, cell };
}

export function finding(code: string, place: RulePlace, zh: string, en: string): Problem {
  const element = [place.file, place.entry, place.cell].filter((part) => part !== null && part !== "").join(" ");
  return { code, severity: "error", element, message: { zh: `${element}：${zh}`, en: `${element}: ${en}` } };
}

/** A finding about a bound of a layer above names the bound and its source. */
export function boundFinding(
  place: RulePlace,
  { region, bound }: { readonly region: string; readonly bound: Bound },
  what: { readonly zh: string; readonly en: string },
): Problem {
  return finding(
    "BOUND_BROKEN",
    place,
    `${what.zh}，违反${region}的约束“${boundText(bound)}”，依据${sourceText(bound.source).zh}`,
    `${what.en} breaks the bound “${boundText(bound)}” of ${region} (${sourceText(bound.source).en})`,
  );
}

export function sourceText({ title, article, documentNumber }: RuleSource): { zh: string; en: string } {
  const rest = [documentNumber, article].filter((part) => part !== null);
  return { zh: `《${title}》${rest.join("，")}`, en: [title, ...rest].join(", ") };
}
