/** Form fields that a process reads by their own name; all others stay under `forms`. */
export const processFields: ReadonlySet<string> = new Set(["extensionDays", "extensionReason"]);
