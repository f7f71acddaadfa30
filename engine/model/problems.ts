/** A finding of the checks: what is wrong, where, and how to mend it, in both languages. The same everywhere the checks run. */
export interface Problem {
  readonly code: string;
  readonly severity: "error" | "warning";
  /** BPMN element id; `null` when the file as a whole is meant. */
  readonly element: string | null;
  readonly message: { readonly zh: string; readonly en: string };
}

export function problem(code: string, element: string | null, zh: string, en: string): Problem {
  return { code, severity: "error", element, message: { zh, en } };
}

export function warning(code: string, element: string | null, zh: string, en: string): Problem {
  return { code, severity: "warning", element, message: { zh, en } };
}
