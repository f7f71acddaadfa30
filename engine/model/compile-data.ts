import { compileOptional, formalExpression, refuse, type Report } from "./compile-parts.ts";
import { asElement, elementsOf, textOf, type ModdleElement } from "./moddle-element.ts";
import { breachOf } from "./rules/rule-table.ts";
import type { ActivityData, DataAssociation } from "./process-model.ts";
import { refused } from "./support.ts";

/** Variable that stands for a data object, property, data input or output: its name, else its id. */
export function variableOf(item: ModdleElement | null): string | null {
  const object = asElement(item?.["dataObjectRef"]) ?? item;
  return textOf(object?.["name"]) ?? object?.id ?? null;
}

/** Data of an activity (BPMN 2.0 §10.4.2); `null` where it has none of its own. */
export function dataOf(element: ModdleElement, report: Report): ActivityData | null {
  const specification = asElement(element["ioSpecification"]);
  if (elementsOf(specification?.["inputSets"]).length > 1 || elementsOf(specification?.["outputSets"]).length > 1)
    report(refuse(element, refused.inputSets));
  const items = [
    ...elementsOf(element["properties"]),
    ...elementsOf(specification?.["dataInputs"]),
    ...elementsOf(specification?.["dataOutputs"]),
  ];
  // What a multi-instance activity loops over is read and written by the loop as a whole, not by each instance.
  const loop = asElement(element["loopCharacteristics"]);
  const looped = [asElement(loop?.["loopDataInputRef"]), asElement(loop?.["loopDataOutputRef"])].filter(
    (end) => end !== null,
  );
  const ofInstance = (association: ModdleElement) =>
    ![asElement(association["targetRef"]), ...elementsOf(association["sourceRef"])].some(
      (end) => end !== null && looped.includes(end),
    );
  const inputs = associationsOf(element, "dataInputAssociations", report, ofInstance);
  const outputs = associationsOf(element, "dataOutputAssociations", report, ofInstance);
  // The contents of a sub-process declare its properties; a task has no other place for them.
  const isScope = "flowElements" in element || element.$type.endsWith("SubProcess");
  if (inputs.length + outputs.length === 0 && (items.length === 0 || isScope)) return null;
  return { locals: items.map(variableOf).filter((name) => name !== null), inputs, outputs };
}

/** Copies between the payload of an event and the data around it. */
export function payloadOf(event: ModdleElement, report: Report): readonly DataAssociation[] {
  return [
    ...associationsOf(event, "dataInputAssociations", report),
    ...associationsOf(event, "dataOutputAssociations", report),
  ];
}

/** Data objects of a scope that some association reads or writes, and its properties. Others are only drawn. */
export function scopeData(scope: ModdleElement, used: ReadonlySet<string>): readonly string[] {
  const objects = elementsOf(scope["flowElements"]).filter(
    (element) => element.$type === "bpmn:DataObject" && used.has(element.id ?? ""),
  );
  const names = [...objects, ...elementsOf(scope["properties"])].map(variableOf);
  return [...new Set(names.filter((name) => name !== null))];
}

function associationsOf(
  owner: ModdleElement,
  property: "dataInputAssociations" | "dataOutputAssociations",
  report: Report,
  which: (association: ModdleElement) => boolean = () => true,
): readonly DataAssociation[] {
  return elementsOf(owner[property])
    .filter(which)
    .flatMap((association) => copiesOf(association, owner, report));
}

/** One association as copies: its assignments, else its transformation, else the source as it is (BPMN 2.0 §10.4.2). */
function copiesOf(association: ModdleElement, owner: ModdleElement, report: Report): readonly DataAssociation[] {
  const assignments = elementsOf(association["assignment"]);
  if (assignments.length > 0) {
    return assignments.flatMap((assignment) => {
      const source = formalExpression(assignment["from"], owner, report);
      const target = textOf(asElement(assignment["to"])?.["body"]);
      return source && target ? [{ source, target }] : incomplete(owner, report);
    });
  }
  const target = variableOf(asElement(association["targetRef"]));
  const source = association["transformation"]
    ? formalExpression(association["transformation"], owner, report)
    : compileOptional(nameAsFeel(variableOf(elementsOf(association["sourceRef"])[0] ?? null)), owner, report);
  return source && target ? [{ source, target }] : incomplete(owner, report);
}

/** A variable's name as FEEL reads it: in backquotes where it is no plain name. */
function nameAsFeel(name: string | null): string | null {
  if (name === null) return null;
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `\`${name}\``;
}

function incomplete(owner: ModdleElement, report: Report): readonly DataAssociation[] {
  report(breachOf("MAPPING_INCOMPLETE", owner.id ?? null));
  return [];
}
