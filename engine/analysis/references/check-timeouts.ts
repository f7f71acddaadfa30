import { parseDuration } from "../../execution/iso-8601.ts";
import { warning, type Problem } from "../../model/problems.ts";
import type { Activity, BoundaryEvent, FlowNode, ProcessModel, TimerDefinition } from "../../model/process-model.ts";
import { clockTimers, isActivity } from "./check-names.ts";
import type { KnownNames } from "./known-names.ts";

/**
 * Timeouts that cannot come: on a clock that does not run there, at a step that never waits, or after an interrupting timer
 * of the same step. `known` is null where the route tables are not known; they may put another limit in a step's place.
 */
export function checkTimeouts(model: ProcessModel, known: KnownNames | null): readonly Problem[] {
  return [...model.elements.values()].flatMap((node) => [
    ...clockProblems(node, model, known),
    ...(node.kind === "boundaryEvent" ? boundaryProblems(node, model) : []),
  ]);
}

/** A timer follows the clock of its code that runs in the case; that of an enclosing activity is sure to. */
function clockProblems(node: FlowNode, model: ProcessModel, known: KnownNames | null): readonly Problem[] {
  return clockTimers(node).flatMap(({ limit }) => {
    if (limitsAround(node, model).has(limit) || isRouted(limit, model, known)) return [];
    const elsewhere = [...model.elements.values()].find((other) => isActivity(other) && other.limit === limit);
    const [zh, en] = elsewhere
      ? [
          `只有 ${elsewhere.id} 启动时限 ${limit}，而该环节不包含此定时器，定时器可能永远不触发；请把它附着在该环节上`,
          `only ${elsewhere.id} starts the limit ${limit}, and the timer is neither on it nor within it, so that it may never fire; attach it there`,
        ]
      : [
          `流程中没有任何环节启动时限 ${limit}，定时器不会触发；请在所附环节上设置 jieli:limit`,
          `no step of the process starts the limit ${limit}, so that the timer does not fire; set jieli:limit on the step`,
        ];
    return [warning("CLOCK_NOT_STARTED", node.id, `${node.id}：${zh}`, `${node.id}: ${en}`)];
  });
}

function isRouted(limit: string, model: ProcessModel, known: KnownNames | null): boolean {
  return known?.routed.some(({ process, limits }) => process === model.id && limits.includes(limit)) ?? false;
}

/** Limits of the activity that the event is attached to, of all that enclose it, and of the process. */
function limitsAround(node: FlowNode, model: ProcessModel): ReadonlySet<string | null> {
  const limits = new Set<string | null>([model.limit]);
  let id = node.kind === "boundaryEvent" ? node.attachedTo : node.parent;
  for (let scope = model.elements.get(id); scope; scope = model.elements.get(scope.parent))
    if (isActivity(scope)) limits.add(scope.limit);
  return limits;
}

function boundaryProblems(node: BoundaryEvent, model: ProcessModel): readonly Problem[] {
  const timers = node.definitions.filter((definition) => definition.type === "timer");
  const host = model.elements.get(node.attachedTo);
  if (timers.length === 0 || !host || !isActivity(host)) return [];
  if (!waits(host, model)) {
    return [
      warning(
        "TIMEOUT_UNREACHABLE",
        node.id,
        `${node.id}：所附环节 ${host.id} 立即完成、从不等待，定时永远不会到；请删除，或附着在等待的环节上`,
        `${node.id}: the step ${host.id} that it is attached to is done at once and never waits, so that the time never comes; remove it, or attach it to a step that waits`,
      ),
    ];
  }
  const earlier = interruptedBy(node, timers, host, model);
  if (earlier === null) return [];
  return [
    warning(
      "TIMEOUT_UNREACHABLE",
      node.id,
      `${node.id}：中断型定时 ${earlier} 更早触发，轮不到它；请把其中一个改为不中断，或调整时刻`,
      `${node.id}: the interrupting timer ${earlier} fires before it, so that its turn never comes; make one of them non-interrupting, or change its moment`,
    ),
  ];
}

/** True for an activity that holds a token while something outside the engine happens. */
function waits(node: FlowNode, model: ProcessModel): boolean {
  switch (node.kind) {
    case "userTask":
    case "serviceTask":
    case "receiveTask":
    case "callActivity":
    case "intermediateCatchEvent":
    case "eventBasedGateway":
      return true;
    case "sendTask":
      return node.message === null;
    case "businessRuleTask":
    case "scriptTask":
      return node.expression === null;
    case "subProcess":
      return node.variant === "adHoc" || insideOf(node, model).some((inner) => waits(inner, model));
    default:
      return false;
  }
}

function insideOf(scope: Activity, model: ProcessModel): readonly FlowNode[] {
  return (model.scopes.get(scope.id)?.nodes ?? []).flatMap((id) => model.elements.get(id) ?? []);
}

/** Another timer of the same activity that interrupts it before each of these comes; `null` where there is none. */
function interruptedBy(
  node: BoundaryEvent,
  timers: readonly TimerDefinition[],
  host: Activity,
  model: ProcessModel,
): string | null {
  for (const id of host.boundary) {
    const other = model.elements.get(id);
    if (id === node.id || other?.kind !== "boundaryEvent" || !other.interrupting || other.parallel) continue;
    const others = other.definitions.filter((definition) => definition.type === "timer");
    if (timers.every((timer) => others.some((interrupting) => comesFirst(interrupting, timer)))) return id;
  }
  return null;
}

/** True where both moments are known beforehand on the same scale, and the first comes before the second. */
function comesFirst(first: TimerDefinition, second: TimerDefinition): boolean {
  if (first.timer === "clock")
    return second.timer === "clock" && first.limit === second.limit && first.fraction < second.fraction;
  if (first.timer !== "duration" || second.timer !== "duration") return false;
  const [a, b] = [first.value, second.value].map((value) => (typeof value === "string" ? parseDuration(value) : null));
  return !!a && !!b && a.months === b.months && a.days * dayMs + a.ms < b.days * dayMs + b.ms;
}

const dayMs = 86_400_000;
