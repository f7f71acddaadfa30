import { authorityOf, requireOrganisation, type Directory, type Organisation } from "./organisations.ts";

/** What a case has been through when a provider refuses with “not the holder” (R8). */
export interface ReroutedCase {
  /** Departments that were asked before, the one that refuses now included. */
  readonly asked: readonly string[];
  /** Times that the case was sent on already. */
  readonly reroutes: number;
  /** Department that the refusal names. */
  readonly holder: string;
}

export type Reroute =
  | { readonly type: "askHolder"; readonly provider: Organisation }
  | {
      readonly type: "authorityDecides";
      readonly authority: Organisation;
      /** `exhausted`: sent on as often as is allowed; `circle`: the named department has refused before. */
      readonly because: "exhausted" | "circle";
    };

/**
 * Where a case goes after “not the holder”: to the department that was named, at most `most` times and never back to one that
 * was asked before; then the authority of the applicant's region must settle who holds the data (Order 809 art 19).
 */
export function reroute(directory: Directory, applicantRegion: string, past: ReroutedCase, most: number): Reroute {
  const authority = authorityOf(directory, applicantRegion);
  if (past.asked.includes(past.holder)) return { type: "authorityDecides", authority, because: "circle" };
  if (past.reroutes >= most) return { type: "authorityDecides", authority, because: "exhausted" };
  return { type: "askHolder", provider: requireOrganisation(directory, past.holder, "holder") };
}
