import type { Variables } from "../../expressions/json.ts";
import { contentOf } from "../../model/look-up.ts";
import type { StartEvent } from "../../model/process-model.ts";
import { guarded } from "../incidents.ts";
import type { Run } from "../run.ts";
import { openSubScope, startScope } from "../scopes.ts";
import type { Scope, Token } from "../state.ts";
import { cancelToken } from "../tokens.ts";
import { writeIfAny } from "../variables.ts";
import { cancelWaitsOf, closeWait, openEventWaits } from "../waits.ts";

/** Makes the event sub-processes of a scope wait for their triggers (BPMN 2.0 §13.5.4). */
export function armEventSubProcesses(run: Run, scope: Scope, eventSubProcesses: readonly string[]): void {
  for (const element of eventSubProcesses) arm(run, run.placeToken(element, scope.id, null, "armed"));
}

/** Also when the incident of an arming that failed is retried. */
export function arm(run: Run, token: Token): void {
  guarded(run, token.id, "arm", () => {
    const start = startOf(run, token);
    if (start) openEventWaits(run, token, start);
  });
}

/** The start event of the event sub-process that an armed token stands for. */
export function startOf(run: Run, armed: Token): StartEvent | null {
  const model = run.modelOf(run.scope(armed.scope));
  const start = model.elements.get(contentOf(model, armed.element).starts[0] ?? "");
  return start?.kind === "startEvent" ? start : null;
}

/** The trigger has happened. An interrupting one ends everything else in its scope; another one runs beside it. */
export function triggerEventSubProcess(run: Run, armed: Token, start: StartEvent, variables: Variables): void {
  const host = start.interrupting ? interrupt(run, armed) : run.placeToken(armed.element, armed.scope, null, "hosting");
  run.emit(armed.element, { type: "element.entered", token: host.id, scope: host.scope });
  const { process } = run.scope(armed.scope);
  const scope = openSubScope(run, host, { kind: "subProcess", process, variables: {} });
  writeIfAny(run, scope.id, variables);
  startScope(run, scope, run.modelOf(scope), start.id);
}

function interrupt(run: Run, armed: Token): Token {
  const { host } = run.scope(armed.scope);
  const choosing = host ? run.waitsOf(host).find((wait) => wait.type === "adHoc") : undefined;
  if (choosing) closeWait(run, choosing, "cancelled");
  const handling = run.updateToken(armed.id, { at: "hosting" });
  cancelWaitsOf(run, armed.id);
  for (const token of run.tokensIn(armed.scope))
    if (token.id !== armed.id && run.tokens.has(token.id)) cancelToken(run, token.id);
  return handling;
}
