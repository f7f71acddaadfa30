import { BpmnModdle } from "bpmn-moddle";
import { fieldRights, type StepFieldRight } from "../../engine/forms/rights.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import { jieliModdle } from "../../engine/model/jieli-moddle.ts";
import { asElement, elementsOf, type ModdleElement } from "../../engine/model/moddle-element.ts";

export { fieldRights, type StepFieldRight };

/** A step of a process as the rights on fields know it. */
export interface StepOfForms {
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly form: string | null;
  readonly rights: readonly StepFieldRight[];
}

/** Steps that people do, in the order of the file; empty for a file that does not compile. */
export async function stepsOf(xml: string): Promise<readonly StepOfForms[]> {
  const { processes } = await compileDefinitions(xml);
  return processes
    .flatMap(({ elements }) => [...elements.values()])
    .flatMap((node) =>
      node.kind === "userTask"
        ? [
            {
              id: node.id,
              name: { zh: node.name ?? node.id, en: node.documentation ?? node.name ?? node.id },
              form: node.form,
              rights: node.fieldRights,
            },
          ]
        : [],
    );
}

interface Writable {
  $parent?: unknown;
  values?: unknown[];
  extensionElements?: unknown;
}

/** The file with these rights in the place of those that its steps have; everything else stays as it is drawn. */
export async function withRights(xml: string, rights: ReadonlyMap<string, readonly StepFieldRight[]>): Promise<string> {
  const moddle = new BpmnModdle({ jieli: jieliModdle });
  const { rootElement } = await moddle.fromXML(xml);
  for (const task of userTasksIn(asElement(rootElement))) setRights(moddle, task, rights.get(task.id ?? "") ?? []);
  return (await moddle.toXML(rootElement, { format: true })).xml;
}

function userTasksIn(element: ModdleElement | null): readonly ModdleElement[] {
  if (!element) return [];
  const inner = [...elementsOf(element["rootElements"]), ...elementsOf(element["flowElements"])];
  return [...(element.$type === "bpmn:UserTask" ? [element] : []), ...inner.flatMap(userTasksIn)];
}

function setRights(moddle: BpmnModdle, element: ModdleElement, rights: readonly StepFieldRight[]): void {
  // bpmn-moddle hands out its elements to be written as well as read.
  const task: Writable = element as Writable;
  const extension = asElement(task.extensionElements);
  const others = elementsOf(extension?.["values"]).filter(({ $type }) => $type !== "jieli:FieldRight");
  const own = rights.map(({ form, field, right }) => moddle.create("jieli:FieldRight", { form, field, right }));
  const values = [...others, ...own];
  if (values.length === 0) {
    task.extensionElements = undefined;
    return;
  }
  const holder: Writable = (extension as Writable | null) ?? moddle.create("bpmn:ExtensionElements", { values: [] });
  holder.values = values;
  for (const value of values) (value as Writable).$parent = holder;
  holder.$parent = task;
  task.extensionElements = holder;
}
