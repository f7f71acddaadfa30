import { compileDefinitions } from "./compile.ts";
import type { Problem } from "./problems.ts";

export type { Problem } from "./problems.ts";

/** The checks before publishing, the same in the browser, on the server and in `jieli check`. Errors first. */
export async function checkDefinition(xml: string): Promise<readonly Problem[]> {
  const { problems } = await compileDefinitions(xml);
  return [...problems].sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
}
