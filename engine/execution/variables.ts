import type { Json, Variables } from "../expressions/json.ts";
import { CommandError } from "./errors.ts";
import { ownsModel } from "./process-scope.ts";
import type { Run } from "./run.ts";
import type { InstanceState, Scope } from "./state.ts";

/** Everything that an expression in `scope` sees: inner scopes hide outer ones, up to the process that owns the scope. */
export function visibleVariables(scopes: { get(id: string): Scope | undefined }, scope: string): Variables {
  const chain: Scope[] = [];
  for (let current = scopes.get(scope); current; current = current.parent ? scopes.get(current.parent) : undefined) {
    chain.push(current);
    if (ownsModel(current)) break;
  }
  return chain.reduceRight<Variables>((seen, next) => ({ ...seen, ...next.variables }), {});
}

/** What a worker or a form sees at a wait of a stored instance. */
export function variablesAt(state: InstanceState, wait: string): Variables {
  const token = state.tokens[state.waits[wait]?.token ?? ""];
  return token ? visibleVariables({ get: (id) => state.scopes[id] }, token.scope) : {};
}

/** The data of the case itself: those of the outermost scope. */
export function rootVariables(state: Pick<InstanceState, "scopes">): Variables {
  return Object.values(state.scopes).find(({ parent }) => parent === null)?.variables ?? {};
}

/**
 * Writes each variable where it is declared, nearest scope first; one that is declared nowhere goes to the process. So a
 * sub-process shares the case's data, and the loop variables of multi-instance stay with their instance.
 */
export function writeVariables(run: Run, scope: string, variables: Variables): void {
  const byScope = new Map<string, Record<string, Json>>();
  for (const [name, value] of Object.entries(variables)) {
    const owner = ownerOf(run, scope, name);
    byScope.set(owner, { ...byScope.get(owner), [name]: value });
  }
  for (const [owner, values] of byScope) {
    run.declare(owner, values);
    run.emit(run.scope(owner).element, { type: "variables.changed", scope: owner, variables: values });
  }
}

export function writeIfAny(run: Run, scope: string, variables: Variables): void {
  if (Object.keys(variables).length > 0) writeVariables(run, scope, variables);
}

function ownerOf(run: Run, scope: string, name: string): string {
  for (let current = run.scope(scope); ; current = run.scope(current.parent ?? "")) {
    if (Object.hasOwn(current.variables, name) || ownsModel(current)) return current.id;
  }
}

/** Refuses what would not survive a JSON round trip, and names that would reach into JavaScript's own objects. */
export function requireJson(variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) {
    if (name in Object.prototype)
      throw new CommandError("VARIABLE_NOT_JSON", `the variable name “${name}” is reserved`);
    if (!isJson(value, 0)) throw new CommandError("VARIABLE_NOT_JSON", `the variable “${name}” is no JSON value`);
  }
}

const deepest = 64;

function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (depth > deepest || typeof value !== "object") return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  // An object of a class, such as a date, would come back from JSON as something else.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.entries(value).every(([key, item]) => key !== "__proto__" && isJson(item, depth + 1));
}
