import type { Scope } from "./state.ts";

/** The process, or called process, whose model holds the elements in `scope`; also the border that variables do not cross. */
export function processScopeOf(scopes: { get(id: string): Scope | undefined }, scope: string): Scope | null {
  let current = scopes.get(scope);
  while (current && current.kind !== "process" && current.kind !== "calledProcess")
    current = current.parent === null ? undefined : scopes.get(current.parent);
  return current ?? null;
}
