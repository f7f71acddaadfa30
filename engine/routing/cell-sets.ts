import { unaryTest } from "feelin";
import type { Json } from "../expressions/json.ts";

/**
 * Which of `values` a FEEL unary test accepts, found by evaluating it on each: exact, because the vocabulary is closed. `null`
 * when the test asks about other data than its own input, so that only a case can tell.
 */
export function acceptedValues(test: string, values: readonly Json[]): readonly boolean[] | null {
  const accepted: boolean[] = [];
  for (const value of values) {
    const result = unaryTest(test, { "?": value });
    if (result.warnings.length > 0) return null;
    accepted.push(result.value === true);
  }
  return accepted;
}

/** Steps that a condition names. Only literals and `not(…)` are closed: `null` for any other test, which could accept unnamed steps. */
export function namedSteps(test: string): readonly string[] | null {
  const withoutNames = test.replaceAll(/"[^"]*"/g, "");
  if (!/^\s*(not\s*\()?[\s,]*\)?\s*$/.test(withoutNames)) return null;
  return [...test.matchAll(/"([^"]*)"/g)].map(([, step = ""]) => step);
}
