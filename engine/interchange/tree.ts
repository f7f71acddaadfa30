import { asElement, elementsOf, type ModdleElement } from "../model/moddle-element.ts";

/** An element of the BPMN tree that may be changed. */
export interface EditableElement extends ModdleElement {
  readonly $attrs: Record<string, string>;
  $parent?: EditableElement;
  readonly $model: { create(type: string, properties?: Readonly<Record<string, unknown>>): EditableElement };
  readonly $descriptor: { readonly propertiesByName?: Readonly<Record<string, { readonly isReference?: boolean }>> };
  $instanceOf(type: string): boolean;
  set(name: string, value: unknown): void;
}

export function asEditable(value: unknown): EditableElement | null {
  const element = asElement(value);
  // Elements of unknown namespaces have no attributes of their own apart: they are read by `foreign.ts`.
  return element && "$attrs" in element && "set" in element ? (element as EditableElement) : null;
}

/** Elements that `element` contains, itself first, in document order. */
export function contained(element: EditableElement): readonly EditableElement[] {
  const found: EditableElement[] = [];
  const open = [element];
  for (let next = open.pop(); next; next = open.pop()) {
    found.push(next);
    open.push(...partsOf(next).reverse());
  }
  return found;
}

function partsOf(element: EditableElement): EditableElement[] {
  return Object.entries(element)
    .filter(([name]) => !name.startsWith("$") && !isReference(element, name))
    .flatMap(([, value]): unknown[] => (Array.isArray(value) ? value : [value]))
    .map(asEditable)
    .filter((part) => part !== null);
}

/** True where elements stand in each other deeper than any drawing does, foreign ones too. */
export function isDeeperThan(limit: number, root: EditableElement): boolean {
  const open = [{ element: root as ModdleElement, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { element, depth } = next;
    if (depth > limit) return true;
    const editable = asEditable(element);
    const parts = editable
      ? [...partsOf(editable), ...(element.$type === "bpmn:ExtensionElements" ? elementsOf(element["values"]) : [])]
      : elementsOf(element["$children"]);
    open.push(...parts.map((part) => ({ element: part, depth: depth + 1 })));
  }
  return false;
}

function isReference(element: EditableElement, name: string): boolean {
  return element.$descriptor.propertiesByName?.[name]?.isReference === true;
}

/** The element that a designer sees and can select: a step, a flow, a process, a message; never a part of one. */
export function hostOf(element: EditableElement): EditableElement {
  for (let current: EditableElement | undefined = element; current; current = current.$parent) {
    const isPart = current.$instanceOf("bpmn:EventDefinition") && current.$parent?.$type !== "bpmn:Definitions";
    if (!isPart && hosts.some((type) => current?.$instanceOf(type))) return current;
  }
  return element;
}

const hosts = ["bpmn:FlowElement", "bpmn:RootElement", "bpmn:Participant", "bpmn:Lane", "bpmn:Definitions"];

/** A new part of `owner`. */
export function createPart(
  owner: EditableElement,
  type: string,
  properties: Readonly<Record<string, unknown>>,
): EditableElement {
  const part = owner.$model.create(type, properties);
  part.$parent = owner;
  return part;
}

/** Adds a `jieli:in` or `jieli:out` to an element. */
export function addMapping(
  owner: EditableElement,
  type: "jieli:In" | "jieli:Out",
  mapping: { readonly source: string; readonly target: string },
): void {
  const holder = asEditable(owner["extensionElements"]) ?? createPart(owner, "bpmn:ExtensionElements", { values: [] });
  const values = Array.isArray(holder["values"]) ? holder["values"] : [];
  holder.set("values", [...values, createPart(holder, type, { ...mapping })]);
  owner.set("extensionElements", holder);
}

/**
 * Puts elements of another type in the place of others, with everything that both types have; whatever referred to the old
 * ones refers to the new ones, the diagram too.
 */
export function replaceTypes(root: EditableElement, olds: readonly EditableElement[], type: string): void {
  const replacements = new Map<unknown, EditableElement>(olds.map((old) => [old, inOtherType(old, type)]));
  if (replacements.size === 0) return;
  for (const element of contained(root)) {
    for (const [name, value] of Object.entries(element)) {
      const replacement = replacements.get(value);
      if (replacement) element.set(name, replacement);
      if (!Array.isArray(value)) continue;
      value.forEach((item: unknown, index) => (value[index] = replacements.get(item) ?? item));
    }
  }
  for (const replacement of replacements.values()) for (const part of partsOf(replacement)) part.$parent = replacement;
}

function inOtherType(old: EditableElement, type: string): EditableElement {
  const replacement = old.$model.create(type);
  const own = replacement.$descriptor.propertiesByName ?? {};
  for (const [name, value] of Object.entries(old))
    if (!name.startsWith("$") && name in own) replacement.set(name, value);
  Object.assign(replacement.$attrs, old.$attrs);
  if (old.$parent) replacement.$parent = old.$parent;
  return replacement;
}
