/** Characters that a text with a pattern may have: matching costs at most their square. */
export const longestMatched = 400;
const longestPattern = 200;
const mostOpenQuantifiers = 2;
const mostRepeats = 200;

/** One atom with its quantifier: an escaped class or sign, a bracketed class, any sign, or a plain character. */
const atom =
  /(?:\\[dDwWsS.\-+*?()[\]{}|/\\^$]|\[(?:\\.|[^\]\\])+\]|\.|[^\\[\](){}*+?|^$])(?<times>[*+?]|\{\d+(?:,\d*)?\})?/y;

/**
 * Why a pattern may not be used, in English; `null` where it may. Allowed is a sequence of atoms, at most two of them repeated
 * without end, and alternatives of such sequences: nothing in which a group is repeated, so that no text takes exponential time
 * (quality: no regular expression of unbounded cost), and a text of 400 characters is the longest that is looked at.
 */
export function patternFault(pattern: string): string | null {
  if (pattern.length > longestPattern) return `it has ${pattern.length} characters; ${longestPattern} is the most`;
  const inner = pattern.replace(/^\^/, "").replace(/\$$/, "");
  for (const alternative of inner.split("|")) {
    const fault = sequenceFault(alternative);
    if (fault !== null) return fault;
  }
  return null;
}

function sequenceFault(sequence: string): string | null {
  let open = 0;
  atom.lastIndex = 0;
  while (atom.lastIndex < sequence.length) {
    const from = atom.lastIndex;
    const found = atom.exec(sequence);
    if (!found) return `“${sequence.slice(from, from + 10)}” is not allowed: groups and look-arounds are not supported`;
    const times = found.groups?.["times"] ?? "";
    const [, least, most] = /^\{(\d+)(?:,(\d*))?\}$/.exec(times) ?? [];
    if (times === "*" || times === "+" || most === "") open += 1;
    if (Math.max(Number(least ?? 0), Number(most ?? 0)) > mostRepeats)
      return `${times} repeats more than ${mostRepeats} times`;
    if (least !== undefined && most !== undefined && most !== "" && Number(least) > Number(most))
      return `${times} counts down`;
  }
  return open > mostOpenQuantifiers ? `more than ${mostOpenQuantifiers} parts are repeated without end` : null;
}

/** Whether the whole text matches a pattern that `patternFault` let through. */
export function matchesWholly(pattern: string, text: string): boolean {
  if (text.length > longestMatched) return false;
  return new RegExp(`^(?:${pattern.replace(/^\^/, "").replace(/\$$/, "")})$`, "u").test(text);
}
