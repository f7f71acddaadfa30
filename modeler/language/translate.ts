import type { Language } from "../vocabulary.ts";
import { chinese } from "./chinese.ts";

export type Translate = (template: string, replacements?: Readonly<Record<string, unknown>>) => string;

/** The language of one drawing. English texts are their own keys, as everywhere in bpmn.io. */
export interface Translation {
  readonly translate: Translate;
  language(): Language;
  use(language: Language): void;
  /** Texts that were asked for in Chinese and have none; a test holds this empty. */
  readonly missing: ReadonlySet<string>;
}

export function createTranslation(initial: Language): Translation {
  let language = initial;
  const missing = new Set<string>();
  return {
    missing,
    language: () => language,
    use(next) {
      language = next;
    },
    translate(template, replacements = {}) {
      const found = language === "zh" ? chinese.get(template) : template;
      // A text that a person typed comes back unchanged when a library translates it by mistake: it is no missing key.
      if (found === undefined && /[A-Za-z]/.test(template) && !/[\u4e00-\u9fff]/.test(template)) missing.add(template);
      return (found ?? template).replace(/\{([^}]+)\}/g, (hole, key: string) =>
        key in replacements ? String(replacements[key]) : hole,
      );
    },
  };
}
