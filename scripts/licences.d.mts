/** Types of licences.mjs for the tests. */
export interface InstalledLicence {
  readonly name: string;
  readonly version: string;
  readonly production: boolean;
  readonly licence: string;
}
export const allowedLicences: readonly string[];
export function installedLicences(folder?: string): readonly InstalledLicence[];
export function isAllowed(expression: string): boolean;
