import { forbiddableName, type Forbiddable } from "../approval/operations.ts";
import { unitWords } from "./unit-words.ts";
import type {
  AppliedBound,
  MatchedRow,
  OrganisationRef,
  ResolvedLimit,
  RouteExplanation,
  RuleSource,
} from "./types.ts";

interface Findings {
  readonly step: string;
  readonly organisation: OrganisationRef;
  readonly chain: readonly string[];
  readonly rows: readonly MatchedRow[];
  readonly perform: boolean;
  readonly limit: ResolvedLimit | null;
  readonly forbids: readonly Forbiddable[];
  readonly bounds: readonly AppliedBound[];
}

/** "Why me, why five days": kept with the task, so that it stays true when the rules change. */
export function explain(findings: Findings): RouteExplanation {
  const { step, organisation, chain, rows, limit, bounds } = findings;
  return {
    step,
    jurisdiction: organisation.region,
    layersAsked: chain,
    rows,
    bounds,
    basis: uniqueSources([...(limit ? [limit.source] : []), ...bounds.map((bound) => bound.source)]),
    sentence: { zh: sentenceZh(findings), en: sentenceEn(findings) },
  };
}

function sentenceZh({ organisation, perform, limit, rows, forbids, bounds }: Findings): string {
  if (!perform) return `按${rowNames(rows, "、", "行")}，本环节在此事项中不需办理。`;
  const parts = [`由${organisation.name.zh}办理`];
  if (limit)
    parts.push(
      `时限${limit.value}${unitWords[limit.unit].zh}（${limit.name.zh}，依据《${limit.source.title}》${limit.source.article ?? ""}，规则包${limit.packRegion} ${limit.packVersion}${limit.verified ? "" : "，尚待核实"}）`,
    );
  if (rows.length > 0) parts.push(`适用${rowNames(rows, "、", "行")}`);
  if (forbids.length > 0) parts.push(`本环节不得${forbids.map((name) => forbiddableName(name).zh).join("、")}`);
  for (const bound of bounds)
    parts.push(`受${bound.region}的约束“${bound.bound}”，由${String(bound.from)}调整为${String(bound.to)}`);
  return `${parts.join("；")}。`;
}

function sentenceEn({ organisation, perform, limit, rows, forbids, bounds }: Findings): string {
  if (!perform) return `By ${rowNames(rows, ", ", "")} this step is not performed for this case.`;
  const parts = [`Handled by ${organisation.name.en}`];
  if (limit)
    parts.push(
      `limit ${limit.value} ${unitWords[limit.unit].en} (${limit.name.en}; ${limit.source.title}${limit.source.article ? `, ${limit.source.article}` : ""}; rule pack ${limit.packRegion} ${limit.packVersion}${limit.verified ? "" : "; not yet verified"})`,
    );
  if (rows.length > 0) parts.push(`by ${rowNames(rows, ", ", "")}`);
  if (forbids.length > 0)
    parts.push(`not possible at this step: ${forbids.map((name) => forbiddableName(name).en).join(", ")}`);
  for (const bound of bounds)
    parts.push(
      `cut back from ${String(bound.from)} to ${String(bound.to)} by the bound “${bound.bound}” of ${bound.region}`,
    );
  return `${parts.join("; ")}.`;
}

function rowNames(rows: readonly MatchedRow[], separator: string, suffix: string): string {
  return rows.map((row) => `${row.table} ${row.row}${suffix}`).join(separator);
}

function uniqueSources(sources: readonly RuleSource[]): readonly RuleSource[] {
  return [...new Map(sources.map((source) => [`${source.title} ${source.article ?? ""}`, source])).values()];
}
