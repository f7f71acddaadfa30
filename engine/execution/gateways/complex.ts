import { flowsFrom } from "../../model/look-up.ts";
import type { Gateway } from "../../model/process-model.ts";
import { guarded } from "../incidents.ts";
import type { Run } from "../run.ts";
import type { Scope, Token } from "../state.ts";
import { completeElement, ofComplexGateway, take } from "../tokens.ts";
import { visibleVariables } from "../variables.ts";
import { canStillArrive } from "./join.ts";

/** A token has come to a complex gateway: it goes on when its activation condition holds (BPMN 2.0 §13.4.5). */
export function arriveAtComplex(run: Run, token: Token, gateway: Gateway): void {
  const scope = run.scope(token.scope);
  if (scope.resetting?.[gateway.id]) return;
  guarded(run, token.id, "join", () => {
    if (!isActivated(run, token, gateway)) return;
    const arrived = run.joiningAt(scope.id, gateway.id);
    const flows = [...new Set(arrived.map(({ via }) => via ?? ""))];
    for (const other of arrived) if (other.id !== token.id) run.consume(other.id);
    if (flows.length < gateway.incoming.length) waitForReset(run, scope, gateway.id, flows);
    run.emit(gateway.id, { type: "element.entered", token: token.id, scope: scope.id });
    completeElement(run, token.id);
  });
}

/** The condition sees `activationCount`, and for each incoming flow, by its id, how many tokens came along it. */
function isActivated(run: Run, token: Token, gateway: Gateway): boolean {
  if (!gateway.activation) return true;
  const arrived = run.joiningAt(token.scope, gateway.id);
  const byFlow = gateway.incoming.map((flow) => [flow, arrived.filter(({ via }) => via === flow).length] as const);
  return run.context.evaluator.holds(gateway.activation, {
    ...visibleVariables(run.scopes, token.scope),
    ...Object.fromEntries(byFlow),
    activationCount: arrived.length,
  });
}

function waitForReset(run: Run, scope: Scope, gateway: string, flows: readonly string[]): void {
  run.updateScope(scope.id, { resetting: { ...scope.resetting, [gateway]: flows } });
}

/** Resets one complex gateway for which nothing more can come; `false` when there is none. */
export function resetComplex(run: Run): boolean {
  for (const scope of run.scopes.values()) {
    for (const [id, taken] of Object.entries(scope.resetting ?? {})) {
      const gateway = run.nodeIn(scope.id, id);
      if (gateway.kind === "complexGateway" && reset(run, scope, gateway, taken)) return true;
    }
  }
  return false;
}

function reset(run: Run, scope: Scope, gateway: Gateway, taken: readonly string[]): boolean {
  const late = run.joiningAt(scope.id, gateway.id);
  const filled = new Set([...taken, ...late.map(({ via }) => via ?? "")]);
  if (canStillArrive(run, gateway, scope.id, filled)) return false;
  const { [gateway.id]: _done, ...others } = scope.resetting ?? {};
  run.updateScope(scope.id, { resetting: others });
  const [first, ...rest] = late;
  if (!first) return true;
  for (const token of rest) run.consume(token.id);
  guarded(run, first.id, "leave", () => leaveAfterReset(run, first, gateway));
  return true;
}

function leaveAfterReset(run: Run, token: Token, gateway: Gateway): void {
  const model = run.modelOf(run.scope(token.scope));
  const flows = flowsFrom(model, gateway);
  const variables = { ...visibleVariables(run.scopes, token.scope), waitingForStart: false };
  take(run, token, ofComplexGateway(run, flows, gateway, variables));
}
