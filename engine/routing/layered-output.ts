import type { Json } from "../expressions/json.ts";
import type { Given } from "./bounds.ts";
import type { MatchedRow } from "./types.ts";

/** An output from the nearest layer that sets it; an empty cell inherits. */
export function outputOf<T extends Json>(
  rows: readonly MatchedRow[],
  name: string,
  fits: (value: Json) => value is T,
): Given<T> | null {
  return outputsOf(rows, name, fits)[0] ?? null;
}

/** What each layer gives for an output, the nearest first. */
export function outputsOf<T extends Json>(
  rows: readonly MatchedRow[],
  name: string,
  fits: (value: Json) => value is T,
): readonly Given<T>[] {
  return rows.flatMap(({ gave, region }) => {
    const value = gave[name] as Json | undefined;
    return value !== undefined && fits(value) ? [{ value, by: region }] : [];
  });
}

export function isText(value: Json): value is string {
  return typeof value === "string";
}

export function isNumber(value: Json): value is number {
  return typeof value === "number";
}

export function isTruth(value: Json): value is boolean {
  return typeof value === "boolean";
}

export function isTextList(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

export function isContext(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
