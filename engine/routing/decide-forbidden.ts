import { forbiddables, type Forbiddable } from "../approval/operations.ts";
import { isTextList, outputsOf } from "./layered-output.ts";
import type { MatchedRow } from "./types.ts";

/** What the route forbids at a step: a layer below may only add to what those above forbid. In the order of the matrix. */
export function decideForbidden(rows: readonly MatchedRow[]): readonly Forbiddable[] {
  const named = new Set(outputsOf(rows, "forbids", isTextList).flatMap(({ value }) => value));
  return forbiddables.filter((operation) => named.has(operation));
}
