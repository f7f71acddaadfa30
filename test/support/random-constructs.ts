import { endEvent, flowXml, startEvent, userTask } from "./bpmn.ts";

/** Constructs of random processes beyond tasks and gateways; each is written with one node as its way in and out. */
export type Construct =
  | "instances"
  | "data"
  | "job"
  | "signal"
  | "condition"
  | "call"
  | "undo"
  | "transaction"
  | "adHoc"
  | "rescue"
  | "watch"
  | "escalation";

export const constructs = [
  "instances",
  "data",
  "job",
  "signal",
  "condition",
  "call",
  "undo",
  "transaction",
  "adHoc",
  "rescue",
  "watch",
  "escalation",
] as const satisfies readonly Construct[];

/** What a construct adds to its process. */
export interface Written {
  readonly nodes: string;
  readonly flows: readonly string[];
  readonly first: string;
  readonly last: string;
}

/** Messages, signals and codes that random processes name. */
export const definitions = [
  '<bpmn:message id="m" name="go"/>',
  '<bpmn:signal id="s" name="bell"/>',
  '<bpmn:error id="er" errorCode="E"/>',
  '<bpmn:escalation id="es" escalationCode="X"/>',
].join("");

/** Process that the call activities name. */
export const calledProcess = `<bpmn:process id="called" isExecutable="true">${startEvent("c_start")}${userTask("c_task")}<bpmn:parallelGateway id="c_fork"/>${userTask("c_beside")}${endEvent("c_end")}${endEvent("c_over")}${flowXml("c_start -> c_fork -> c_task -> c_end; c_fork -> c_beside -> c_over").xml}</bpmn:process>`;

/** Writes the construct under ids that begin with `id`; `fact` is what its condition asks for. */
export function writeConstruct(construct: Construct, id: string, fact: string): Written {
  const alone = (nodes: string): Written => ({ nodes, flows: [], first: id, last: id });
  switch (construct) {
    case "data":
      return alone(userTask(id, "", ownData(id)));
    case "job":
      return alone(`<bpmn:serviceTask id="${id}" jieli:topic="work"/>`);
    case "signal":
      return alone(catching(id, `<bpmn:signalEventDefinition id="${id}_d" signalRef="s"/>`));
    case "condition":
      return alone(catching(id, conditional(id, fact)));
    case "call":
      return alone(`<bpmn:callActivity id="${id}" calledElement="called"/>`);
    case "undo":
      return undone(id);
    case "transaction":
      return transaction(id, fact);
    case "adHoc":
      return alone(adHoc(id));
    case "instances":
      return alone(instances(id));
    case "rescue":
      return alone(guardedBy(id, fact, errorHandler(id)));
    case "watch":
      return alone(watched(id, fact));
    case "escalation":
      return escalated(id);
  }
}

const catching = (id: string, definition: string) =>
  `<bpmn:intermediateCatchEvent id="${id}">${definition}</bpmn:intermediateCatchEvent>`;
const conditional = (id: string, fact: string) =>
  `<bpmn:conditionalEventDefinition id="${id}_d"><bpmn:condition xsi:type="bpmn:tFormalExpression">${fact}</bpmn:condition></bpmn:conditionalEventDefinition>`;
const subProcess = (id: string, inside: string, attributes = "") =>
  `<bpmn:subProcess id="${id}" ${attributes}>${inside}</bpmn:subProcess>`;

function ownData(id: string): string {
  const io = `<bpmn:ioSpecification id="${id}_io"><bpmn:dataInput id="${id}_di" name="copy"/><bpmn:inputSet id="${id}_is"><bpmn:dataInputRefs>${id}_di</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet id="${id}_os"/></bpmn:ioSpecification>`;
  return `${io}<bpmn:dataInputAssociation id="${id}_ia"><bpmn:targetRef>${id}_di</bpmn:targetRef><bpmn:assignment id="${id}_as"><bpmn:from>f0</bpmn:from><bpmn:to>copy</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation>`;
}

const undoable = (id: string) =>
  `${userTask(id)}<bpmn:boundaryEvent id="${id}_c" attachedToRef="${id}"><bpmn:compensateEventDefinition id="${id}_cd"/></bpmn:boundaryEvent>${userTask(`${id}_u`, 'isForCompensation="true"')}<bpmn:association id="${id}_a" associationDirection="One" sourceRef="${id}_c" targetRef="${id}_u"/>`;

/** A task, and behind it an event that undoes it. */
function undone(id: string): Written {
  const thrown = `<bpmn:intermediateThrowEvent id="${id}_t"><bpmn:compensateEventDefinition id="${id}_td"/></bpmn:intermediateThrowEvent>`;
  return { nodes: undoable(id) + thrown, flows: [`${id} -> ${id}_t`], first: id, last: `${id}_t` };
}

