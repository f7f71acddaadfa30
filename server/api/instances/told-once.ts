import { text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";

/** Lines of the engine, each with those that tell the same act with who did it and why. */
const fuller: Readonly<Record<string, readonly string[]>> = {
  "process.suspended": ["case.suspendedUntil", "case.operated"],
  "process.resumed": ["case.resumed", "case.operated"],
  "process.cancelled": ["case.terminated", "application.withdrawn", "case.operated"],
  "tokens.moved": ["jump.done", "case.returned", "decision.takenBack"],
};

/** The journal without lines whose act another line of the same person and moment tells more fully. */
export function toldOnce(rows: readonly Row[]): readonly Row[] {
  const key = (row: Row, type: string) => [type, text(row, "at"), text(row, "actor")].join(" ");
  const told = new Set(rows.map((row) => key(row, text(row, "type"))));
  return rows.filter((row) => !fuller[text(row, "type")]?.some((type) => told.has(key(row, type))));
}
