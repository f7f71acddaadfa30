import type { Variables } from "../expressions/json.ts";
import type { Json } from "../expressions/json.ts";
import { keepRequiredStep, resolveLimit } from "./bounds.ts";
import { RouteError } from "./errors.ts";
import { explain } from "./explain.ts";
import { dimensionsOf, partiesOf } from "./facts.ts";
import { referTo, type Directory, type Organisation } from "./organisations.ts";
import { organisationAt } from "./positions.ts";
import { chainOf } from "./regions.ts";
import { packsInForce, type RulePack } from "./rule-pack.ts";
import { firstMatch, type RouteTable } from "./route-table.ts";
import type { MatchedRow, Route, RouteDecision, RouteQuery } from "./types.ts";

export interface RouterOptions {
  readonly directory: Directory;
  readonly packs: readonly RulePack[];
  /** Tables of the process that the case runs, of all regions. */
  readonly tables: readonly RouteTable[];
  /** Day whose rules apply: the day on which the case began. */
  readonly date: string;
}

/**
 * The evaluator of flexible routes, shared by the engine, the preview and the checks. For a step it finds the organisation
 * that acts, walks from its region up to the country, takes each output from the nearest layer whose first matching row sets
 * it, applies the bounds of the layers above, and keeps why.
 */
export function createRouter({ directory, packs, tables, date }: RouterOptions): Route {
  const inForce = packsInForce(packs, date);
  const tablesByRegion = new Map(tables.map((table) => [table.region, table]));

  return (query: RouteQuery, variables: Variables): RouteDecision => {
    const organisation = organisationAt(directory, query.at ?? "applicant", partiesOf(variables));
    const chain = chainOf(directory.regions, organisation.region);
    const facts = dimensionsOf(variables, query.step, organisation);
    const rows = matchedRows(chain, tablesByRegion, facts);
    const perform = performs(rows);
    const required = keepRequiredStep(query.step, perform.value, perform.region, chain, inForce);
    const role = textOutput(rows, "role") ?? query.role ?? "";
    const limitCode = query.limit === null ? null : (textOutput(rows, "limit") ?? query.limit);
    const resolved = limitCode === null ? null : resolveLimit(limitCode, chain, inForce, numberOutput(rows, "value"));
    if (required.perform && role !== "") requireRole(organisation, role);
    return {
      perform: required.perform,
      role,
      organisation: referTo(organisation),
      limit: resolved?.limit ?? null,
      explanation: explain({
        step: query.step,
        organisation,
        chain: chain.filter((region) => inForce.has(region) || tablesByRegion.has(region)),
        rows,
        perform: required.perform,
        limit: resolved?.limit ?? null,
        bounds: [...required.bounds, ...(resolved?.bounds ?? [])],
      }),
    };
  };
}

function matchedRows(
  chain: readonly string[],
  tables: ReadonlyMap<string, RouteTable>,
  facts: Variables,
): readonly MatchedRow[] {
  return chain.flatMap((region) => {
    const table = tables.get(region);
    const match = table ? firstMatch(table, facts) : null;
    if (!table || !match) return [];
    return [
      {
        region,
        table: table.id,
        version: table.version,
        row: match.row.id,
        conditions: match.conditions,
        gave: match.gave,
      },
    ];
  });
}

function output(rows: readonly MatchedRow[], name: string): { value: Json; region: string } | null {
  const row = rows.find((candidate) => name in candidate.gave);
  return row ? { value: row.gave[name] as Json, region: row.region } : null;
}

function performs(rows: readonly MatchedRow[]): { value: boolean; region: string | null } {
  const found = output(rows, "perform");
  return { value: found?.value !== false, region: found?.region ?? null };
}

function textOutput(rows: readonly MatchedRow[], name: string): string | null {
  const value = output(rows, name)?.value;
  return typeof value === "string" ? value : null;
}

function numberOutput(rows: readonly MatchedRow[], name: string): number | null {
  const value = output(rows, name)?.value;
  return typeof value === "number" ? value : null;
}

function requireRole(organisation: Organisation, role: string): void {
  if (organisation.roles.includes(role)) return;
  throw new RouteError(
    "ROLE_NOT_HELD",
    `${organisation.id} ${role}`,
    { zh: `${organisation.name.zh}没有人担任 ${role}`, en: `nobody holds ${role} at ${organisation.name.en}` },
    { zh: "请指定担任此角色的人员", en: "Appoint somebody to this role" },
  );
}
