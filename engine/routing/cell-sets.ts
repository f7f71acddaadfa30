import { unaryTest } from "feelin";
import type { Json } from "../expressions/json.ts";

/**
 * Which of `values` a FEEL unary test accepts, found by evaluating it on each: exact, because the vocabulary is closed. `null`
 * when the test asks about other data than its own input, so that only a case can tell.
 */
export function acceptedValues(test: string, values: readonly Json[]): readonly boolean[] | null {
  const key = JSON.stringify([test, values]);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const accepted = evaluateEach(test, values);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, accepted);
  return accepted;
}

/** A condition stands in many rows and is asked about at every check; evaluating FEEL takes a fifth of a millisecond a value. */
const remembered = new Map<string, readonly boolean[] | null>();
const mostRemembered = 4096;

function evaluateEach(test: string, values: readonly Json[]): readonly boolean[] | null {
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
