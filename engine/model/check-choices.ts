import type { Report } from "./compile-parts.ts";
import { flowsFrom } from "./look-up.ts";
import type { ProcessModel, TaskActivity } from "./process-model.ts";
import { reachableFrom } from "./reachable.ts";
import { breachOf } from "./rules/rule-table.ts";

/** What handlers may choose must exist, follow their step, and leave something to choose from. */
export function checkChoices(model: ProcessModel, report: Report): void {
  for (const node of model.elements.values()) {
    if (node.kind !== "userTask") continue;
    const { branches, peopleFor, peopleRequired } = node.choices;
    if (branches.length + peopleFor.length > 0 && runsSeveralTimes(node))
      report(breachOf("CHOICE_OF_SEVERAL", node.id));
    if (branches.length > 0) checkBranches(model, node, report);
    checkPeople(model, node, report);
    if (peopleRequired && peopleFor.length === 0) report(breachOf("CHOICE_STEP_MISSING", node.id));
  }
}

function checkBranches(model: ProcessModel, node: TaskActivity, report: Report): void {
  const { branches } = node.choices;
  const unknown = branches.filter((id) => sourceOf(model, id)?.kind !== "exclusiveGateway");
  for (const id of unknown) report(breachOf("CHOICE_BRANCH_UNKNOWN", node.id, id));
  if (unknown.length > 0) return;
  if (new Set(branches).size < 2) report(breachOf("CHOICE_TOO_FEW", node.id));
  const gateways = new Set(branches.map((id) => sourceOf(model, id)?.id));
  const ahead = exclusiveGatewaysAfter(model, node);
  if (gateways.size > 1 || ![...gateways].every((id) => id !== undefined && ahead.has(id)))
    report(breachOf("CHOICE_GATEWAY_APART", node.id));
}

function sourceOf(model: ProcessModel, flow: string) {
  return model.elements.get(model.flows.get(flow)?.source ?? "");
}

function exclusiveGatewaysAfter(model: ProcessModel, node: TaskActivity): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = flowsFrom(model, node).map(({ target }) => target);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const next = model.elements.get(id);
    if (next?.kind !== "exclusiveGateway" || found.has(id)) continue;
    found.add(id);
    queue.push(...flowsFrom(model, next).map(({ target }) => target));
  }
  return found;
}

function checkPeople(model: ProcessModel, node: TaskActivity, report: Report): void {
  const { peopleFor } = node.choices;
  if (peopleFor.length === 0) return;
  const later = stepsAfter(model, node.id);
  for (const id of peopleFor) {
    const step = model.elements.get(id);
    if (step?.kind !== "userTask" || !later.has(id)) report(breachOf("CHOICE_STEP_UNKNOWN", node.id, id));
    else if (step.role === null) report(breachOf("CHOICE_ROLE_MISSING", id));
    else if (runsSeveralTimes(step)) report(breachOf("CHOICE_OF_SEVERAL", node.id, id));
  }
}

function runsSeveralTimes({ multiInstance, standardLoop }: TaskActivity): boolean {
  return multiInstance !== null || standardLoop !== null;
}

/** Elements to which paths lead from the element, without coming back to it: to come there again is to choose again. */
function stepsAfter(model: ProcessModel, id: string): ReadonlySet<string> {
  const node = model.elements.get(id);
  const after = node ? flowsFrom(model, node).map(({ target }) => target) : [];
  return reachableFrom(model, after, id);
}
