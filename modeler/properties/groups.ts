import { Group } from "@bpmn-io/properties-panel";
import { childOf, childrenOf, isA, type DiagramElement } from "../diagram.ts";
import { behaviourEntries } from "./behaviour.ts";
import { calledProcessEntries, mappingGroup } from "./called-process.ts";
import { referenceEntries } from "./definitions.ts";
import type { Entry, PanelContext } from "./fields.ts";
import { choiceEntries } from "./choices.ts";
import { conditionEntries } from "./flow.ts";
import { generalEntries } from "./general.ts";
import { multiInstanceEntries } from "./multi-instance.ts";
import { signingEntries } from "./signing.ts";
import { formEntries, limitEntries, serviceEntries, stepEntries } from "./step.ts";
import { timerEntries } from "./timer.ts";

/** The groups of the properties panel for one element, in the order in which a designer fills them. */
export function groupsFor(context: PanelContext, element: DiagramElement): readonly Entry[] {
  const { businessObject } = element;
  const definition = childrenOf(businessObject, "eventDefinitions")[0];
  const loop = childOf(businessObject, "loopCharacteristics");
  const limitOwner = isA(element, "bpmn:Participant")
    ? childOf(businessObject, "processRef")
    : isA(element, "bpmn:Process", "bpmn:Activity")
      ? businessObject
      : undefined;
  const service = isA(element, "bpmn:ServiceTask", "bpmn:SendTask", "bpmn:BusinessRuleTask");
  const referring = isA(element, "bpmn:SendTask", "bpmn:ReceiveTask") ? businessObject : definition;
  const groups = [
    group(context, "general", "General", generalEntries(context, element)),
    group(
      context,
      "step",
      "Step and responsibility",
      isA(element, "bpmn:Activity") ? stepEntries(context, element) : [],
    ),
    group(context, "limit", "Time limit", limitOwner ? limitEntries(context, element, limitOwner) : []),
    group(context, "form", "Form and outcomes", isA(element, "bpmn:UserTask") ? formEntries(context, element) : []),
    group(context, "signing", "Signing", isA(element, "bpmn:UserTask") ? signingEntries(context, element) : []),
    group(
      context,
      "choices",
      "Chosen by the handler",
      isA(element, "bpmn:UserTask") ? choiceEntries(context, element) : [],
    ),
    group(context, "service", "Service", service ? serviceEntries(context, element) : []),
    group(
      context,
      "condition",
      "Condition",
      isA(element, "bpmn:SequenceFlow") ? conditionEntries(context, element) : [],
    ),
    group(context, "behaviour", "Behaviour", behaviourEntries(context, element, definition)),
    group(
      context,
      "timer",
      "Timer",
      definition && isA(definition, "bpmn:TimerEventDefinition") ? timerEntries(context, element, definition) : [],
    ),
    group(context, "event", "Event", referring ? referenceEntries(context, element, referring) : []),
    group(
      context,
      "call",
      "Called process",
      isA(element, "bpmn:CallActivity") ? calledProcessEntries(context, element) : [],
    ),
    group(
      context,
      "multiInstance",
      "Multi-instance",
      loop && isA(loop, "bpmn:MultiInstanceLoopCharacteristics") ? multiInstanceEntries(context, element, loop) : [],
    ),
  ].flat();
  if (isA(element, "bpmn:CallActivity")) groups.push(mappingGroup(context, element, "jieli:In"));
  if (isA(element, "bpmn:Activity")) groups.push(mappingGroup(context, element, "jieli:Out"));
  return groups;
}

function group(context: PanelContext, id: string, label: string, entries: readonly Entry[]): readonly Entry[] {
  if (entries.length === 0) return [];
  const { translate } = context.translation;
  return [{ id, component: Group, label: translate(label), entries, translate, shouldOpen: true }];
}
