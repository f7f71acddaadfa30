/**
 * What Jieli executes, by BPMN element type. Everything that is not named here is refused at deployment by its id, never
 * ignored. `draw` elements have no meaning for execution and are accepted as part of the picture.
 */
export const executable = {
  activities: [
    "bpmn:UserTask",
    "bpmn:ServiceTask",
    "bpmn:BusinessRuleTask",
    "bpmn:SendTask",
    "bpmn:ReceiveTask",
    "bpmn:ManualTask",
    "bpmn:Task",
    "bpmn:SubProcess",
    "bpmn:CallActivity",
  ],
  gateways: ["bpmn:ExclusiveGateway", "bpmn:ParallelGateway", "bpmn:InclusiveGateway", "bpmn:EventBasedGateway"],
  events: [
    "bpmn:StartEvent",
    "bpmn:IntermediateCatchEvent",
    "bpmn:IntermediateThrowEvent",
    "bpmn:BoundaryEvent",
    "bpmn:EndEvent",
  ],
  draw: [
    "bpmn:DataObject",
    "bpmn:DataObjectReference",
    "bpmn:DataStoreReference",
    "bpmn:TextAnnotation",
    "bpmn:Association",
    "bpmn:Group",
  ],
} as const;

/** Event definitions by the event that may carry them. */
export const eventDefinitions: Readonly<Record<string, readonly string[]>> = {
  "bpmn:StartEvent": ["none", "message", "timer"],
  "bpmn:IntermediateCatchEvent": ["message", "timer", "signal"],
  "bpmn:IntermediateThrowEvent": ["none", "message", "signal", "escalation"],
  "bpmn:BoundaryEvent": ["message", "timer", "signal", "error", "escalation"],
  "bpmn:EndEvent": ["none", "message", "signal", "error", "escalation", "terminate"],
};
