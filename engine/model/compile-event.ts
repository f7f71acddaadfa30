import { messageOf } from "./compile-message.ts";
import { formalExpression, nodeBase, refuse, type DefinitionsIndex } from "./compile-parts.ts";
import { payloadOf } from "./compile-data.ts";
import { compileTimer } from "./compile-timer.ts";
import { asElement, elementsOf, textOf, type ModdleElement } from "./moddle-element.ts";
import { breachOf, type RuleCode } from "./rules/rule-table.ts";
import type { EventDefinition, FlowNode } from "./process-model.ts";
import { eventDefinitions, refused, waitedFor, type EventPlace } from "./support.ts";

/** Compiles an event of any place; `null` where it is refused. */
export function compileEvent(
  element: ModdleElement,
  parent: string,
  index: DefinitionsIndex,
  inEventSubProcess: boolean,
): FlowNode | null {
  const { report } = index;
  const found = [...elementsOf(element["eventDefinitions"]), ...elementsOf(element["eventDefinitionRef"])];
  const place = placeOf(element, inEventSubProcess);
  if (!isAllowed(element, found, place, index)) return null;
  const compiled = found.map((definition) => compileDefinition(definition, element, index));
  const definitions = compiled.filter((definition) => definition !== null);
  if (definitions.length < found.length) return null;
  const base = { ...nodeBase(element, parent, report), definitions, payload: payloadOf(element, report) };
  const parallel = element["parallelMultiple"] === true && definitions.length > 1;
  switch (place) {
    case "startEvent":
    case "eventSubProcessStart": {
      // An error or a compensation always interrupts (BPMN 2.0 table 10.86), whatever the attribute says.
      const always = definitions.some(({ type }) => type === "error" || type === "compensation");
      return { ...base, kind: "startEvent", parallel, interrupting: always || element["isInterrupting"] !== false };
    }
    case "endEvent":
      return { ...base, kind: "endEvent", definitions: inThrowingOrder(definitions) };
    case "intermediateThrowEvent":
      return { ...base, kind: "intermediateThrowEvent", definitions: inThrowingOrder(definitions) };
    case "intermediateCatchEvent":
      return { ...base, kind: "intermediateCatchEvent", parallel };
    case "boundaryEvent":
      return compileBoundary(element, { ...base, parallel }, index);
  }
}

function compileBoundary(
  element: ModdleElement,
  base: ReturnType<typeof nodeBase> &
    Pick<Extract<FlowNode, { kind: "boundaryEvent" }>, "definitions" | "payload" | "parallel">,
  { report }: DefinitionsIndex,
): FlowNode | null {
  const attachedTo = asElement(element["attachedToRef"])?.id;
  if (!attachedTo) {
    report(breachOf("BOUNDARY_DANGLING", element.id ?? null));
    return null;
  }
  // An error or a cancellation always interrupts (BPMN 2.0 table 10.89), whatever the attribute says.
  const always = base.definitions.some(({ type }) => type === "error" || type === "cancel");
  return { ...base, kind: "boundaryEvent", attachedTo, interrupting: always || element["cancelActivity"] !== false };
}

function placeOf(element: ModdleElement, inEventSubProcess: boolean): EventPlace {
  switch (element.$type) {
    case "bpmn:StartEvent":
      return inEventSubProcess ? "eventSubProcessStart" : "startEvent";
    case "bpmn:EndEvent":
      return "endEvent";
    case "bpmn:IntermediateThrowEvent":
      return "intermediateThrowEvent";
    case "bpmn:BoundaryEvent":
      return "boundaryEvent";
    default:
      return "intermediateCatchEvent";
  }
}

/** Definition types by the name that the support table gives them; `null` for one that BPMN does not know. */
function typeName(definition: ModdleElement): string {
  const name = definition.$type.replace(/^bpmn:/, "").replace(/EventDefinition$/, "");
  return name === "Compensate" ? "compensation" : name.charAt(0).toLowerCase() + name.slice(1);
}

function isAllowed(
  element: ModdleElement,
  definitions: readonly ModdleElement[],
  place: EventPlace,
  { report }: DefinitionsIndex,
): boolean {
  const names = definitions.length === 0 ? ["none"] : definitions.map(typeName);
  const wrong = names.find((name) => !eventDefinitions[place].includes(name));
  if (wrong !== undefined) {
    report(breachOf("EVENT_DEFINITION_MISPLACED", element.id ?? null));
    return false;
  }
  if (element["parallelMultiple"] !== true || names.length < 2) return true;
  if (names.some((name) => !waitedFor.has(name))) {
    report(refuse(element, refused.parallelMixed));
    return false;
  }
  if (place === "startEvent" && names.includes("timer")) {
    report(refuse(element, refused.parallelStart));
    return false;
  }
  return true;
}

const throwingOrder = ["message", "signal", "escalation", "compensation", "link", "error", "cancel", "terminate"];

function inThrowingOrder(definitions: readonly EventDefinition[]): readonly EventDefinition[] {
  const rank = ({ type }: EventDefinition) => throwingOrder.indexOf(type);
  return [...definitions].sort((a, b) => rank(a) - rank(b));
}

/** Compiles an event definition of `owner`; reports what is missing and gives `null`. */
export function compileDefinition(
  found: ModdleElement,
  owner: ModdleElement,
  index: DefinitionsIndex,
): EventDefinition | null {
  switch (found.$type) {
    case "bpmn:TerminateEventDefinition":
      return { type: "terminate" };
    case "bpmn:CancelEventDefinition":
      return { type: "cancel" };
    case "bpmn:CompensateEventDefinition":
      return {
        type: "compensation",
        activity: asElement(found["activityRef"])?.id ?? null,
        wait: found["waitForCompletion"] !== false,
      };
    case "bpmn:ErrorEventDefinition": {
      const error = asElement(found["errorRef"]);
      return { type: "error", code: textOf(error?.["errorCode"]) ?? textOf(error?.["name"]) };
    }
    case "bpmn:EscalationEventDefinition": {
      const escalation = asElement(found["escalationRef"]);
      return { type: "escalation", code: textOf(escalation?.["escalationCode"]) ?? textOf(escalation?.["name"]) };
    }
    case "bpmn:LinkEventDefinition": {
      const name = textOf(found["name"]) ?? textOf(owner["name"]);
      return name === null ? missing(owner, index, "LINK_MISSING") : { type: "link", name };
    }
    case "bpmn:ConditionalEventDefinition": {
      if (!asElement(found["condition"])) return missing(owner, index, "EVENT_CONDITION_MISSING");
      const condition = formalExpression(found["condition"], owner, index.report);
      return condition ? { type: "conditional", condition } : null;
    }
    case "bpmn:SignalEventDefinition": {
      const signal = asElement(found["signalRef"]);
      const name = textOf(signal?.["name"]) ?? signal?.id ?? null;
      return name === null ? missing(owner, index, "SIGNAL_MISSING") : { type: "signal", name };
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

function missing(owner: ModdleElement, { report }: DefinitionsIndex, code: RuleCode): null {
  report(breachOf(code, owner.id ?? null));
  return null;
}
