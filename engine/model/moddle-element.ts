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

/** `textFormat` of a documentation that keeps what an import could not translate. It is no description of the element. */
export const importNote = "text/x-jieli-import";

/** First `bpmn:documentation` text of an element that describes it. */
export function documentationOf(element: ModdleElement): string | null {
  const described = elementsOf(element["documentation"]).find(({ textFormat }) => textFormat !== importNote);
  return textOf(described?.["text"]);
}

/** The words of an attribute that lists several, by spaces or commas. */
export function wordsOf(value: unknown): readonly string[] {
  return (textOf(value) ?? "").split(/[\s,]+/).filter((word) => word !== "");
}
