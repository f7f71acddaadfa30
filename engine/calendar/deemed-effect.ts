import type { Variables } from "../expressions/json.ts";
import type { ResolvedLimit } from "../routing/types.ts";

/** Outcomes that only silence has: no person chooses them, and none is said to have. */
export const deemedOutcomes = ["deemedGrant", "deemedRefusal"] as const;

export function isDeemed(outcome: string): boolean {
  return deemedOutcomes.some((deemed) => deemed === outcome);
}

/** What silence means when a limit runs out: nothing, or an outcome of its own that no person is said to have chosen. */
export type DeemedEffect =
  | { readonly type: "none" }
  | { readonly type: "deemed"; readonly outcome: (typeof deemedOutcomes)[number] }
  | { readonly type: "forbidden"; readonly reason: "personalInfo" | "grade" | "factsMissing" };

/** Grades from here on are never released by silence. */
const lowestProtectedGrade = 3;

/**
 * The legal effect of a limit that ran out. Silence decides only where the rule pack says so, and never releases personal
 * information (Personal Information Protection Law art. 55, 56: assessment before providing) or data of grade 3 and above; a
 * case that does not say what it is about is treated as one that does.
 */
export function deemedEffect(limit: Pick<ResolvedLimit, "onTimeout">, variablesOf: () => Variables): DeemedEffect {
  if (limit.onTimeout === "escalate") return { type: "none" };
  if (limit.onTimeout === "deemedRefusal") return { type: "deemed", outcome: "deemedRefusal" };
  const variables = variablesOf();
  const personalInfo = factOf(variables["request"], "personalInfo");
  const grade = factOf(variables["resource"], "grade");
  if (typeof personalInfo !== "string" || typeof grade !== "number")
    return { type: "forbidden", reason: "factsMissing" };
  if (personalInfo !== "none") return { type: "forbidden", reason: "personalInfo" };
  if (grade >= lowestProtectedGrade) return { type: "forbidden", reason: "grade" };
  return { type: "deemed", outcome: "deemedGrant" };
}

function factOf(holder: unknown, name: string): unknown {
  return typeof holder === "object" && holder !== null
    ? Object.entries(holder).find(([key]) => key === name)?.[1]
    : null;
}
