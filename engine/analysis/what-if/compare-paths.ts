import type { Walk, WalkedStep } from "./walk-result.ts";

/** How one step of a case would be otherwise under other rules. */
export type StepChange = {
  readonly element: string;
  readonly name: string | null;
  readonly visit: number;
} & (
  | { readonly change: "added" | "removed" }
  | { readonly change: "actor" | "limit"; readonly from: string; readonly to: string }
);

/** Compares the way of one case under two sets of rules: steps that come or go, other actors, other limits. */
export function comparePaths(before: Walk, after: Walk): readonly StepChange[] {
  const old = new Map(before.steps.map((step) => [keyOf(step), step]));
  const changed = after.steps.flatMap((step) => {
    const was = old.get(keyOf(step));
    old.delete(keyOf(step));
    return was ? changesOf(was, step) : [{ ...nameOf(step), change: "added" as const }];
  });
  return [...changed, ...[...old.values()].map((step) => ({ ...nameOf(step), change: "removed" as const }))];
}

function changesOf(was: WalkedStep, is: WalkedStep): readonly StepChange[] {
  const told: readonly (readonly ["actor" | "limit", (step: WalkedStep) => string])[] = [
    ["actor", actorOf],
    ["limit", limitOf],
  ];
  return told.flatMap(([change, tell]) => {
    const [from, to] = [tell(was), tell(is)];
    return from === to ? [] : [{ ...nameOf(is), change, from, to }];
  });
}

function actorOf({ decision }: WalkedStep): string {
  return decision ? `${decision.organisation.id} ${decision.role}` : "—";
}

function limitOf({ limit }: WalkedStep): string {
  return limit ? `${limit.code} ${limit.value} ${limit.unit}` : "—";
}

function nameOf({ element, name, visit }: WalkedStep) {
  return { element, name, visit };
}

function keyOf({ element, visit }: WalkedStep): string {
  return `${element} ${visit}`;
}
