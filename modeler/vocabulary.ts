/** What the modeler offers and reports, as structural types: the API contract's inferred types satisfy them. */

import type { KnownNames } from "../engine/analysis/references/known-names.ts";

export type Language = "zh" | "en";

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export interface Term {
  readonly code: string;
  readonly name: Bilingual;
}

/** A limit as resolved by the rule pack in force; `value` counts in `unit` (workday, workhour, day, hour). */
export interface LimitTerm extends Term {
  readonly value: number;
  readonly unit: string;
  /** False where nobody has compared the figure with the legal source yet. */
  readonly verified: boolean;
  readonly source: string;
}

export interface Vocabulary {
  readonly limits: readonly LimitTerm[];
  readonly roles: readonly Term[];
  readonly positions: readonly Term[];
  readonly outcomes: readonly Term[];
  readonly forms: readonly { readonly key: string; readonly name: Bilingual }[];
  readonly topics: readonly Term[];
  /** What the checks before publishing hold the names in a process against. */
  readonly names: KnownNames;
}

export interface Problem {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly element: string | null;
  readonly message: Bilingual;
}
