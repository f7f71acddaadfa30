import type { Problem } from "./problems.ts";

/** What is missing only because the reference to it leads nowhere. */
const hiddenByReference: ReadonlySet<string> = new Set([
  "FLOW_DANGLING",
  "BOUNDARY_DANGLING",
  "MESSAGE_MISSING",
  "SIGNAL_MISSING",
  "ERROR_CODE_MISSING",
  "ESCALATION_CODE_MISSING",
  "DATA_REFERENCE_EMPTY",
  "MAPPING_INCOMPLETE",
  "MESSAGE_FLOW_DANGLING",
]);

/**
 * Leaves out what only follows from another error, so that the designer mends the cause first: what a dangling reference
 * should have named, and the missing start of a process whose start event was itself refused.
 */
export function withoutConsequences(problems: readonly Problem[]): readonly Problem[] {
  const errors = problems.filter(({ severity }) => severity === "error");
  const dangling = new Set(errors.filter(({ code }) => code === "REFERENCE_DANGLING").map(({ element }) => element));
  const hasCause = errors.some(({ code }) => code !== "START_MISSING");
  return problems.filter(
    ({ code, element }) =>
      !(code === "START_MISSING" && hasCause) && !(hiddenByReference.has(code) && dangling.has(element)),
  );
}
