import type { Variables } from "../../expressions/json.ts";
import { contentOf } from "../../model/look-up.ts";
import type { SubProcessActivity } from "../../model/process-model.ts";
import { CommandError } from "../errors.ts";
import type { Run } from "../run.ts";
import { endScopeWhenEmpty, openSubScope, prepareScope } from "../scopes.ts";
import type { AdHocWait, Scope, Token } from "../state.ts";
import { cancelTokensIn } from "../tokens.ts";
import { writeIfAny } from "../variables.ts";
import { closeWait } from "../waits.ts";
import type { Begin } from "./activity.ts";

/** Ad-hoc sub-process (BPMN 2.0 §13.3.5): people start its activities, any number of times, until it is done. */
export function prepareAdHoc(run: Run, token: Token): Begin {
  return () => {
    run.updateToken(token.id, { at: "hosting" });
    const { process } = run.scope(token.scope);
    const scope = openSubScope(run, token, { kind: "subProcess", process, variables: {} });
    const model = run.modelOf(scope);
    prepareScope(run, scope, model);
    const wait = run.openWait({ type: "adHoc", token: token.id, element: token.element });
    const activities = contentOf(model, token.element).implicitStarts;
    run.emit(token.element, { type: "adHoc.opened", wait: wait.id, activities });
  };
}

/** Puts a token before an inner activity that nothing leads to; throws `CommandError` when it may not begin now. */
export function startInner(run: Run, wait: AdHocWait, element: string, variables: Variables): void {
  const { scope, node } = adHocOf(run, wait);
  const startable = contentOf(run.modelOf(scope), node.id).implicitStarts;
  if (!startable.includes(element)) {
    throw new CommandError(
      "ACTIVITY_NOT_STARTABLE",
      `${node.id} lets people start ${startable.join(", ")}, not ${element}`,
      element,
    );
  }
  if (node.adHoc?.sequential && run.isBusy(scope.id)) {
    throw new CommandError("ACTIVITY_NOT_STARTABLE", `${node.id} does one activity after another`, element);
  }
  writeIfAny(run, scope.id, variables);
  run.placeToken(element, scope.id, null);
}

/** True when an activity that completes in `scope` makes the ad-hoc sub-process around it done. */
export function isDone(run: Run, scopeId: string, variables: Variables): boolean {
  const scope = run.scope(scopeId);
  const node = run.modelOf(scope).elements.get(scope.element);
  if (scope.kind !== "subProcess" || node?.kind !== "subProcess" || !node.adHoc?.completionCondition) return false;
  return run.context.evaluator.holds(node.adHoc.completionCondition, variables);
}

/** Nothing more can be started; what still runs is cancelled or may finish, as the model says. */
export function completeAdHoc(run: Run, scopeId: string): void {
  const scope = run.scopes.get(scopeId);
  const wait = scope?.host ? run.waitsOf(scope.host).find((open) => open.type === "adHoc") : undefined;
  if (!wait) return;
  closeWait(run, wait, "answered");
  if (adHocOf(run, wait).node.adHoc?.cancelRemaining) cancelTokensIn(run, scopeId);
  endScopeWhenEmpty(run, scopeId);
}

export function adHocOf(run: Run, wait: AdHocWait): { scope: Scope; node: SubProcessActivity } {
  const node = run.node(run.token(wait.token));
  const scope = run.scopesHostedBy(wait.token).find(({ kind }) => kind === "subProcess");
  if (node.kind !== "subProcess" || !scope) throw new Error(`${wait.element} is no ad-hoc sub-process that runs`);
  return { scope, node };
}
