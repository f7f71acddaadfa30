import { asElement, elementsOf, type ModdleElement } from "../moddle-element.ts";
import type { Breach, RuleCheck } from "./specification-rules.ts";

/** Data objects, input and output specifications and what copies between them. */
export const checkDataRules: RuleCheck = (tree, breach) => {
  for (const { element } of tree.placed) {
    if (element.$type === "bpmn:DataObjectReference" && !asElement(element["dataObjectRef"]))
      breach("DATA_REFERENCE_EMPTY", element);
    const specification = asElement(element["ioSpecification"]);
    if (specification) checkSpecification(element, specification, breach);
    const associations = ["dataInputAssociations", "dataOutputAssociations"].flatMap((name) =>
      elementsOf(element[name]),
    );
    if (associations.some(hasAmbiguousSources)) breach("DATA_SOURCES_AMBIGUOUS", element);
  }
};

function hasAmbiguousSources(association: ModdleElement): boolean {
  const copiesAsItIs = !association["transformation"] && elementsOf(association["assignment"]).length === 0;
  return copiesAsItIs && elementsOf(association["sourceRef"]).length > 1;
}

const optionalLists = [
  "optionalInputRefs",
  "whileExecutingInputRefs",
  "optionalOutputRefs",
  "whileExecutingOutputRefs",
];

function hasForeignOptional(set: ModdleElement): boolean {
  const listed = [...elementsOf(set["dataInputRefs"]), ...elementsOf(set["dataOutputRefs"])];
  return optionalLists.flatMap((list) => elementsOf(set[list])).some((item) => !listed.includes(item));
}

function checkSpecification(owner: ModdleElement, specification: ModdleElement, breach: Breach): void {
  const inputSets = elementsOf(specification["inputSets"]);
  const outputSets = elementsOf(specification["outputSets"]);
  if (inputSets.length === 0 || outputSets.length === 0) breach("DATA_SETS_MISSING", owner);
  const [inputs, outputs] = [elementsOf(specification["dataInputs"]), elementsOf(specification["dataOutputs"])];
  const isForeign =
    inputSets.some((set) => elementsOf(set["dataInputRefs"]).some((item) => !inputs.includes(item))) ||
    outputSets.some((set) => elementsOf(set["dataOutputRefs"]).some((item) => !outputs.includes(item)));
  if (isForeign) breach("DATA_SET_FOREIGN", owner);
  const listed = new Set([
    ...inputSets.flatMap((set) => elementsOf(set["dataInputRefs"])),
    ...outputSets.flatMap((set) => elementsOf(set["dataOutputRefs"])),
  ]);
  if (inputSets.length > 0 && outputSets.length > 0 && [...inputs, ...outputs].some((item) => !listed.has(item)))
    breach("DATA_IN_NO_SET", owner);
  if ([...inputSets, ...outputSets].some(hasForeignOptional)) breach("DATA_OPTIONAL_FOREIGN", owner);
}
