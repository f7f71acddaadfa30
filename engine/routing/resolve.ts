import type { Json, Variables } from "../expressions/json.ts";
import { othersOfFourEyes, refuseDeemedConsent, type PackChain } from "./bounds.ts";
import { compileTable, firstMatch, type CompiledTable } from "./compiled-table.ts";
import { decideActor } from "./decide-actor.ts";
import { decideApproval } from "./decide-approval.ts";
import { decideForbidden } from "./decide-forbidden.ts";
import { decidePerformance } from "./decide-performance.ts";
import { wholeCase } from "./dimensions.ts";
import { explain } from "./explain.ts";
import { factsOf, partiesOf, type Facts } from "./facts.ts";
import { isNumber, isText, outputOf } from "./layered-output.ts";
import { referTo, type Directory } from "./organisations.ts";
import { organisationOfPlace } from "./place-organisation.ts";
import { organisationAt } from "./positions.ts";
import { chainOf, regionNamed } from "./regions.ts";
import { resolveLimit } from "./resolve-limit.ts";
import { packsInForce, type RulePack } from "./rule-pack.ts";
import type { RouteTable } from "./route-table.ts";
import type { AppliedBound, MatchedRow, ResolvedLimit, Route, RouteDecision, RouteQuery } from "./types.ts";

export interface RouterOptions {
  readonly directory: Directory;
  readonly packs: readonly RulePack[];
  /** Tables of the process that the case runs, of all regions. */
  readonly tables: readonly RouteTable[];
  /** Day whose rules apply: the day on which the case began. */
  readonly date: string;
}

/** Rules of one process on one day, made ready for asking. */
interface Rules {
  readonly directory: Directory;
  readonly packs: ReadonlyMap<string, RulePack>;
  readonly tables: ReadonlyMap<string, CompiledTable>;
}

/**
 * The evaluator of flexible routes, shared by the engine, the preview and the checks. For a step it finds the organisation
 * that acts, walks from its region up to the country, takes each output from the nearest layer whose first matching row sets
 * it, applies the bounds of the layers above, and keeps why.
 */
export function createRouter({ directory, packs, tables, date }: RouterOptions): Route {
  const rules: Rules = {
    directory,
    packs: packsInForce(packs, date),
    tables: new Map(tables.map((table) => [table.region, compiledOnce(table)])),
  };
  return (query, variables) => resolveStep(rules, query, variables);
}

function resolveStep(rules: Rules, query: RouteQuery, variables: Variables): RouteDecision {
  const { directory } = rules;
  const parties = partiesOf(variables);
  const drawn = organisationAt(directory, query.at ?? "applicant", parties);
  const chain = chainFrom(rules, drawn.region);
  const providerChain = chainOf(directory.regions, parties.provider.region);
  const { authorityModel } = organisationOfPlace(providerChain, rules.packs);
  const facts = factsOf(variables, query.step, { directory, parties, acting: drawn, authorityModel });
  const rows = matchedRows(rules, chain.regions, facts);
  const performance = decidePerformance(chain, query.step, rows, () => rowsThatAddSteps(rules, chain.regions, facts));
  const actor = decideActor({ directory, parties, drawn, chain, rows, query, performed: performance.value });
  const approval = decideApproval(chain, query.step, rows);
  const forbids = decideForbidden(rows);
  const { limit, bounds } = decideLimit(rules, query, actor.organisation.region, rows, facts);
  const all = performance.addedBy.length > 0 ? [...rows, ...performance.addedBy] : rows;
  return {
    perform: performance.value,
    role: actor.role,
    organisation: referTo(actor.organisation),
    limit,
    approval: approval.value,
    forbids,
    fourEyes: othersOfFourEyes(chain, query.step),
    explanation: explain({
      step: query.step,
      organisation: actor.organisation,
      chain: chain.regions.filter((region) => rules.packs.has(region) || rules.tables.has(region)),
      rows: all,
      perform: performance.value,
      limit,
      forbids,
      bounds: [...performance.applied, ...actor.applied, ...approval.applied, ...bounds],
      nameOf: (code) => regionNamed(directory.regions, code),
    }),
  };
}

function decideLimit(
  rules: Rules,
  query: RouteQuery,
  actingRegion: string,
  rows: readonly MatchedRow[],
  facts: Facts,
): { limit: ResolvedLimit | null; bounds: readonly AppliedBound[] } {
  const code = query.limit === null ? null : (outputOf(rows, "limit", isText)?.value ?? query.limit);
  if (code === null) return { limit: null, bounds: [] };
  const chain = chainFrom(rules, actingRegion);
  const value = outputOf(rows, "value", isNumber);
  const resolved = resolveLimit(code, chain, value?.value ?? null);
  const wanted = outputOf(rows, "onOverdue", isTimeoutEffect)?.value ?? resolved.limit.onTimeout;
  const overdue = refuseDeemedConsent(chain, code, wanted, facts);
  return {
    limit: { ...resolved.limit, onTimeout: overdue.value },
    bounds: [...resolved.bounds, ...overdue.applied],
  };
}

function isTimeoutEffect(value: Json): value is ResolvedLimit["onTimeout"] {
  return value === "escalate" || value === "deemedGrant" || value === "deemedRefusal";
}

function matchedRows(rules: Rules, regions: readonly string[], facts: Facts): readonly MatchedRow[] {
  return regions.flatMap((region) => {
    const compiled = rules.tables.get(region);
    return compiled ? matchIn(compiled, facts) : [];
  });
}

/** Rows about the whole case: their added steps are collected from every layer, they do not override one another. */
function rowsThatAddSteps(rules: Rules, regions: readonly string[], facts: Facts): readonly MatchedRow[] {
  const whole = { ...facts, step: wholeCase };
  return regions.flatMap((region) => {
    const compiled = rules.tables.get(region);
    return compiled?.addsSteps ? matchIn(compiled, whole).filter(({ gave }) => "addSteps" in gave) : [];
  });
}

function matchIn(compiled: CompiledTable, facts: Facts): readonly MatchedRow[] {
  const match = firstMatch(compiled, facts);
  if (!match) return [];
  const { region, id, version } = compiled.table;
  return [{ region, table: id, version, row: match.row.id, conditions: match.conditions, gave: match.gave }];
}

function chainFrom(rules: Rules, region: string): PackChain {
  return { regions: chainOf(rules.directory.regions, region), packs: rules.packs };
}

const compiledTables = new WeakMap<RouteTable, CompiledTable>();

function compiledOnce(table: RouteTable): CompiledTable {
  const known = compiledTables.get(table);
  if (known) return known;
  const compiled = compileTable(table);
  compiledTables.set(table, compiled);
  return compiled;
}
