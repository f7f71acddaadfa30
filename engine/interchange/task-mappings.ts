import type { Book } from "./book.ts";
import type { Site } from "./foreign.ts";
import { copiedValues, type Copied } from "./parameters.ts";
import { addMapping, createPart, type EditableElement } from "./tree.ts";

const noInputHere = {
  zh: "事件没有自己的输入变量；请在前一环节用 jieli:out 写入",
  en: "an event has no variables of its own; write them at the step before with jieli:out",
};
const hasOwnData = {
  zh: "环节已有数据输入定义；请在其中补上",
  en: "the step has data inputs already; add it there",
};

/** Local inputs and outputs of a step: inputs become BPMN's own data inputs (§10.4.2), outputs `jieli:out`. */
export function translateTaskMappings(site: Site, book: Book): void {
  const { foreign, element } = site;
  const [parameters, mapping] = [foreign.part("inputOutput"), foreign.part("ioMapping")];
  const outputs = [...(parameters?.children("outputParameter") ?? []), ...(mapping?.children("output") ?? [])];
  for (const { told, source, target } of copiedValues(site, book, outputs)) {
    addMapping(element, "jieli:Out", { source, target });
    book.became(site, told, `jieli:out source="${source}" target="${target}"`);
  }
  const entries = [...(parameters?.children("inputParameter") ?? []), ...(mapping?.children("input") ?? [])];
  const inputs = copiedValues(site, book, entries);
  if (inputs.length === 0) return;
  if (!element.$instanceOf("bpmn:Activity")) for (const { told } of inputs) book.left(site, told, noInputHere);
  else if (element["ioSpecification"]) for (const { told } of inputs) book.left(site, told, hasOwnData);
  else {
    addInputs(element, inputs);
    for (const { told, source, target } of inputs) book.became(site, told, `dataInput ${target} = ${source}`);
  }
}

function addInputs(element: EditableElement, inputs: readonly Copied[]): void {
  const id = element.id ?? "";
  const specification = createPart(element, "bpmn:InputOutputSpecification", { id: `${id}_data` });
  const dataInputs = inputs.map(({ target }, index) =>
    createPart(specification, "bpmn:DataInput", { id: `${id}_input_${index + 1}`, name: target }),
  );
  specification.set("dataInputs", dataInputs);
  specification.set("inputSets", [createPart(specification, "bpmn:InputSet", { dataInputRefs: dataInputs })]);
  specification.set("outputSets", [createPart(specification, "bpmn:OutputSet", {})]);
  element.set("ioSpecification", specification);
  element.set(
    "dataInputAssociations",
    inputs.map(({ source, target }, index) => {
      const association = createPart(element, "bpmn:DataInputAssociation", { targetRef: dataInputs[index] });
      const expression = (body: string) => createPart(association, "bpmn:FormalExpression", { body });
      association.set("assignment", [
        createPart(association, "bpmn:Assignment", { from: expression(source), to: expression(target) }),
      ]);
      return association;
    }),
  );
}
