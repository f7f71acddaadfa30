import type { Json, Variables } from "../../engine/expressions/json.ts";

/**
 * Codes of the items that a case grants: those of a partial grant, else all that were asked for. The one place that reads them;
 * an item-level delivery specification takes its place here.
 */
export function grantedItemsOf(variables: Variables): readonly string[] {
  const asked = listOf(memberOf(variables["request"], "items"));
  return variables["decision"] === "partial" ? listOf(variables["grantedItems"]) : asked;
}

function listOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Variables)[name] : undefined;
}
