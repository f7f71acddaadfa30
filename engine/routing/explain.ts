import { forbiddableName, type Forbiddable } from "../approval/operations.ts";
import type { Bilingual } from "./errors.ts";
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
  /** The division with this code, by its name. */
  readonly nameOf: (region: string) => Bilingual;
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

function sentenceZh({ organisation, perform, limit, rows, forbids, bounds, nameOf }: Findings): string {
  if (!perform) return `按${tablesZh(rows, nameOf)}，本环节在此事项中不需办理。`;
  const parts = [`由${organisation.name.zh}办理`];
  if (limit)
    parts.push(
      `时限${limit.value}${unitWords[limit.unit].zh}（${limit.name.zh}，依据《${limit.source.title}》${limit.source.article ?? ""}，${nameOf(limit.packRegion).zh}规则包 ${limit.packVersion}${limit.verified ? "" : "，尚待核实"}）`,
    );
  if (rows.length > 0) parts.push(`适用${tablesZh(rows, nameOf)}`);
  if (forbids.length > 0) parts.push(`本环节不得${forbids.map((name) => forbiddableName(name).zh).join("、")}`);
  for (const bound of bounds)
    parts.push(`受${nameOf(bound.region).zh}的约束，由${String(bound.from)}调整为${String(bound.to)}`);
  return `${parts.join("；")}。`;
}

function sentenceEn({ organisation, perform, limit, rows, forbids, bounds, nameOf }: Findings): string {
  if (!perform) return `By ${tablesEn(rows, nameOf)} this step is not performed for this case.`;
  const parts = [`Handled by ${organisation.name.en}`];
  if (limit)
    parts.push(
      `limit ${limit.value} ${unitWords[limit.unit].en} (${limit.name.en}; ${limit.source.title}${limit.source.article ? `, ${limit.source.article}` : ""}; rule pack ${limit.packVersion} of ${nameOf(limit.packRegion).en}${limit.verified ? "" : "; not yet verified"})`,
    );
  if (rows.length > 0) parts.push(`by ${tablesEn(rows, nameOf)}`);
  if (forbids.length > 0)
    parts.push(`not possible at this step: ${forbids.map((name) => forbiddableName(name).en).join(", ")}`);
  for (const bound of bounds)
    parts.push(`cut back from ${String(bound.from)} to ${String(bound.to)} by a bound of ${nameOf(bound.region).en}`);
  return `${parts.join("; ")}.`;
}

/** Which row of a table it was stands with the rows themselves. */
function tablesZh(rows: readonly MatchedRow[], nameOf: Findings["nameOf"]): string {
  return [...new Set(rows.map(({ region }) => `${nameOf(region).zh}的路由规则`))].join("、");
}

function tablesEn(rows: readonly MatchedRow[], nameOf: Findings["nameOf"]): string {
  return [...new Set(rows.map(({ region }) => `the route rules of ${nameOf(region).en}`))].join(", ");
}

function uniqueSources(sources: readonly RuleSource[]): readonly RuleSource[] {
  return [...new Map(sources.map((source) => [`${source.title} ${source.article ?? ""}`, source])).values()];
}
