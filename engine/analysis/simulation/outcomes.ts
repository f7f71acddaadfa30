import type { Variables } from "../../expressions/json.ts";
import type { FlowNode } from "../../model/process-model.ts";
import { drawByWeight } from "./arrivals.ts";
import type { OutcomePlan } from "./scenario.ts";
import type { VirtualCase } from "./virtual-case.ts";

/** How a task ends. An outcome that the case has used up is drawn no more; without any left it is the first that the step names. */
export function chooseOutcome(
  of: VirtualCase,
  node: FlowNode,
  planned: readonly OutcomePlan[],
  draw: number,
): { readonly outcome: string | null; readonly variables: Variables } {
  const keyOf = ({ outcome }: OutcomePlan) => `${node.id} ${outcome}`;
  const left = planned.filter((plan) => (of.visits.get(keyOf(plan)) ?? 0) < (plan.atMost ?? Infinity));
  const chosen = left[drawByWeight(left, draw)];
  if (!chosen) return { outcome: ("outcomes" in node ? node.outcomes[0] : null) ?? null, variables: {} };
  of.count(keyOf(chosen));
  return { outcome: chosen.outcome, variables: chosen.variables };
}
