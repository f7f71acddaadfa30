import { kindOf, noticeKinds, outsideParameters } from "./kinds.ts";

export type NoticeLanguage = "zh" | "en";

/** What an announcement says, with what its case and task add. */
export interface Told {
  /** As stored; a later version may have dropped it. */
  readonly kind: string;
  readonly params: Readonly<Record<string, string>>;
}

/** The subject in one language: what may be seen outside the product. One line. */
export function subjectOf({ kind, params }: Told, language: NoticeLanguage): string {
  const known = kindOf(kind);
  if (known === null) return kind;
  return oneLine(
    fill(noticeKinds[known].subject[language], (name) => (outsideParameters.has(name) ? params : {}), language),
  );
}

/** The body in one language, for the person addressed, in the product alone. */
export function bodyOf({ kind, params }: Told, language: NoticeLanguage): string {
  const known = kindOf(kind);
  return known === null ? "" : fill(noticeKinds[known].body[language], () => params, language);
}

/** One pass: what a parameter holds is text and never looked at again. */
function fill(
  template: string,
  paramsFor: (name: string) => Readonly<Record<string, string>>,
  language: NoticeLanguage,
): string {
  return template
    .replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const params = paramsFor(name);
      return params[`${name}.${language}`] ?? params[name] ?? "";
    })
    .trim();
}

/** Control characters, line ends among them, become spaces: a step's name must not begin a header of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
