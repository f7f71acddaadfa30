import type { EventDefinition, FlowNode } from "../../model/process-model.ts";
import { places } from "./scenario.ts";

const questionMark = "\u0001";
/** An expression of the context: nothing but the place that the scenario answers for. */
export const questionOf = (place: string): string => `${questionMark}${place}`;

/** The place that an expression text of the context asks about; `null` for any other text. */
export function placeAsked(text: unknown): string | null {
  return typeof text === "string" && text.startsWith(questionMark) ? text.slice(1) : null;
}

/** An event definition as bpmn-engine names it. */
export function definition(name: string, behaviour: Readonly<Record<string, unknown>>) {
  return { type: `bpmn:${name}EventDefinition`, behaviour };
}

/** Durations mean nothing where the scenario fires the timers; how often a cycle repeats does. */
export function timerOf(event: Extract<EventDefinition, { type: "timer" }>): Readonly<Record<string, unknown>> {
  if (event.timer !== "cycle") return { timeDuration: "PT1H" };
  const times = typeof event.value === "string" ? (/^R(\d*)\//.exec(event.value)?.[1] ?? "") : "";
  return { timeCycle: `R${times}/PT1H` };
}

/** How often the activity runs. */
export function loopOf(process: string, node: FlowNode): Readonly<Record<string, unknown>> {
  if (!("multiInstance" in node)) return {};
  const { multiInstance, standardLoop } = node;
  if (multiInstance) {
    const { sequential, completionCondition } = multiInstance;
    const enough = completionCondition ? { completionCondition: questionOf(places.enough(process, node.id)) } : {};
    const loopCardinality = questionOf(places.count(process, node.id));
    return {
      loopCharacteristics: {
        type: "bpmn:MultiInstanceLoopCharacteristics",
        behaviour: { isSequential: sequential, loopCardinality, ...enough },
      },
    };
  }
  if (!standardLoop) return {};
  const { condition, testBefore, maximum } = standardLoop;
  const behaviour = {
    testBefore,
    ...(condition ? { loopCondition: questionOf(places.loop(process, node.id)) } : {}),
    ...(maximum === null ? {} : { loopMaximum: maximum }),
  };
  return { loopCharacteristics: { type: "bpmn:StandardLoopCharacteristics", behaviour } };
}

/** What waits for people or machines is a user task there: it waits, and is told that it is done. */
export function typeOf(node: FlowNode, begins: boolean): string {
  switch (node.kind) {
    case "userTask":
    case "serviceTask":
      return "bpmn:UserTask";
    case "sendTask":
      return node.message ? "bpmn:Task" : "bpmn:UserTask";
    case "businessRuleTask":
    case "scriptTask":
      return node.expression ? "bpmn:Task" : "bpmn:UserTask";
    case "receiveTask":
      return begins || !node.message ? "bpmn:Task" : "bpmn:ReceiveTask";
    case "manualTask":
    case "task":
      return "bpmn:Task";
    case "callActivity":
      return "bpmn:SubProcess";
    case "subProcess":
      return {
        embedded: "bpmn:SubProcess",
        event: "bpmn:SubProcess",
        adHoc: "bpmn:AdHocSubProcess",
        transaction: "bpmn:Transaction",
      }[node.variant];
    case "complexGateway":
      return "bpmn:InclusiveGateway";
    case "eventBasedGateway":
      return begins ? "bpmn:ParallelGateway" : "bpmn:EventBasedGateway";
    case "intermediateCatchEvent":
      // A catching link has no event to wait for, and an event that has started the case none any more.
      return begins || node.definitions[0]?.type === "link"
        ? "bpmn:IntermediateThrowEvent"
        : "bpmn:IntermediateCatchEvent";
    case "exclusiveGateway":
    case "parallelGateway":
    case "inclusiveGateway":
    case "startEvent":
    case "intermediateThrowEvent":
    case "boundaryEvent":
    case "endEvent":
      return `bpmn:${node.kind.charAt(0).toUpperCase()}${node.kind.slice(1)}`;
  }
}
