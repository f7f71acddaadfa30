/** What the deliverer says was delivered. */
export interface Delivered {
  readonly items: readonly string[];
  readonly rowCount: number | null;
  readonly fileHash: string | null;
}

/** What the receiver, or a probe for them, found. */
export interface Found {
  readonly items: readonly string[];
  readonly sampleChecked: boolean;
  readonly testCall: "passed" | "failed" | "none";
  readonly rowCount: number | null;
  readonly fileHash: string | null;
  /** Share of failed calls or of unreadable rows, in percent. */
  readonly errorPercent: number | null;
}

export type Difference =
  | { readonly type: "itemsMissing"; readonly items: readonly string[] }
  | { readonly type: "sampleUnchecked" }
  | { readonly type: "testCallFailed" }
  | { readonly type: "rowCount"; readonly delivered: number; readonly found: number }
  | { readonly type: "fileHash" }
  | { readonly type: "errors"; readonly percent: number; readonly most: number };

/**
 * The acceptance test: every difference between what was delivered and what was found. Accepted is only what has none. What
 * neither side gives is not compared.
 */
export function differencesOf(delivered: Delivered, found: Found, mostErrorPercent: number): readonly Difference[] {
  const missing = delivered.items.filter((item) => !found.items.includes(item));
  const differences: Difference[] = [];
  if (missing.length > 0) differences.push({ type: "itemsMissing", items: missing });
  if (!found.sampleChecked) differences.push({ type: "sampleUnchecked" });
  if (found.testCall === "failed") differences.push({ type: "testCallFailed" });
  if (delivered.rowCount !== null && found.rowCount !== null && delivered.rowCount !== found.rowCount)
    differences.push({ type: "rowCount", delivered: delivered.rowCount, found: found.rowCount });
  if (delivered.fileHash !== null && found.fileHash !== null && !sameHash(delivered.fileHash, found.fileHash))
    differences.push({ type: "fileHash" });
  if (found.errorPercent !== null && found.errorPercent > mostErrorPercent)
    differences.push({ type: "errors", percent: found.errorPercent, most: mostErrorPercent });
  return differences;
}

/** Hashes are written in either case, with or without blanks. */
function sameHash(one: string, other: string): boolean {
  const plain = (hash: string) => hash.replace(/\s/g, "").toLowerCase();
  return plain(one) === plain(other);
}
