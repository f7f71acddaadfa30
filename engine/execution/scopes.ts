import type { Json } from "../expressions/json.ts";
import { contentOf } from "../model/look-up.ts";
import type { ProcessModel } from "../model/process-model.ts";
import { finishActivity } from "./activities/activity.ts";
import { undoNext } from "./events/compensation.ts";
import { armEventSubProcesses } from "./events/event-sub-process.ts";
import { IncidentError } from "./incidents.ts";
import type { NewScope, Run } from "./run.ts";
import type { Scope } from "./state.ts";
import { cancelToken, cancelTokensIn } from "./tokens.ts";

/**
 * Begins a scope: its data, its event sub-processes, and its first tokens at `startEvent`, or at its start event, or at every
 * node that nothing leads to.
 */
export function startScope(run: Run, scope: Scope, model: ProcessModel, startEvent: string | null): void {
  prepareScope(run, scope, model);
  const content = contentOfScope(model, scope);
  const starts = startEvent ? [startEvent] : [...content.starts.slice(0, 1), ...content.implicitStarts];
  if (starts.length === 0) throw new IncidentError("START_NOT_FOUND", `${scope.element} has no start`);
  for (const start of starts) run.placeToken(start, scope.id, null);
}

/** Declares the data of a scope and arms its event sub-processes. */
export function prepareScope(run: Run, scope: Scope, model: ProcessModel): void {
  const { data, eventSubProcesses } = contentOfScope(model, scope);
  const missing = data.filter((name) => !Object.hasOwn(scope.variables, name));
  if (missing.length > 0) run.declare(scope.id, Object.fromEntries(missing.map((name) => [name, null])));
  armEventSubProcesses(run, scope, eventSubProcesses);
}

function contentOfScope(model: ProcessModel, scope: Scope) {
  return contentOf(model, scope.kind === "subProcess" ? scope.element : model.id);
}

export function openSubScope(
  run: Run,
  host: { readonly id: string; readonly scope: string; readonly element: string },
  scope: Pick<NewScope, "kind" | "process" | "version"> & { readonly variables: Readonly<Record<string, Json>> },
): Scope {
  return run.openScope({ element: host.element, parent: host.scope, host: host.id, ...scope });
}

/** A scope ends when no token is left in it (BPMN 2.0 §13.3.4, §13.2). */
export function endScopeWhenEmpty(run: Run, scopeId: string): void {
  const scope = run.scopes.get(scopeId);
  if (!scope || run.isBusy(scopeId)) return;
  if (scope.kind === "subProcess" && scope.host && run.waitsOf(scope.host).some((wait) => wait.type === "adHoc"))
    return;
  // Event sub-processes that were never triggered; multi-instance has none and ends by its own count.
  for (const armed of run.tokensIn(scopeId)) cancelToken(run, armed.id);
  switch (scope.kind) {
    case "process":
      run.status = "completed";
      run.emit(scope.element, { type: "process.completed" });
      return;
    case "subProcess":
    case "calledProcess":
      if (scope.host) finishActivity(run, scope.host, null);
      return;
    case "compensation":
      endUndoing(run, scope);
      return;
    case "multiInstance":
    case "instance":
      return;
  }
}

function endUndoing(run: Run, scope: Scope): void {
  run.closeScope(scope.id);
  if (scope.host && scope.parent && scope.undoing) undoNext(run, scope.host, scope.parent, scope.undoing);
}

/** Terminate end event: whatever else goes on in this scope stops; the scope itself ends normally for the one that called it. */
export function terminateScope(run: Run, scopeId: string, element: string): void {
  cancelTokensIn(run, scopeId);
  const scope = run.scope(scopeId);
  if (scope.kind === "process") {
    run.status = "terminated";
    run.emit(scope.element, { type: "process.terminated", reason: element });
    return;
  }
  endScopeWhenEmpty(run, scopeId);
}
