import type { Row } from "./store.ts";

/** Typed reading of rows: a column that is not what it should be is a defect of a statement, and says so. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`column ${column} is no text`);
  return value;
}

export function optionalText(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : text(row, column);
}

export function integer(row: Row, column: string): number {
  const value = Number(row[column]);
  if (!Number.isInteger(value)) throw new TypeError(`column ${column} is no integer`);
  return value;
}

/** JSON that this program wrote itself. */
export function json<T>(row: Row, column: string): T {
  return JSON.parse(text(row, column)) as T;
}
