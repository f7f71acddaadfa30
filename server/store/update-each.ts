import type { Parameter, Transaction } from "./store.ts";

/** The new values of one row, by its key. */
export interface RowChange {
  readonly key: string;
  readonly values: Readonly<Record<string, Parameter>>;
}

/**
 * Changes many rows of a table in one statement, each to values of its own, found by the column `by`. All changes name the
 * same columns. Names come from code, never from a request. `and` narrows the rows further. The two dialects join an update
 * with a list of values each in its own way; a CASE of the same would be compared branch by branch for every row.
 */
export async function updateEach(
  tx: Transaction,
  { table, by, and = "" }: { readonly table: string; readonly by: string; readonly and?: string },
  changes: readonly RowChange[],
): Promise<void> {
  const [first] = changes;
  if (!first) return;
  const columns = Object.keys(first.values);
  const named = ["k", ...columns.map((_, index) => `v${index}`)].map((name) => `? AS ${name}`).join(", ");
  const unnamed = ["k", ...columns].map(() => "?").join(", ");
  const list = changes.map((_, index) => `SELECT ${index === 0 ? named : unnamed}`).join(" UNION ALL ");
  const parameters = changes.flatMap(({ key, values }) => [key, ...columns.map((column) => values[column] ?? null)]);
  const found = `${table}.${by} = changed.k${and === "" ? "" : ` AND ${table}.${and}`}`;
  const sets = (of: string) => columns.map((column, index) => `${of}${column} = changed.v${index}`).join(", ");
  await tx.execute(
    tx.kind === "mysql"
      ? `UPDATE ${table} JOIN (${list}) AS changed ON ${found} SET ${sets(`${table}.`)}`
      : `UPDATE ${table} SET ${sets("")} FROM (${list}) AS changed WHERE ${found}`,
    parameters,
  );
}

/** `?, ?, ?` for a list of values. */
export function placesFor(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}
