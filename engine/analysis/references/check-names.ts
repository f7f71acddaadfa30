import { problem, warning, type Problem } from "../../model/problems.ts";
import type { Activity, FlowNode, ProcessModel, TimerDefinition } from "../../model/process-model.ts";
import type { KnownNames } from "./known-names.ts";

/**
 * Codes that nothing resolves: each would stop a case with an incident at that step (limits, roles, positions), leave an official
 * without a form, or leave a rule without effect (steps).
 */
export function checkNames(model: ProcessModel, known: KnownNames): readonly Problem[] {
  const nodes = [...model.elements.values()];
  return [
    ...(model.limit === null ? [] : limitProblems(model.id, model.limit, known)),
    ...nodes.flatMap((node) => [
      ...(isActivity(node) ? activityProblems(node, known) : []),
      ...clockTimers(node).flatMap(({ limit }) => limitProblems(node.id, limit, known)),
    ]),
    ...stepProblems(model, nodes.filter(isActivity), known),
  ];
}

export function isActivity(node: FlowNode): node is Activity {
  return "boundary" in node;
}

export type ClockTimer = Extract<TimerDefinition, { timer: "clock" }>;

/** Timers of an event that follow an SLA clock. */
export function clockTimers(node: FlowNode): readonly ClockTimer[] {
  const definitions = "definitions" in node ? node.definitions : [];
  return definitions.filter(
    (definition): definition is ClockTimer => definition.type === "timer" && definition.timer === "clock",
  );
}

function activityProblems(node: Activity, known: KnownNames): readonly Problem[] {
  const found: Problem[] = [];
  if (node.limit !== null) found.push(...limitProblems(node.id, node.limit, known));
  if (node.role !== null && !known.roles.includes(node.role))
    found.push(
      problem(
        "ROLE_UNKNOWN",
        node.id,
        `没有单位设有岗位 ${node.role}（jieli:role）；请选择已有岗位，或先在单位中设置`,
        `No organisation holds the role ${node.role} (jieli:role); choose one that exists, or appoint somebody first`,
      ),
    );
  found.push(...signerProblems(node, known));
  if (node.at !== null && !known.positions.includes(node.at))
    found.push(
      problem(
        "POSITION_UNKNOWN",
        node.id,
        `案件中没有 ${node.at} 这一方（jieli:at）；可用：${known.positions.join("、")}`,
        `A case has no party ${node.at} (jieli:at); use one of ${known.positions.join(", ")}`,
      ),
    );
  if (node.kind === "userTask" && node.form !== null && !known.forms.includes(node.form))
    found.push(
      warning(
        "FORM_UNKNOWN",
        node.id,
        `没有表单 ${node.form}（jieli:form），承办人将看不到任何字段；请选择已有表单，或先随流程提供该表单`,
        `There is no form ${node.form} (jieli:form), so the official sees no field; choose one that exists, or supply it with the process`,
      ),
    );
  return found;
}

function signerProblems(node: Activity, known: KnownNames): readonly Problem[] {
  const signers = node.kind === "userTask" ? (node.signing.approval?.parameters.signers ?? []) : [];
  return signers
    .filter(({ role }) => !known.roles.includes(role))
    .map(({ role }) =>
      problem(
        "ROLE_UNKNOWN",
        node.id,
        `没有单位设有会签岗位 ${role}（jieli:approvalParameters）；请选择已有岗位，或先在单位中设置`,
        `No organisation holds the signing role ${role} (jieli:approvalParameters); choose one that exists, or appoint somebody first`,
      ),
    );
}

function limitProblems(element: string, code: string, { limits }: KnownNames): readonly Problem[] {
  if (limits.includes(code)) return [];
  return [
    problem(
      "LIMIT_UNKNOWN",
      element,
      `没有规则包定义时限 ${code}；请选择已有的时限代码，或先在规则包中定义`,
      `No rule pack defines the limit ${code}; choose a code that exists, or define it in a rule pack first`,
    ),
  ];
}

/**
 * A step may well have no row. Where rows speak of a step that the process lacks, though, a step that no row knows is likely
 * the same one, spelt otherwise: its rules would silently have no effect.
 */
function stepProblems(
  model: ProcessModel,
  activities: readonly Activity[],
  { routed }: KnownNames,
): readonly Problem[] {
  const spoken = new Set(routed.find(({ process }) => process === model.id)?.steps);
  const own = new Set(activities.map(({ step }) => step));
  const orphans = [...spoken].filter((step) => !own.has(step));
  return activities
    .filter(({ id, step }) => step !== id && !spoken.has(step))
    .flatMap(({ id, step }) => {
      const meant = orphans.find((orphan) => areAlike(orphan, step));
      if (meant === undefined) return [];
      return [
        warning(
          "STEP_UNKNOWN",
          id,
          `路由表没有提到环节 ${step}（jieli:step），却提到了流程中没有的 ${meant}；请核对拼写`,
          `No route table speaks of the step ${step} (jieli:step), but one speaks of ${meant}, which the process lacks; look at the spelling`,
        ),
      ];
    });
}

/** The same but for case, signs and up to two letters. */
function areAlike(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ""));
  return left !== undefined && right !== undefined && editDistance(left, right) <= 2;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
