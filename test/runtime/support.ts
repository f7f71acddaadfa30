import type { Row } from "../../server/store/store.ts";

/** A text column of a row that must be there. */
export function text(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== "string") throw new Error(`no text in ${column}`);
  return value;
}

/** The stored state of an instance row. */
export function type(row: Row | undefined): Record<string, unknown> {
  return JSON.parse(text(row, "state")) as Record<string, unknown>;
}
