import type { Bilingual } from "../../shared/common.schema.ts";

export type Payload = Readonly<Record<string, unknown>>;

/** A line of the journal in words: from its payload, and the name of the element that it concerns. */
export type Sentence = (payload: Payload, name: Bilingual) => Bilingual;

/** Sentences by type of journal line. */
export type Sentences = Readonly<Record<string, Sentence>>;

/** A text of the payload, empty where it has none. */
export function textIn(payload: Payload, key: string): string {
  const value = payload[key];
  return typeof value === "string" ? value : "";
}

/** A text of the payload in both languages, `null` where it has none. */
export function bilingualIn(payload: Payload, key: string): Bilingual | null {
  const value = payload[key];
  return typeof value === "object" && value !== null && "zh" in value && "en" in value
    ? { zh: String(value.zh), en: String(value.en) }
    : null;
}
