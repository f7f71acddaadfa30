import { asElement, elementsOf, textOf } from "../model/moddle-element.ts";
import { contained, asEditable, hostOf, type EditableElement } from "./tree.ts";

export type Engine = "camunda7" | "camunda8" | "flowable" | "activiti";

/** Namespaces by which an engine's own attributes are told, with the prefix that its documents use. */
const namespaces: Readonly<Record<string, { readonly engine: Engine; readonly prefix: string }>> = {
  "http://camunda.org/schema/1.0/bpmn": { engine: "camunda7", prefix: "camunda" },
  "http://operaton.org/schema/1.0/bpmn": { engine: "camunda7", prefix: "operaton" },
  "http://camunda.org/schema/zeebe/1.0": { engine: "camunda8", prefix: "zeebe" },
  "http://flowable.org/bpmn": { engine: "flowable", prefix: "flowable" },
  "http://activiti.org/bpmn": { engine: "activiti", prefix: "activiti" },
};
/** Written by the drawing tool about itself. */
const toolNamespace = "http://camunda.org/schema/modeler/1.0";

/** An attribute or element with what it says. */
export interface Told {
  /** With its prefix: `camunda:assignee`. */
  readonly place: string;
  readonly was: string;
}

/** An extension element of another engine. */
export interface ForeignElement {
  readonly place: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly ForeignElement[];
}

/** An extension element whose parts are taken one by one; what nobody takes of it remains to be told. */
export class ForeignPart {
  readonly place: string;
  readonly text: string;
  readonly #attributes: Map<string, string>;
  #children: readonly ForeignElement[];
  #taken = false;

  constructor(element: ForeignElement) {
    this.place = element.place;
    this.text = element.text;
    this.#attributes = new Map(Object.entries(element.attributes));
    this.#children = element.children;
  }

  /** Takes an attribute. */
  attribute(name: string): Told | null {
    const was = this.#attributes.get(name);
    if (was === undefined) return null;
    this.#attributes.delete(name);
    this.#taken = true;
    return { place: `${this.place} ${name}`, was };
  }

  /** Takes the elements of these local names within it. */
  children(...names: readonly string[]): readonly ForeignElement[] {
    const found = this.#children.filter(({ name }) => names.includes(name));
    this.#children = this.#children.filter((child) => !found.includes(child));
    if (found.length > 0) this.#taken = true;
    return found;
  }

