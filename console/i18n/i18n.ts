import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export type Language = "zh" | "en";
const stored = localStorage.getItem("jieli.language");

void i18next.use(initReactI18next).init({
  lng: stored === "en" ? "en" : "zh",
  fallbackLng: false,
  interpolation: { escapeValue: false },
  resources: { zh: { translation: zh }, en: { translation: en } },
});

export function setLanguage(language: Language): void {
  localStorage.setItem("jieli.language", language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  void i18next.changeLanguage(language);
}
document.documentElement.lang = i18next.language === "en" ? "en" : "zh-CN";

/** Texts by key, the language, and the right half of a bilingual value. */
export function useText() {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === "en" ? "en" : "zh";
  return {
    t: (key: keyof typeof zh, values?: Record<string, string | number>) => t(key, values ?? {}),
    /** For a code that may have no text of its own. */
    term: (code: string) => t(code, { defaultValue: code }),
    pick: (value: { readonly zh: string; readonly en: string }) => value[language],
    /** Names one after the other, as the language separates them. */
    list: (names: readonly string[]) => names.join(language === "zh" ? "、" : ", "),
    /** Clauses of one sentence. */
    clauses: (parts: readonly string[]) => parts.join(language === "zh" ? "；" : "; "),
    /** What stands in brackets behind something. */
    aside: (words: string) => (language === "zh" ? `（${words}）` : ` (${words})`),
    colon: language === "zh" ? "：" : ": ",
    comma: language === "zh" ? "，" : ", ",
    language,
  };
}
