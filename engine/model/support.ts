/**
 * What Jieli executes, by BPMN element type. Everything that is not named here is refused at deployment by its id, never
 * ignored. `drawn` elements have no meaning for execution and are accepted as part of the picture.
 * `docs/bpmn-support.md` is generated from this file (`engine/model/support-page.ts`).
 */
export const executable = {
  activities: [
    "bpmn:UserTask",
    "bpmn:ServiceTask",
    "bpmn:BusinessRuleTask",
    "bpmn:ScriptTask",
    "bpmn:SendTask",
    "bpmn:ReceiveTask",
    "bpmn:ManualTask",
    "bpmn:Task",
    "bpmn:SubProcess",
    "bpmn:Transaction",
    "bpmn:AdHocSubProcess",
    "bpmn:CallActivity",
  ],
  gateways: [
    "bpmn:ExclusiveGateway",
    "bpmn:ParallelGateway",
    "bpmn:InclusiveGateway",
    "bpmn:ComplexGateway",
    "bpmn:EventBasedGateway",
  ],
  events: [
    "bpmn:StartEvent",
    "bpmn:IntermediateCatchEvent",
    "bpmn:IntermediateThrowEvent",
    "bpmn:BoundaryEvent",
    "bpmn:EndEvent",
  ],
  globalTasks: [
    "bpmn:GlobalTask",
    "bpmn:GlobalUserTask",
    "bpmn:GlobalManualTask",
    "bpmn:GlobalScriptTask",
    "bpmn:GlobalBusinessRuleTask",
  ],
  drawn: [
    "bpmn:DataObject",
    "bpmn:DataObjectReference",
    "bpmn:DataStoreReference",
    "bpmn:TextAnnotation",
    "bpmn:Association",
    "bpmn:Group",
  ],
} as const;

/** Where an event may stand; a start event of an event sub-process is a place of its own. */
export type EventPlace =
  | "startEvent"
  | "eventSubProcessStart"
  | "intermediateCatchEvent"
  | "intermediateThrowEvent"
  | "boundaryEvent"
  | "endEvent";

/** Event definitions by place (BPMN 2.0 table 10.93). `multiple` and `parallelMultiple` hold several of the others. */
export const eventDefinitions: Readonly<Record<EventPlace, readonly string[]>> = {
  startEvent: ["none", "message", "timer", "signal", "conditional", "multiple", "parallelMultiple"],
  eventSubProcessStart: [
    "message",
    "timer",
    "signal",
    "conditional",
    "error",
    "escalation",
    "compensation",
    "multiple",
    "parallelMultiple",
  ],
  intermediateCatchEvent: ["message", "timer", "signal", "conditional", "link", "multiple", "parallelMultiple"],
  intermediateThrowEvent: ["none", "message", "signal", "escalation", "compensation", "link", "multiple"],
  boundaryEvent: [
    "message",
    "timer",
    "signal",
    "conditional",
    "error",
    "escalation",
    "cancel",
    "compensation",
    "multiple",
    "parallelMultiple",
  ],
  endEvent: ["none", "message", "signal", "error", "escalation", "cancel", "compensation", "terminate", "multiple"],
};

/** What a parallel multiple event may hold: only what can be waited for, each until it happens. */
export const waitedFor: ReadonlySet<string> = new Set(["message", "timer", "signal", "conditional"]);

export interface Refused {
  readonly what: string;
  readonly zh: string;
  readonly en: string;
}

/** Variants that the specification allows and Jieli refuses, with the reason that the designer reads. */
export const refused = {
  scriptLanguage: {
    what: "scriptTask in another language than FEEL",
    zh: "脚本任务只支持 FEEL：其他语言的代码会在服务器上运行",
    en: "a script in another language than FEEL, whose code would run on the server",
  },
  parallelMixed: {
    what: "parallelMultiple with error, escalation, compensation, cancel or link",
    zh: "并行多重事件只能包含消息、定时、信号和条件",
    en: "a parallel multiple event with anything but messages, timers, signals and conditions",
  },
  parallelStart: {
    what: "parallelMultiple on a start event with a timer",
    zh: "并行多重开始事件中的定时",
    en: "a timer in a parallel multiple start event, which no instance exists to wait for",
  },
  inputSets: {
    what: "ioSpecification with several input or output sets",
    zh: "多个输入集或输出集",
    en: "more than one input or output set",
  },
} as const satisfies Record<string, Refused>;
