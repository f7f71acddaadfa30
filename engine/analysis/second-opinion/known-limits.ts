import type { EventDefinition, FlowNode, ProcessModel } from "../../model/process-model.ts";
import type { OurStep } from "./our-core.ts";

/** An element in the step in which two traces differ first. */
export interface LimitPlace {
  readonly node: FlowNode;
  readonly model: ProcessModel;
  readonly step: OurStep;
  /** Elements that have completed in earlier steps. */
  readonly earlier: ReadonlySet<string>;
}

/**
 * Something that bpmn-engine 25.0.1 (with the replaced elements) does otherwise than the specification says. `code` names its
 * smallest file, `test/second-opinion/limits/<code>.bpmn`. It explains a difference only where the very step in which the
 * traces part passes through it.
 */
export interface KnownLimit {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly explains: (place: LimitPlace) => boolean;
}

export const knownLimits: readonly KnownLimit[] = [
  {
    code: "complex-gateway",
    zh: "没有复杂网关，按包容网关运行",
    en: "has no complex gateway; it runs as an inclusive one",
    explains: ({ node }) => node.kind === "complexGateway",
  },
  {
    code: "ad-hoc",
    zh: "特设子流程的全部活动自动开始，没有完成条件",
    en: "begins everything in an ad-hoc sub-process by itself and knows no completion condition",
    explains: ({ node }) => node.kind === "subProcess" && node.variant === "adHoc",
  },
  {
    code: "event-sub-process",
    zh: "事件子流程不启动，或启动后不中断",
    en: "does not start event sub-processes, or does not interrupt for them",
    explains: ({ node, model }) => {
      const around = model.elements.get(node.parent);
      return node.kind === "startEvent" && around?.kind === "subProcess" && around.variant === "event";
    },
  },
  {
    code: "compensation",
    zh: "补偿不按指定活动、不按逆序、不等待",
    en: "compensates whatever is named, forwards, and does not wait",
    explains: ({ node }) => throws(node, "compensation") || throws(node, "cancel"),
  },
  {
    code: "parallel-multiple",
    zh: "并行多重事件在第一个事件发生时就触发",
    en: "lets a parallel multiple event happen with the first of its events",
    explains: ({ node }) => "parallel" in node && node.parallel,
  },
  {
    code: "uncaught-error",
    zh: "无人捕获的错误算作正常结束",
    en: "ends well where nothing catches an error",
    explains: ({ node, step }) =>
      step.events.some((event) => event.type === "error.thrown" && event.element === node.id && !event.caught),
  },
  {
    code: "error-catch-all",
    zh: "同一活动上不指定代码的错误边界事件先捕获",
    en: "prefers the error boundary event that names no code to the one that names it",
    explains: ({ node, model, step }) =>
      "boundary" in node &&
      step.events.some((event) => event.type === "error.thrown") &&
      new Set(errorCodesAt(node.boundary, model).map((code) => code === null)).size === 2,
  },
  {
    code: "error-passes-level",
    zh: "错误穿过一层子流程时，该子流程照常完成",
    en: "completes a sub-process that an error passes on its way to who catches it",
    explains: ({ node, model }) => throws(node, "error") && passesLevel(node, model),
  },
  {
    code: "escalation-catch-all",
    zh: "不指定代码的升级捕获不到带代码的升级",
    en: "does not catch an escalation with a code where the catching event names none",
    explains: ({ node }) =>
      (node.kind === "boundaryEvent" || node.kind === "startEvent") &&
      node.definitions.some((event) => event.type === "escalation" && event.code === null),
  },
  {
    code: "fires-once",
    zh: "非中断的消息、信号、条件边界事件只触发一次",
    en: "lets a non-interrupting boundary event of a message, signal or condition happen once only",
    explains: ({ node, earlier }) =>
      node.kind === "boundaryEvent" &&
      !node.interrupting &&
      earlier.has(node.id) &&
      node.definitions.some(({ type }) => type !== "timer"),
  },
  {
    code: "one-at-a-time",
    zh: "一个活动同时只执行一次，第二个令牌排队",
    en: "performs an activity once at a time; a second token queues, and one that a join has twice is swallowed",
    explains: ({ node, step }) => ("boundary" in node || "activation" in node) && step.crowded.has(node.id),
  },
  {
    code: "token-left-at-join",
    zh: "汇聚处留下一个令牌时仍算作结束",
    en: "ends although a token is left at a join",
    explains: ({ node, step }) =>
      "activation" in node &&
      step.events.some(
        (event) =>
          event.type === "incident.raised" && event.code === "JOIN_NEVER_COMPLETES" && event.element === node.id,
      ),
  },
  {
    code: "loop-events",
    zh: "忽略多实例的行为事件",
    en: "ignores the events that a multi-instance activity throws as instances complete",
    explains: ({ node }) => "multiInstance" in node && (node.multiInstance?.throws.length ?? 0) > 0,
  },
  {
    code: "quantities",
    zh: "忽略 startQuantity 和 completionQuantity",
    en: "ignores startQuantity and completionQuantity",
    explains: ({ node }) => "startQuantity" in node && (node.startQuantity !== 1 || node.completionQuantity !== 1),
  },
  {
    code: "standard-loop",
    zh: "标准循环的条件相反",
    en: "turns the condition of a standard loop round",
    explains: ({ node }) => "standardLoop" in node && (node.standardLoop?.condition ?? null) !== null,
  },
  {
    code: "signal-in-one-step",
    zh: "同一步内并行分支抛出的信号，到达捕获事件之前就已消失",
    en: "loses a signal that another branch throws before its catcher is reached; the order of branches is nobody's promise",
    explains: ({ node, model, step }) =>
      node.kind === "intermediateCatchEvent" &&
      throwersOf(node.definitions, step).some((id) => !leadsTo(model, id, node)),
  },
  {
    code: "two-flows-to-one",
    zh: "两个元素之间的多条连线只走一条",
    en: "takes one flow where several lead from one element to the same other one",
    explains: ({ node, model }) => {
      const targets = node.outgoing.map((id) => model.flows.get(id)?.target);
      return new Set(targets).size < targets.length;
    },
  },
];

