import type { Trace, TraceStep } from "./scenario.ts";

/** Index of the first step in which two traces of one scenario differ; `null` when they tell the same. */
export function firstDifference(ours: Trace, theirs: Trace): number | null {
  for (let index = 0; index < Math.max(ours.length, theirs.length); index += 1) {
    const [one, other] = [ours[index], theirs[index]];
    if (!one || !other || !tellsTheSame(one, other)) return index;
  }
  return null;
}

/** Bags are sorted, so equal bags are equal lists. */
function tellsTheSame(one: TraceStep, other: TraceStep): boolean {
  const bags = ["completed", "taken", "open"] as const;
  return one.status === other.status && bags.every((bag) => one[bag].join(" ") === other[bag].join(" "));
}
