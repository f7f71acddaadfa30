import type { Parameter } from "../store/store.ts";

/** What a person may see or do, as a condition of SQL. */
export interface ScopeCondition {
  readonly sql: string;
  readonly parameters: readonly Parameter[];
}

export const anything: ScopeCondition = { sql: "1 = 1", parameters: [] };
const nothing: ScopeCondition = { sql: "1 = 0", parameters: [] };

/** Several conditions that must all hold. */
export function allOf(...conditions: readonly ScopeCondition[]): ScopeCondition {
  if (conditions.length === 0) return anything;
  return joined(conditions, " AND ");
}

/** Several conditions of which one is enough. */
export function anyOf(conditions: readonly ScopeCondition[]): ScopeCondition {
  if (conditions.length === 0) return nothing;
  const { sql, parameters } = joined(conditions, " OR ");
  return { sql: `(${sql})`, parameters };
}

export function not({ sql, parameters }: ScopeCondition): ScopeCondition {
  return { sql: `NOT (${sql})`, parameters };
}

/** A column that holds one of these values. */
export function oneOf(column: string, values: readonly Parameter[]): ScopeCondition {
  if (values.length === 0) return nothing;
  return { sql: `${column} IN (${values.map(() => "?").join(", ")})`, parameters: values };
}

function joined(conditions: readonly ScopeCondition[], by: string): ScopeCondition {
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(by),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}
