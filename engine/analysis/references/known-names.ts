import type { Organisation } from "../../routing/organisations.ts";
import { positions } from "../../routing/positions.ts";
import type { RouteTable } from "../../routing/route-table.ts";
import type { RulePack } from "../../routing/rule-pack.ts";

/** Names that a process may use, as the place knows them where it will run. Plain data: the server hands them to the browser. */
export interface KnownNames {
  /** Limit codes of the rule packs. */
  readonly limits: readonly string[];
  /** Roles that some organisation holds. */
  readonly roles: readonly string[];
  readonly positions: readonly string[];
  readonly forms: readonly string[];
  /** What rows of route tables speak of, by process key. */
  readonly routed: readonly RoutedNames[];
}

export interface RoutedNames {
  readonly process: string;
  readonly steps: readonly string[];
  /** Limit codes that rows put in the place of others. */
  readonly limits: readonly string[];
}

export interface NamingContent {
  readonly packs: readonly RulePack[];
  readonly organisations: Iterable<Pick<Organisation, "roles">>;
  readonly tables: readonly RouteTable[];
  /** Ids of the forms that ship with processes. */
  readonly forms: readonly string[];
}

/** The names that rule packs, organisations, route tables and forms define. */
export function knownNames({ packs, organisations, tables, forms }: NamingContent): KnownNames {
  const processes = unique(tables.map(({ process }) => process));
  return {
    limits: unique(packs.flatMap((pack) => pack.limits.map(({ code }) => code))),
    roles: unique([...organisations].flatMap(({ roles }) => roles)),
    positions: Object.keys(positions),
    forms: unique(forms),
    routed: processes.map((process) => {
      const own = tables.filter((table) => table.process === process);
      return { process, steps: unique(own.flatMap(stepsOf)), limits: unique(own.flatMap(limitsOf)) };
    }),
  };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** Text literals of the column that tests the step. */
function stepsOf(table: RouteTable): readonly string[] {
  const column = table.inputs.findIndex(({ expression }) => expression.source === "step");
  return table.rows.flatMap(({ tests }) => literalsOf(tests[column] ?? null));
}

function limitsOf(table: RouteTable): readonly string[] {
  const column = table.outputs.indexOf("limit");
  return table.rows.flatMap(({ values }) => literalsOf(values[column]?.source ?? null));
}

function literalsOf(text: string | null): readonly string[] {
  return [...(text ?? "").matchAll(/"([^"]*)"/g)].map(([, literal]) => literal ?? "");
}