  /** Takes the text; gives what the element says as a whole. */
  whole(): Told {
    const told = { place: this.place, was: outline(this.#left()) };
    this.#attributes.clear();
    this.#children = [];
    this.#taken = true;
    return told;
  }

  /** Takes everything that is left; an element of which nothing was taken is told as one. */
  rest(): readonly Told[] {
    if (!this.#taken) return [this.whole()];
    const attributes = [...this.#attributes].map(([name, was]) => ({ place: `${this.place} ${name}`, was }));
    const children = this.#children.map((child) => ({ place: `${this.place} ${child.name}`, was: outline(child) }));
    return [...attributes, ...children];
  }

  #left(): ForeignElement {
    const { place, text } = this;
    return { place, name: "", attributes: Object.fromEntries(this.#attributes), text, children: this.#children };
  }
}

/** What another engine wrote on one BPMN element. Each thing is taken once; what nobody takes remains to be told. */
export class Foreign {
  readonly #attributes: Map<string, Told>;
  #elements: readonly ForeignElement[];
  readonly #parts: { readonly part: ForeignPart; readonly name: string }[] = [];

  constructor(attributes: ReadonlyMap<string, Told>, elements: readonly ForeignElement[]) {
    this.#attributes = new Map(attributes);
    this.#elements = elements;
  }

  /** Takes an attribute by its local name. */
  attribute(name: string): Told | null {
    const found = this.#attributes.get(name) ?? null;
    this.#attributes.delete(name);
    return found;
  }

  /** Takes the extension elements of that local name. */
  elements(name: string): readonly ForeignElement[] {
    const found = this.#elements.filter((element) => element.name === name);
    this.#elements = this.#elements.filter((element) => element.name !== name);
    return found;
  }

  /** Takes the first extension element of that local name, to be taken apart. */
  part(name: string): ForeignPart | null {
    const found = this.#elements.find((element) => element.name === name);
    if (!found) return null;
    this.#elements = this.#elements.filter((element) => element !== found);
    const part = new ForeignPart(found);
    this.#parts.push({ part, name });
    return part;
  }

  /** Takes everything that is left. */
  rest(): readonly (Told & { readonly name: string })[] {
    const attributes = [...this.#attributes].map(([name, told]) => ({ ...told, name }));
    const elements = this.#elements.map((element) => ({
      place: element.place,
      was: outline(element),
      name: element.name,
    }));
    const parts = this.#parts.flatMap(({ part, name }) => part.rest().map((told) => ({ ...told, name })));
    this.#attributes.clear();
    this.#elements = [];
    this.#parts.length = 0;
    return [...attributes, ...elements, ...parts];
  }
}

/** One BPMN element and what another engine wrote on it. */
export interface Site {
  readonly element: EditableElement;
  /** The element that the designer sees, which this one is or belongs to. */
  readonly host: EditableElement;
  readonly foreign: Foreign;
}

/** Takes everything foreign out of the tree and gives it by place. */
export function takeForeign(root: EditableElement): {
  readonly engines: readonly Engine[];
  readonly sites: readonly Site[];
} {
  const elements = contained(root);
  const prefixes = new Map<string, { readonly engine: Engine | null; readonly prefix: string }>();
  for (const element of elements)
    for (const [name, uri] of Object.entries(element.$attrs)) register(prefixes, name, uri);
  const engines = new Set([...prefixes.values()].map(({ engine }) => engine).filter((engine) => engine !== null));
  const sites = elements.map((element) => ({
    element,
    host: hostOf(element),
    foreign: new Foreign(takeAttributes(element, prefixes), takeElements(element, prefixes)),
  }));
  for (const element of elements) dropNamespaces(element, prefixes);
  return { engines: [...engines], sites };
}

type Prefixes = Map<string, { readonly engine: Engine | null; readonly prefix: string }>;

function register(prefixes: Prefixes, name: string, uri: string): void {
  if (!name.startsWith("xmlns:")) return;
  const known = Object.hasOwn(namespaces, uri) ? namespaces[uri] : undefined;
  if (known) prefixes.set(name.slice(6), known);
  if (uri === toolNamespace) prefixes.set(name.slice(6), { engine: null, prefix: "modeler" });
}

function takeAttributes(element: EditableElement, prefixes: Prefixes): ReadonlyMap<string, Told> {
  const taken = new Map<string, Told>();
  for (const [name, was] of Object.entries(element.$attrs)) {
    const { prefix, local } = split(name);
    const known = prefix === "xmlns" ? undefined : prefixes.get(prefix);
    if (!known) continue;
    taken.set(local, { place: `${known.prefix}:${local}`, was });
    delete element.$attrs[name];
  }
  return taken;
}

function takeElements(element: EditableElement, prefixes: Prefixes): readonly ForeignElement[] {
  const holder = asEditable(element["extensionElements"]);
  if (!holder) return [];
  const values = elementsOf(holder["values"]);
  const foreign = values.filter((value) => prefixes.has(split(value.$type).prefix));
  if (foreign.length === 0) return [];
  const own = values.filter((value) => !foreign.includes(value));
  if (own.length === 0) element.set("extensionElements", undefined);
  else holder.set("values", own);
  return foreign.map((value) => readElement(value, prefixes));
}

function readElement(value: unknown, prefixes: Prefixes): ForeignElement {
  const element = asElement(value);
  const { prefix, local } = split(element?.$type ?? "");
  const attributes = Object.entries(element ?? {}).filter(
    (entry): entry is [string, string] => !entry[0].startsWith("$") && typeof entry[1] === "string",
  );
  return {
    place: `${prefixes.get(prefix)?.prefix ?? prefix}:${local}`,
    name: local,
    attributes: Object.fromEntries(attributes),
    text: textOf(element?.["$body"]) ?? "",
    children: elementsOf(element?.["$children"]).map((child) => readElement(child, prefixes)),
  };
}

function dropNamespaces(element: EditableElement, prefixes: Prefixes): void {
  for (const name of Object.keys(element.$attrs))
    if (name.startsWith("xmlns:") && prefixes.has(name.slice(6))) delete element.$attrs[name];
}

function split(name: string): { readonly prefix: string; readonly local: string } {
  const at = name.indexOf(":");
  return at < 0 ? { prefix: "", local: name } : { prefix: name.slice(0, at), local: name.slice(at + 1) };
}

/** An element in one line: its attributes, its text, and what it contains. */
export function outline({ attributes, text, children }: ForeignElement): string {
  const parts = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  if (text !== "") parts.push(text);
  if (children.length > 0)
    parts.push(`(${children.map((child) => `${child.name} ${outline(child)}`.trim()).join("; ")})`);
  return parts.join(" ");
}
