import type { Scope } from "./state.ts";

/**
 * The scope whose process's model holds the elements in `scope`: the process, a called process, or the undoing of what
 * completed in one. It is also the border that variables do not cross.
 */
export function processScopeOf(scopes: { get(id: string): Scope | undefined }, scope: string): Scope | null {
  let current = scopes.get(scope);
  while (current && !ownsModel(current)) current = current.parent === null ? undefined : scopes.get(current.parent);
  return current ?? null;
}

/** True for a scope that begins a process: its elements are of another model than those around it. */
export function ownsModel({ kind, version }: Scope): boolean {
  return kind === "process" || version !== undefined;
}

/** A call that something stands in: the call activity, and the scope that it opened. */
export interface CallAround {
  readonly call: string;
  readonly scope: string;
}

/** The calls around a scope, the outermost first; none in the case's own process. */
export function callsAround(scopes: { get(id: string): Scope | undefined }, scope: string): readonly CallAround[] {
  const found: CallAround[] = [];
  for (let at = scopes.get(scope); at; at = at.parent === null ? undefined : scopes.get(at.parent))
    if (at.kind === "calledProcess") found.unshift({ call: at.element, scope: at.id });
  return found;
}
