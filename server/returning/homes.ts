import type { Home } from "../../engine/analysis/operations/return-plan.ts";
import type { CaseModelsAt } from "../../engine/approval/way-back.ts";
import type { StepContext } from "../../engine/execution/context.ts";
import { callsAround, processScopeOf, type CallAround } from "../../engine/execution/process-scope.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";

/** The processes of a case: its own, and those that it calls in the version that each call has. */
export interface CaseProcesses {
  readonly model: ProcessModel;
  readonly state: InstanceState;
  readonly calledProcess: StepContext["calledProcess"];
}

/** The calls that a piece of work stands in, the outermost first. */
export function callsOf(task: Row): readonly CallAround[] {
  return optionalText(task, "called") === null ? [] : json<readonly CallAround[]>(task, "called");
}

/** Scope of the called process that a piece of work is a step of; `null` for the case's own process. */
export function homeOf(task: Row): string | null {
  return callsOf(task).at(-1)?.scope ?? null;
}

/**
 * What a piece of work is in a process of the case (`null`: its own): the step itself, or the call in which it was done; `null`
 * where it is no part of that process.
 */
export function standsAs(task: Row, scope: string | null): string | null {
  const calls = callsOf(task);
  const at = scope === null ? 0 : calls.findIndex((call) => call.scope === scope) + 1;
  if (scope !== null && at === 0) return null;
  return calls[at]?.call ?? text(task, "element");
}

/** The innermost process that both stand in; the case's own is always one. */
export function sharedHome(one: Row, other: Row): string | null {
  const scopes = new Set(callsOf(other).map(({ scope }) => scope));
  return callsOf(one).findLast(({ scope }) => scopes.has(scope))?.scope ?? null;
}

/** Innermost called process in which a token stands; `null` in the case's own. */
export function homeOfToken(state: InstanceState, token: string): string | null {
  return homeOfScope(state, state.tokens[token]?.scope ?? "");
}

/** The same of a scope. */
export function homeOfScope({ scopes }: InstanceState, scope: string): string | null {
  return callsAround({ get: (id) => scopes[id] }, scope).at(-1)?.scope ?? null;
}

/** Models by scope, for the versions that the calls of a case run. */
export function modelsAt({ model, state, calledProcess }: CaseProcesses): CaseModelsAt {
  const called: CaseModelsAt["called"] = ({ process, version }) => {
    const found = calledProcess(process, { version });
    return found?.version === version ? found.model : null;
  };
  const at: CaseModelsAt["at"] = (scope) => {
    if (scope === null) return model;
    const around = processScopeOf({ get: (id) => state.scopes[id] }, scope);
    if (!around) return null;
    if (around.version === undefined) return model;
    return calledProcess(around.process, { version: around.version })?.model ?? null;
  };
  return { at, called };
}

/** A process of the case as a plan of a return asks for it; `null` where its call has ended. */
export function homeAt(processes: CaseProcesses, scope: string | null): Home | null {
  const model = modelsAt(processes).at(scope);
  return model && { model, scope };
}
