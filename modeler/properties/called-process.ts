import { ListGroup } from "@bpmn-io/properties-panel";
import { childOf, childrenOf, isA, textOf, type BusinessObject, type DiagramElement } from "../diagram.ts";
import {
  asOneStep,
  attribute,
  change,
  createChild,
  pickList,
  textField,
  type Entry,
  type PanelContext,
} from "./fields.ts";

const bindings = {
  latest: "The newest (latest)",
  deployment: "That in force when the case began (deployment)",
} as const;

/** 调用: the process that a call activity runs, by its id. */
export function calledProcessEntries(context: PanelContext, element: DiagramElement): readonly Entry[] {
  return [
    textField(context, {
      id: "calledElement",
      label: "Process id",
      ...attribute(context, element, element.businessObject, "calledElement"),
    }),
    pickList(context, {
      id: "binding",
      label: "Version that is called",
      choices: Object.entries(bindings).map(([value, label]) => ({
        value,
        label: context.translation.translate(label),
      })),
      ...attribute(context, element, element.businessObject, "binding"),
    }),
  ];
}

/** Variables handed in or out, one `jieli:in` or `jieli:out` each. */
export function mappingGroup(context: PanelContext, element: DiagramElement, type: "jieli:In" | "jieli:Out"): Entry {
  const { translate } = context.translation;
  const id = type === "jieli:In" ? "in" : "out";
  const { businessObject } = element;
  const extension = childOf(businessObject, "extensionElements");
  const values = childrenOf(extension, "values");
  const mappings = values.filter((value) => isA(value, type));
  const replace = (next: readonly BusinessObject[]) =>
    asOneStep(context, [change(element, extension ?? businessObject, { values: next })]);
  const add = (event: { stopPropagation(): void }) => {
    event.stopPropagation();
    if (extension) return replace([...values, createChild(context, extension, type, {})]);
    const created = createChild(context, businessObject, "bpmn:ExtensionElements", { values: [] });
    // Filled before it is put in, so that one command is enough.
    created.set("values", [createChild(context, created, type, {})]);
    asOneStep(context, [change(element, businessObject, { extensionElements: created })]);
  };
  return {
    id,
    component: ListGroup,
    label: translate(type === "jieli:In" ? "Variables passed in" : "Variables passed out"),
    translate,
    ...(context.readOnly ? {} : { add }),
    items: mappings.map((mapping, index) => ({
      id: `${id}-${index}`,
      label: textOf(mapping, "target") ?? "",
      translate,
      entries: [
        textField(context, {
          id: `${id}-${index}-source`,
          label: "Source (FEEL)",
          ...attribute(context, element, mapping, "source"),
        }),
        textField(context, {
          id: `${id}-${index}-target`,
          label: "Target variable",
          ...attribute(context, element, mapping, "target"),
        }),
      ],
      autoFocusEntry: `${id}-${index}-source`,
      ...(context.readOnly
        ? {}
        : {
            remove: (event: { stopPropagation(): void }) => {
              event.stopPropagation();
              replace(values.filter((value) => value !== mapping));
            },
          }),
    })),
  };
}
