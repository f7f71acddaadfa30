import { diff, type Handler } from "bpmn-js-differ";
import { asElement, textOf, type ModdleElement } from "./moddle-element.ts";
import { parseBpmn } from "./parse.ts";

/** One property of an element that reads otherwise; `null` where it is not written at all. */
export interface PropertyChange {
  /** As it stands in the file, such as `jieli:role` or `conditionExpression`. */
  readonly property: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** How one element of a process differs between two versions. */
export interface ElementChange {
  readonly element: string;
  readonly type: string;
  readonly name: string | null;
  /** `moved`: only its place in the picture is another. */
  readonly change: "added" | "removed" | "changed" | "moved";
  readonly properties: readonly PropertyChange[];
}

/**
 * What differs between two versions of a process, by element: also what lies inside of an element, such as the text of a
 * condition. Files that cannot be read have no differences to tell; the library holds none.
 */
export async function versionDiff(before: string, after: string): Promise<readonly ElementChange[]> {
  const [old, next] = [await parseBpmn(before), await parseBpmn(after)];
  if (!old.definitions || !next.definitions) return [];
  const collector = new Collector();
  diff(old.definitions, next.definitions, collector);
  return collector.changes();
}

const order = ["removed", "added", "changed", "moved"] as const;

class Collector implements Handler {
  readonly #changes = new Map<string, { -readonly [K in keyof ElementChange]: ElementChange[K] }>();

  added(model: unknown, property: string, element: unknown): void {
    this.#appears(model, property, asElement(element), "added");
  }

  removed(model: unknown, property: string, element: unknown): void {
    this.#appears(model, property, asElement(element), "removed");
  }

  /** `model` is of the later file; a property that came is told with one value, what lies deeper with none. */
  changed(model: unknown, property: string, first: unknown, second: unknown): void {
    if (first === undefined && second === undefined) return;
    const element = asElement(model);
    this.#differs(element, property, second === undefined ? undefined : first, element?.[property]);
  }

  /** The order in which elements stand in the file means nothing. */
  moved(): void {}

  changes(): readonly ElementChange[] {
    const byName = (a: PropertyChange, b: PropertyChange) => a.property.localeCompare(b.property);
    const changes = [...this.#changes.values()].map((each) => ({
      ...each,
      properties: each.properties.toSorted(byName),
    }));
    return changes.sort(
      (a, b) => order.indexOf(a.change) - order.indexOf(b.change) || a.element.localeCompare(b.element),
    );
  }

  #appears(model: unknown, property: string, element: ModdleElement | null, change: "added" | "removed"): void {
    if (!element || isPicture(element)) return this.#placed(asElement(model));
    const owner = isOwner(element) ? element : null;
    if (owner) {
      this.#note(owner, change);
      return;
    }
    const text = readable(element);
    this.#differs(
      asElement(model),
      property,
      change === "removed" ? text : undefined,
      change === "added" ? text : undefined,
    );
  }

  #differs(model: ModdleElement | null, property: string, before: unknown, after: unknown): void {
    if (!model) return;
    if (isPicture(model)) return this.#placed(model);
    const owner = ownerOf(model);
    // Ids of parts without a meaning of their own, such as an event definition, tell nobody anything.
    if (!owner || (owner !== model && property === "id")) return;
    const found = this.#note(owner, "changed");
    if (found.change !== "changed" && found.change !== "moved") return;
    found.change = "changed";
    const name = owner === model ? property : `${nameInOwner(model)}.${property}`;
    found.properties = [...found.properties, { property: name, before: readable(before), after: readable(after) }];
  }

  #placed(shape: ModdleElement | null): void {
    for (let part = shape; part; part = asElement(part["$parent"])) {
      const drawn = asElement(part["bpmnElement"]);
      if (!drawn) continue;
      this.#note(drawn, "moved");
      return;
    }
  }

  #note(element: ModdleElement, change: ElementChange["change"]) {
    const id = element.id ?? "";
    const known = this.#changes.get(id);
    if (known && change !== "added" && change !== "removed") return known;
    const type = element.$type.replace(/^bpmn:/, "");
    const noted = { element: id, type, name: textOf(element["name"]), change, properties: known?.properties ?? [] };
    this.#changes.set(id, noted);
    return noted;
  }
}

const owners = [
  "bpmn:FlowElement",
  "bpmn:Process",
  "bpmn:Participant",
  "bpmn:Lane",
  "bpmn:MessageFlow",
  "bpmn:RootElement",
];

/** What people know as an element of the process: it has a name or a place in the picture. */
function isOwner(element: ModdleElement): boolean {
  const { $instanceOf } = element as unknown as { $instanceOf?: (type: string) => boolean };
  return typeof $instanceOf === "function" && owners.some((type) => $instanceOf.call(element, type));
}

function ownerOf(model: ModdleElement): ModdleElement | null {
  for (let part: ModdleElement | null = model; part; part = asElement(part["$parent"])) if (isOwner(part)) return part;
  return null;
}

function isPicture({ $type }: ModdleElement): boolean {
  return /^(bpmndi|di|dc):/.test($type);
}

function nameInOwner(part: ModdleElement): string {
  return part.$type.replace(/^bpmn:/, "").replace(/^./, (first) => first.toLowerCase());
}

/** A value as a text: a reference by its id, a part by what stands in it. */
function readable(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map((each) => readable(each) ?? "").join(" ");
  const element = asElement(value);
  if (!element) return (typeof value === "string" ? value : JSON.stringify(value)).replace(/^#ref:/, "");
  const body = textOf(element["body"]) ?? textOf(element["text"]);
  if (body !== null) return body;
  const parts = Object.entries(element)
    .filter(([key, part]) => !key.startsWith("$") && key !== "id" && part !== undefined)
    .map(([key, part]) => `${key}: ${readable(part) ?? ""}`);
  return `${nameInOwner(element)}${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`;
}
