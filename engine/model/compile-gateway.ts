import { formalExpression, nodeBase, type Report } from "./compile-parts.ts";
import { asElement, elementsOf, type ModdleElement } from "./moddle-element.ts";
import { breachOf } from "./rules/rule-table.ts";
import type { Gateway } from "./process-model.ts";

const gatewayKinds: Readonly<Record<string, Gateway["kind"]>> = {
  "bpmn:ExclusiveGateway": "exclusiveGateway",
  "bpmn:ParallelGateway": "parallelGateway",
  "bpmn:InclusiveGateway": "inclusiveGateway",
  "bpmn:ComplexGateway": "complexGateway",
  "bpmn:EventBasedGateway": "eventBasedGateway",
};

export function compileGateway(element: ModdleElement, parent: string, report: Report): Gateway {
  const kind = gatewayKinds[element.$type] ?? "exclusiveGateway";
  const activation = formalExpression(element["activationCondition"], element, report);
  if (
    kind === "complexGateway" &&
    !asElement(element["activationCondition"]) &&
    elementsOf(element["incoming"]).length > 1
  ) {
    report(breachOf("ACTIVATION_CONDITION_MISSING", element.id ?? null));
  }
  return {
    ...nodeBase(element, parent, report),
    kind,
    defaultFlow: asElement(element["default"])?.id ?? null,
    activation,
    instantiates: instantiationOf(element),
  };
}

function instantiationOf(element: ModdleElement): Gateway["instantiates"] {
  if (element["instantiate"] !== true) return null;
  return element["eventGatewayType"] === "Parallel" ? "all" : "first";
}