function throws(node: FlowNode, type: EventDefinition["type"]): boolean {
  if (node.kind !== "endEvent" && node.kind !== "intermediateThrowEvent") return false;
  return node.definitions.some((event) => event.type === type);
}

function errorCodesAt(boundary: readonly string[], model: ProcessModel): readonly (string | null)[] {
  return boundary.flatMap((id) => {
    const event = model.elements.get(id);
    if (event?.kind !== "boundaryEvent") return [];
    return event.definitions.flatMap((one) => (one.type === "error" ? [one.code] : []));
  });
}

/** The sub-process around the throwing end event does not catch its error. */
function passesLevel(node: FlowNode, model: ProcessModel): boolean {
  const around = model.elements.get(node.parent);
  if (around?.kind !== "subProcess" || node.kind !== "endEvent") return false;
  const caught = errorCodesAt(around.boundary, model);
  return node.definitions.some((one) => one.type === "error" && !caught.includes(one.code) && !caught.includes(null));
}

/** Elements that threw a signal of the catching event's in this step. */
function throwersOf(definitions: readonly EventDefinition[], { events }: OurStep): readonly string[] {
  const names = new Set(definitions.flatMap((event) => (event.type === "signal" ? [event.name] : [])));
  return events.flatMap((event) => (event.type === "signal.thrown" && names.has(event.name) ? [event.element] : []));
}

function leadsTo(model: ProcessModel, from: string, to: FlowNode): boolean {
  const seen = new Set<string>();
  const open = [to.id];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === from) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const flow of model.elements.get(id)?.incoming ?? []) open.push(model.flows.get(flow)?.source ?? "");
  }
  return false;
}

/** Limits that explain a difference in this step: those of elements that the step touches. */
export function limitsIn(
  models: readonly ProcessModel[],
  step: OurStep,
  earlier: ReadonlySet<string>,
): readonly KnownLimit[] {
  const touched = models.flatMap((model) =>
    [...model.elements.values()]
      .filter(({ id }) => isTouched(model, step, id))
      .map((node) => ({ node, model, step, earlier })),
  );
  return knownLimits.filter(({ explains }) => touched.some(explains));
}

/** A step in a sub-process touches the sub-process, too. */
function isTouched(model: ProcessModel, step: OurStep, id: string): boolean {
  if (step.touched.has(id) || step.crowded.has(id)) return true;
  const scope = model.scopes.get(id);
  return scope !== undefined && scope.nodes.some((inner) => isTouched(model, step, inner));
}
