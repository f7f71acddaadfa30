import { asElement, elementsOf, type ModdleElement } from "../moddle-element.ts";

/** A flow node or other flow element with the places it stands in. */
export interface Placed {
  readonly element: ModdleElement;
  /** The process or sub-process that holds it. */
  readonly container: ModdleElement;
  readonly process: ModdleElement;
}

/** A parsed file, indexed for the rules: who stands where, and which flows and associations end at whom. */
export interface FileTree {
  readonly definitions: ModdleElement;
  readonly roots: readonly ModdleElement[];
  /** Flow elements of executable processes, in document order. */
  readonly placed: readonly Placed[];
  /** Executable processes and every sub-process in them. */
  readonly containers: readonly ModdleElement[];
  /** Process that holds an element of whatever process, by element id. */
  readonly processOf: ReadonlyMap<string, ModdleElement>;
  readonly incoming: ReadonlyMap<string, readonly ModdleElement[]>;
  readonly outgoing: ReadonlyMap<string, readonly ModdleElement[]>;
  readonly associations: readonly ModdleElement[];
}

export function indexFile(definitions: ModdleElement): FileTree {
  const roots = elementsOf(definitions["rootElements"]);
  const placed: Placed[] = [];
  const containers: ModdleElement[] = [];
  const processOf = new Map<string, ModdleElement>();
  const flows: ModdleElement[] = [];
  const associations: ModdleElement[] = [];
  const walk = (container: ModdleElement, process: ModdleElement): void => {
    const executable = process["isExecutable"] === true;
    if (executable) containers.push(container);
    associations.push(...elementsOf(container["artifacts"]).filter(({ $type }) => $type === "bpmn:Association"));
    for (const element of elementsOf(container["flowElements"])) {
      if (element.id) processOf.set(element.id, process);
      if (element.$type === "bpmn:SequenceFlow") flows.push(element);
      if (executable) placed.push({ element, container, process });
      if (element["flowElements"] !== undefined) walk(element, process);
    }
  };
  for (const root of roots) if (root.$type === "bpmn:Process") walk(root, root);
  return {
    definitions,
    roots,
    placed,
    containers,
    processOf,
    incoming: byEnd(flows, "targetRef"),
    outgoing: byEnd(flows, "sourceRef"),
    associations,
  };
}

function byEnd(
  flows: readonly ModdleElement[],
  end: "sourceRef" | "targetRef",
): ReadonlyMap<string, readonly ModdleElement[]> {
  const found = new Map<string, ModdleElement[]>();
  for (const flow of flows) {
    const id = asElement(flow[end])?.id;
    if (id === undefined) continue;
    const others = found.get(id);
    if (others) others.push(flow);
    else found.set(id, [flow]);
  }
  return found;
}

export function intoOf(tree: FileTree, element: ModdleElement): readonly ModdleElement[] {
  return tree.incoming.get(element.id ?? "") ?? [];
}

export function outOf(tree: FileTree, element: ModdleElement): readonly ModdleElement[] {
  return tree.outgoing.get(element.id ?? "") ?? [];
}

/** Event definitions of an event, written in it or referred to, by their names without `EventDefinition`. */
export function triggersOf(event: ModdleElement): readonly string[] {
  return definitionsOf(event).map(({ $type }) => $type.replace(/^bpmn:/, "").replace(/EventDefinition$/, ""));
}

export function definitionsOf(event: ModdleElement): readonly ModdleElement[] {
  return [...elementsOf(event["eventDefinitions"]), ...elementsOf(event["eventDefinitionRef"])];
}

const activity = /^bpmn:(\w*Task|SubProcess|Transaction|AdHocSubProcess|CallActivity)$/;

export function isActivity(element: ModdleElement): boolean {
  return activity.test(element.$type);
}

export function isGateway(element: ModdleElement): boolean {
  return element.$type.endsWith("Gateway");
}

export function isEvent(element: ModdleElement): boolean {
  return element.$type.endsWith("Event");
}

export function isEventSubProcess(element: ModdleElement): boolean {
  return element["triggeredByEvent"] === true;
}
