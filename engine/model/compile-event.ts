import { compileOptional, formalExpression, nodeBase, unsupported, type Report } from "./compile-parts.ts";
import { parseCycle, parseDuration, parseInstant } from "../execution/iso-8601.ts";
import { asElement, elementsOf, textOf, type ModdleElement } from "./parse.ts";
import { problem } from "./problems.ts";
import type { EventDefinition, FlowNode, MessageModel, TimerDefinition } from "./process-model.ts";
import { eventDefinitions } from "./support.ts";

export interface DefinitionsIndex {
  readonly messages: ReadonlyMap<string, ModdleElement>;
  readonly report: Report;
}

export function compileEvent(element: ModdleElement, parent: string, index: DefinitionsIndex): FlowNode | null {
  const { report } = index;
  const definitions = elementsOf(element["eventDefinitions"]);
  if (definitions.length + elementsOf(element["eventDefinitionRef"]).length > 1) {
    report(unsupported(element, "多个事件定义", "more than one event definition"));
    return null;
  }
  const found = definitions[0] ?? null;
  const kindName = found ? lowerFirst(found.$type.replace(/^bpmn:/, "").replace(/EventDefinition$/, "")) : "none";
  const allowed = eventDefinitions[element.$type] ?? [];
  if (!allowed.includes(kindName)) {
    report(unsupported(element, `${element.$type} 上的 ${kindName} 事件`, `a ${kindName} event as ${element.$type}`));
    return null;
  }
  const definition = found ? compileDefinition(found, element, index) : null;
  const base = nodeBase(element, parent, report);
  switch (element.$type) {
    case "bpmn:StartEvent":
      return { ...base, kind: "startEvent", definition };
    case "bpmn:EndEvent":
      return { ...base, kind: "endEvent", definition };
    case "bpmn:IntermediateThrowEvent":
      return { ...base, kind: "intermediateThrowEvent", definition };
    case "bpmn:IntermediateCatchEvent":
      return definition ? { ...base, kind: "intermediateCatchEvent", definition } : null;
    case "bpmn:BoundaryEvent": {
      const attachedTo = asElement(element["attachedToRef"])?.id;
      if (!attachedTo || !definition) {
        report(
          problem(
            "BOUNDARY_DANGLING",
            element.id ?? null,
            `边界事件 ${element.id ?? "?"} 未附着在活动上`,
            `Boundary event ${element.id ?? "?"} is attached to nothing`,
          ),
        );
        return null;
      }
      // An error always interrupts (BPMN 2.0 §10.5.6), whatever the attribute says.
      const interrupting = definition.type === "error" || element["cancelActivity"] !== false;
      return { ...base, kind: "boundaryEvent", attachedTo, interrupting, definition };
    }
    default:
      return null;
  }
}

function compileDefinition(
  found: ModdleElement,
  owner: ModdleElement,
  index: DefinitionsIndex,
): EventDefinition | null {
  switch (found.$type) {
    case "bpmn:TerminateEventDefinition":
      return { type: "terminate" };
    case "bpmn:ErrorEventDefinition": {
      const error = asElement(found["errorRef"]);
      return { type: "error", code: textOf(error?.["errorCode"]) ?? textOf(error?.["name"]) };
    }
    case "bpmn:EscalationEventDefinition": {
      const escalation = asElement(found["escalationRef"]);
      return { type: "escalation", code: textOf(escalation?.["escalationCode"]) ?? textOf(escalation?.["name"]) };
    }
    case "bpmn:SignalEventDefinition": {
      const signal = asElement(found["signalRef"]);
      const name = textOf(signal?.["name"]) ?? signal?.id ?? null;
      if (name === null)
        index.report(
          problem(
            "SIGNAL_MISSING",
            owner.id ?? null,
            `事件 ${owner.id ?? "?"} 未指定信号`,
            `Event ${owner.id ?? "?"} names no signal`,
          ),
        );
      return name === null ? null : { type: "signal", name };
    }
    case "bpmn:MessageEventDefinition": {
      const message = messageOf(found["messageRef"], owner, index, true);
      return message ? { type: "message", message } : null;
    }
    case "bpmn:TimerEventDefinition":
      return compileTimer(found, owner, index.report);
    default:
      return null;
  }
}

export function messageOf(
  reference: unknown,
  owner: ModdleElement,
  index: DefinitionsIndex,
  required: boolean,
): MessageModel | null {
  const message = asElement(reference);
  if (!message?.id) {
    if (required)
      index.report(
        problem(
          "MESSAGE_MISSING",
          owner.id ?? null,
          `${owner.id ?? "?"} 未指定消息`,
          `${owner.id ?? "?"} names no message`,
        ),
      );
    return null;
  }
  return {
    id: message.id,
    name: textOf(message["name"]) ?? message.id,
    correlationKey: compileOptional(textOf(message["correlationKey"]), message, index.report),
  };
}

function compileTimer(found: ModdleElement, owner: ModdleElement, report: Report): TimerDefinition | null {
  const clock = textOf(found["clock"]);
  if (clock) {
    const when = textOf(found["when"]) ?? "due";
    const fraction = when === "due" ? 1 : Number(/^(\d{1,3})%$/.exec(when)?.[1] ?? Number.NaN) / 100;
    if (!(fraction > 0 && fraction <= 1)) {
      report(
        problem(
          "TIMER_INVALID",
          owner.id ?? null,
          `${owner.id ?? "?"} 的时刻“${when}”应为 due 或 1%–100%`,
          `The moment “${when}” of ${owner.id ?? "?"} must be due or 1% to 100%`,
        ),
      );
      return null;
    }
    return { type: "timer", timer: "clock", limit: clock, fraction };
  }
  for (const [property, timer, parse] of [
    ["timeDate", "date", parseInstant],
    ["timeDuration", "duration", parseDuration],
    ["timeCycle", "cycle", parseCycle],
  ] as const) {
    const expression = asElement(found[property]);
    if (!expression) continue;
    const text = textOf(expression["body"]) ?? "";
    if (parse(text) !== null) return { type: "timer", timer, value: text };
    const value = /^[RP\d]/.test(text) ? null : formalExpression(expression, owner, report);
    if (value) return { type: "timer", timer, value };
    report(
      problem(
        "TIMER_INVALID",
        owner.id ?? null,
        `${owner.id ?? "?"} 的定时“${text}”不是 ISO 8601 ${timer}，也不是 FEEL`,
        `The timer “${text}” of ${owner.id ?? "?"} is neither an ISO 8601 ${timer} nor FEEL`,
      ),
    );
    return null;
  }
  report(
    problem(
      "TIMER_MISSING",
      owner.id ?? null,
      `${owner.id ?? "?"} 未设定时间`,
      `The timer ${owner.id ?? "?"} has no time`,
    ),
  );
  return null;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
