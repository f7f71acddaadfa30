import type { Variables } from "../expressions/json.ts";
import type { ProcessModel } from "../model/process-model.ts";
import { finishActivity } from "./activities/activity.ts";
import { IncidentError } from "./incidents.ts";
import type { Run } from "./run.ts";
import type { Scope } from "./state.ts";
import { cancelToken } from "./tokens.ts";

/** Puts the first tokens of a scope: at its start event, or at every node that nothing leads to. */
export function startScope(run: Run, scope: Scope, model: ProcessModel, startEvent: string | null): void {
  const content = model.scopes.get(scope.kind === "subProcess" ? scope.element : model.id);
  const starts = startEvent
    ? [startEvent]
    : [...(content?.starts.slice(0, 1) ?? []), ...(content?.implicitStarts ?? [])];
  if (starts.length === 0) throw new IncidentError("START_NOT_FOUND", `${scope.element} has no start`);
  for (const start of starts) run.placeToken(start, scope.id, null);
}

export function openSubScope(
  run: Run,
  host: { id: string; scope: string; element: string },
  kind: "subProcess" | "calledProcess",
  process: string,
  variables: Variables,
): Scope {
  return run.openScope({ kind, element: host.element, process, parent: host.scope, host: host.id, variables });
}

/** A scope ends when no token is left in it (BPMN 2.0 §13.3.4, §13.2). */
export function endScopeWhenEmpty(run: Run, scopeId: string): void {
  const scope = run.scopes.get(scopeId);
  if (!scope || run.tokensIn(scopeId).length > 0) return;
  switch (scope.kind) {
    case "process":
      run.status = "completed";
      run.emit(scope.element, { type: "process.completed" });
      return;
    case "subProcess":
    case "calledProcess":
      if (scope.host) finishActivity(run, scope.host, null);
      return;
    case "multiInstance":
    case "instance":
      // Multi-instance ends by its own count, not by being empty between two instances.
      return;
  }
}

/** Terminate end event: whatever else goes on in this scope stops; the scope itself ends normally for the one that called it. */
export function terminateScope(run: Run, scopeId: string, element: string): void {
  for (const token of run.tokensIn(scopeId)) if (run.tokens.has(token.id)) cancelToken(run, token.id);
  const scope = run.scope(scopeId);
  if (scope.kind === "process") {
    run.status = "terminated";
    run.emit(scope.element, { type: "process.terminated", reason: element });
    return;
  }
  endScopeWhenEmpty(run, scopeId);
}
