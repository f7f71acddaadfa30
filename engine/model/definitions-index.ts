import type { CompiledExpression } from "../expressions/feel.ts";
import { formalExpression, type DefinitionsIndex, type Report } from "./compile-parts.ts";
import { asElement, elementsOf, type ModdleElement } from "./moddle-element.ts";

/** What the whole file says beside its processes: message flows, correlation properties, connections of data and handlers. */
export function indexDefinitions(definitions: ModdleElement, report: Report): DefinitionsIndex {
  const roots = elementsOf(definitions["rootElements"]);
  const messageFlows = new Map<string, ModdleElement>();
  for (const flow of roots.flatMap((root) => elementsOf(root["messageFlows"]))) {
    for (const end of [asElement(flow["sourceRef"]), asElement(flow["targetRef"])])
      if (end?.id && !messageFlows.has(end.id)) messageFlows.set(end.id, flow);
  }
  const usedData = new Set<string>();
  const handlers = new Map<string, string>();
  const walk = (container: ModdleElement): void => {
    for (const association of elementsOf(container["artifacts"])) collectHandler(association, handlers);
    for (const element of elementsOf(container["flowElements"])) {
      collectData(element, usedData);
      walk(element);
    }
  };
  for (const root of roots) walk(root);
  return {
    report,
    messageFlows,
    correlationProperties: roots.filter((root) => root.$type === "bpmn:CorrelationProperty"),
    correlationBindings: new Map(),
    usedData,
    handlers,
  };
}

/** The same for one process: with the correlation data that it subscribes by. */
export function indexProcess(process: ModdleElement, index: DefinitionsIndex): DefinitionsIndex {
  const bindings = elementsOf(process["correlationSubscriptions"]).flatMap((subscription) =>
    elementsOf(subscription["correlationPropertyBinding"]),
  );
  return {
    ...index,
    correlationBindings: new Map(
      bindings.flatMap((binding): [string, CompiledExpression][] => {
        const property = asElement(binding["correlationPropertyRef"])?.id;
        const path = formalExpression(binding["dataPath"], process, index.report);
        return property && path ? [[property, path]] : [];
      }),
    ),
  };
}

function collectHandler(association: ModdleElement, handlers: Map<string, string>): void {
  const source = asElement(association["sourceRef"]);
  const target = asElement(association["targetRef"]);
  if (association.$type === "bpmn:Association" && source?.id && target?.id && target["isForCompensation"] === true)
    handlers.set(source.id, target.id);
}

function collectData(element: ModdleElement, used: Set<string>): void {
  const associations = [
    ...elementsOf(element["dataInputAssociations"]),
    ...elementsOf(element["dataOutputAssociations"]),
  ];
  const loop = asElement(element["loopCharacteristics"]);
  const ends = associations.flatMap((association) => [
    ...elementsOf(association["sourceRef"]),
    asElement(association["targetRef"]),
  ]);
  for (const end of [...ends, asElement(loop?.["loopDataInputRef"]), asElement(loop?.["loopDataOutputRef"])]) {
    const object = asElement(end?.["dataObjectRef"]) ?? end;
    if (object?.id) used.add(object.id);
  }
}