/** A transaction that is cancelled where the fact is true, and undoes its work then. */
function transaction(id: string, fact: string): Written {
  const inside = `${startEvent(`${id}_s`)}${undoable(`${id}_w`)}<bpmn:exclusiveGateway id="${id}_x" default="${id}_x_${id}_e"/>${endEvent(`${id}_e`)}<bpmn:endEvent id="${id}_k"><bpmn:cancelEventDefinition id="${id}_kd"/></bpmn:endEvent>`;
  const { xml } = flowXml(`${id}_s -> ${id}_w -> ${id}_x; ${id}_x -> ${id}_e default; ${id}_x -> ${id}_k if ${fact}`);
  const nodes = `<bpmn:transaction id="${id}">${inside}${xml}</bpmn:transaction><bpmn:boundaryEvent id="${id}_b" attachedToRef="${id}"><bpmn:cancelEventDefinition id="${id}_bd"/></bpmn:boundaryEvent><bpmn:exclusiveGateway id="${id}_m"/>`;
  return { nodes, flows: [`${id} -> ${id}_m`, `${id}_b -> ${id}_m`], first: id, last: `${id}_m` };
}

function adHoc(id: string): string {
  const ordering = id.length % 2 === 0 ? "Sequential" : "Parallel";
  return `<bpmn:adHocSubProcess id="${id}" ordering="${ordering}">${userTask(`${id}_1`)}${userTask(`${id}_2`)}</bpmn:adHocSubProcess>`;
}

function instances(id: string): string {
  const loop = `<bpmn:multiInstanceLoopCharacteristics isSequential="${id.length % 2 === 0}"><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>`;
  const { xml } = flowXml(`${id}_s -> ${id}_w -> ${id}_e`);
  return subProcess(id, `${loop}${startEvent(`${id}_s`)}${userTask(`${id}_w`)}${endEvent(`${id}_e`)}${xml}`);
}

/** A sub-process that ends in an error where the fact is true, with the handler beside its contents. */
function guardedBy(id: string, fact: string, handler: string): string {
  const inside = `${startEvent(`${id}_s`)}<bpmn:parallelGateway id="${id}_f"/>${userTask(`${id}_w`)}${userTask(`${id}_o`)}<bpmn:exclusiveGateway id="${id}_x" default="${id}_x_${id}_e"/>${endEvent(`${id}_e`)}${endEvent(`${id}_oe`)}<bpmn:endEvent id="${id}_k"><bpmn:errorEventDefinition id="${id}_kd" errorRef="er"/></bpmn:endEvent>`;
  const { xml } = flowXml(
    `${id}_s -> ${id}_f -> ${id}_w -> ${id}_x; ${id}_f -> ${id}_o -> ${id}_oe; ${id}_x -> ${id}_e default; ${id}_x -> ${id}_k if ${fact}`,
  );
  return subProcess(id, inside + xml + handler);
}

function errorHandler(id: string): string {
  const start = `<bpmn:startEvent id="${id}_hs"><bpmn:errorEventDefinition id="${id}_hd" errorRef="er"/></bpmn:startEvent>`;
  const { xml } = flowXml(`${id}_hs -> ${id}_ht -> ${id}_he`);
  return subProcess(
    `${id}_h`,
    `${start}${userTask(`${id}_ht`)}${endEvent(`${id}_he`)}${xml}`,
    'triggeredByEvent="true"',
  );
}

/** A sub-process beside whose work something is done each time that the fact becomes true. */
function watched(id: string, fact: string): string {
  const start = `<bpmn:startEvent id="${id}_hs" isInterrupting="false">${conditional(`${id}_hs`, fact)}</bpmn:startEvent>`;
  const handler = subProcess(
    `${id}_h`,
    `${start}${userTask(`${id}_ht`)}${endEvent(`${id}_he`)}${flowXml(`${id}_hs -> ${id}_ht -> ${id}_he`).xml}`,
    'triggeredByEvent="true"',
  );
  const inside = `${startEvent(`${id}_s`)}${userTask(`${id}_w`)}${endEvent(`${id}_e`)}${flowXml(`${id}_s -> ${id}_w -> ${id}_e`).xml}`;
  return subProcess(id, inside + handler);
}

/** A sub-process that tells those around it, who do something about it while it goes on. */
function escalated(id: string): Written {
  const thrown = `<bpmn:intermediateThrowEvent id="${id}_t"><bpmn:escalationEventDefinition id="${id}_td" escalationRef="es"/></bpmn:intermediateThrowEvent>`;
  const inside = `${startEvent(`${id}_s`)}${thrown}${userTask(`${id}_w`)}${endEvent(`${id}_e`)}${flowXml(`${id}_s -> ${id}_t -> ${id}_w -> ${id}_e`).xml}`;
  const boundary = `<bpmn:boundaryEvent id="${id}_b" attachedToRef="${id}" cancelActivity="false"><bpmn:escalationEventDefinition id="${id}_bd" escalationRef="es"/></bpmn:boundaryEvent>`;
  const nodes = `${subProcess(id, inside)}${boundary}${userTask(`${id}_r`)}${endEvent(`${id}_re`)}`;
  return { nodes, flows: [`${id}_b -> ${id}_r -> ${id}_re`], first: id, last: id };
}
