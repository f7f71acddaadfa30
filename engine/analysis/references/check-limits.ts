import type { Problem } from "../../model/problems.ts";
import type { FlowNode, ProcessModel } from "../../model/process-model.ts";
import { adviceOf } from "../../model/rules/rule-table.ts";
import { isActivity } from "./check-names.ts";

/**
 * User tasks for which time never passes. Reminders, cards and orders follow the clock of a limit, so a step that runs under
 * none has no ladder. A row of a route table puts another limit in the place of one; it gives none to a step that has none.
 */
export function checkLimits(model: ProcessModel): readonly Problem[] {
  if (model.limit !== null) return [];
  const timed = new Set(
    [...model.elements.values()].flatMap((node) =>
      node.kind === "boundaryEvent" && node.definitions.some(({ type }) => type === "timer") ? [node.attachedTo] : [],
    ),
  );
  return [...model.elements.values()]
    .filter((node) => node.kind === "userTask" && !withEnclosing(node, model).some((at) => isTimed(at, timed)))
    .map(({ id }) => adviceOf("LIMIT_MISSING", id));
}

function isTimed(node: FlowNode, timed: ReadonlySet<string>): boolean {
  return timed.has(node.id) || (isActivity(node) && node.limit !== null);
}

/** A node and the sub-processes around it, from the inside out. */
function withEnclosing(node: FlowNode, model: ProcessModel): readonly FlowNode[] {
  const scope = model.elements.get(node.parent);
  return scope ? [node, ...withEnclosing(scope, model)] : [node];
}
