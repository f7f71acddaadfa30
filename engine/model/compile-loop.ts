import { compileDefinition } from "./compile-event.ts";
import { variableOf } from "./compile-data.ts";
import { compileOptional, formalExpression, type DefinitionsIndex } from "./compile-parts.ts";
import { compileExpression } from "../expressions/feel.ts";
import { asElement, elementsOf, textOf, type ModdleElement } from "./moddle-element.ts";
import { breachOf } from "./rules/rule-table.ts";
import type { LoopThrow, MultiInstanceModel, StandardLoopModel } from "./process-model.ts";

/** Standard loop of an activity (BPMN 2.0 §13.3.6); `null` where it has none. */
export function standardLoopOf(element: ModdleElement, { report }: DefinitionsIndex): StandardLoopModel | null {
  const loop = asElement(element["loopCharacteristics"]);
  if (loop?.$type !== "bpmn:StandardLoopCharacteristics") return null;
  const maximum = loop["loopMaximum"] === undefined ? null : Number(loop["loopMaximum"]);
  const condition = formalExpression(loop["loopCondition"], element, report);
  if (condition === null && maximum === null && !asElement(loop["loopCondition"])) {
    report(breachOf("LOOP_INCOMPLETE", element.id ?? null));
  }
  return { condition, testBefore: loop["testBefore"] === true, maximum };
}

/** Multi-instance of an activity (BPMN 2.0 §13.3.7); `null` where it has none. */
export function multiInstanceOf(element: ModdleElement, index: DefinitionsIndex): MultiInstanceModel | null {
  const loop = asElement(element["loopCharacteristics"]);
  if (loop?.$type !== "bpmn:MultiInstanceLoopCharacteristics") return null;
  const { report } = index;
  const model: MultiInstanceModel = {
    sequential: loop["isSequential"] === true,
    cardinality: formalExpression(loop["loopCardinality"], element, report),
    collection: compileOptional(
      textOf(loop["collection"]) ?? outerName(element, loop, "loopDataInputRef"),
      element,
      report,
    ),
    elementVariable: textOf(loop["elementVariable"]) ?? variableOf(asElement(loop["inputDataItem"])),
    completionCondition: formalExpression(loop["completionCondition"], element, report),
    outputElement: compileOptional(
      textOf(loop["outputElement"]) ?? variableOf(asElement(loop["outputDataItem"])),
      element,
      report,
    ),
    outputCollection: textOf(loop["outputCollection"]) ?? outerName(element, loop, "loopDataOutputRef"),
    throws: throwsOf(element, loop, index),
  };
  if (!model.cardinality && !model.collection) {
    report(breachOf("MULTI_INSTANCE_INCOMPLETE", element.id ?? null));
  }
  return model;
}

/**
 * Variable that the collection of a multi-instance activity stands in. The reference may name a data object or property, or
 * the activity's own data input or output, which an association connects with the data outside.
 */
function outerName(
  element: ModdleElement,
  loop: ModdleElement,
  property: "loopDataInputRef" | "loopDataOutputRef",
): string | null {
  const named = asElement(loop[property]);
  if (!named) return null;
  const inward = property === "loopDataInputRef";
  const associations = elementsOf(element[inward ? "dataInputAssociations" : "dataOutputAssociations"]);
  const sources = (association: ModdleElement) => elementsOf(association["sourceRef"]);
  const connected = associations.find((association) =>
    inward
      ? asElement(association["targetRef"])?.id === named.id
      : sources(association).some(({ id }) => id === named.id),
  );
  if (!connected) return variableOf(named);
  return variableOf(inward ? (sources(connected)[0] ?? null) : asElement(connected["targetRef"]));
}

/** Events that the behaviour asks for as instances complete (BPMN 2.0 table 10.28). */
function throwsOf(element: ModdleElement, loop: ModdleElement, index: DefinitionsIndex): readonly LoopThrow[] {
  const definitionsOf = (found: readonly ModdleElement[]) =>
    found
      .map((definition) => compileDefinition(definition, element, index))
      .filter((definition) => definition !== null);
  switch (loop["behavior"] ?? "All") {
    case "All":
      return [];
    case "One":
      return [{ when: "first", definitions: definitionsOf(referenced(loop, "oneBehaviorEventRef", element, index)) }];
    case "None":
      return [{ when: "each", definitions: definitionsOf(referenced(loop, "noneBehaviorEventRef", element, index)) }];
    default:
      return elementsOf(loop["complexBehaviorDefinition"]).map((behavior) => {
        const event = asElement(behavior["event"]);
        return {
          when: formalExpression(behavior["condition"], element, index.report) ?? compileExpression("true"),
          definitions: definitionsOf([
            ...elementsOf(event?.["eventDefinitions"]),
            ...elementsOf(event?.["eventDefinitionRef"]),
          ]),
        };
      });
  }
}

function referenced(
  loop: ModdleElement,
  property: "oneBehaviorEventRef" | "noneBehaviorEventRef",
  element: ModdleElement,
  { report }: DefinitionsIndex,
): readonly ModdleElement[] {
  const found = asElement(loop[property]);
  if (found) return [found];
  report(breachOf("LOOP_EVENT_MISSING", element.id ?? null, property));
  return [];
}
