/** An element as bpmn-moddle reads it. Unknown data: every property is checked where it is used. */
export interface ModdleElement {
  readonly $type: string;
  readonly id?: string;
  readonly [property: string]: unknown;
}

/** The value as a moddle element; `null` when it is none. */
export function asElement(value: unknown): ModdleElement | null {
  return typeof value === "object" && value !== null && "$type" in value ? (value as ModdleElement) : null;
}

export function elementsOf(value: unknown): readonly ModdleElement[] {
  return Array.isArray(value) ? value.map(asElement).filter((item) => item !== null) : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** First `bpmn:documentation` text of an element. */
export function documentationOf(element: ModdleElement): string | null {
  return textOf(elementsOf(element["documentation"])[0]?.["text"]);
}
