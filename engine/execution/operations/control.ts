import type { Variables } from "../../expressions/json.ts";
import { decide, finishActivity } from "../activities/activity.ts";
import { openJob, openTask } from "../activities/tasks.ts";
import { execute } from "../advance.ts";
import type { Command } from "../commands.ts";
import { CommandError } from "../errors.ts";
import { arm } from "../events/event-sub-process.ts";
import { guarded, IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import type { Scope, Token } from "../state.ts";
import { cancelHosted, cancelTokensIn, completeElement, standsOutside } from "../tokens.ts";
import { writeIfAny } from "../variables.ts";
import { cancelWaitsOf } from "../waits.ts";
import { requireIncident } from "./require.ts";

export function suspend(run: Run, { reason, cause }: Extract<Command, { type: "suspend" }>): void {
  run.status = "suspended";
  run.emit(run.root.id, { type: "process.suspended", reason, ...(cause === undefined ? {} : { cause }) });
}

export function resume(run: Run): void {
  if (run.status !== "suspended") throw new CommandError("INSTANCE_NOT_SUSPENDED", "the instance is not suspended");
  run.status = "running";
  // Variables may have been set in the meantime.
  run.conditionsDue = true;
  run.emit(run.root.id, { type: "process.resumed" });
}

export function cancelInstance(run: Run, reason: string): void {
  cancelTokensIn(run, rootScope(run).id);
  run.status = "cancelled";
  run.emit(run.root.id, { type: "process.cancelled", reason });
}

export function changeVariables(run: Run, scope: string | null, variables: Variables): void {
  const target = scope ?? rootScope(run).id;
  if (!run.scopes.has(target)) throw new CommandError("SCOPE_NOT_FOUND", `the instance has no scope ${target}`);
  writeIfAny(run, target, variables);
}

export function rootScope(run: Run): Scope {
  for (const scope of run.scopes.values()) if (scope.parent === null) return scope;
  throw new Error("the instance has no scope of its process");
}

/** Tries again what failed, where it failed. */
export function retry(run: Run, tokenId: string): void {
  const { token, incident } = requireIncident(run, tokenId);
  run.emit(token.element, { type: "incident.resolved", token: tokenId, how: "retried" });
  switch (incident.phase) {
    case "arrive":
      run.updateToken(tokenId, { at: "ready", incident: null });
      return;
    case "enter":
      return execute(run, run.updateToken(tokenId, { at: "waiting", incident: null }));
    case "leave":
      run.updateToken(tokenId, { at: "waiting", incident: null });
      return completeElement(run, tokenId);
    case "join":
      run.updateToken(tokenId, { at: "joining", incident: null });
      return;
    case "arm":
      return arm(run, run.updateToken(tokenId, { at: "armed", incident: null }));
    case "condition":
      run.updateToken(tokenId, { at: stateBefore(run, token), incident: null });
      run.conditionsDue = true;
      return;
    case "work":
      return reopenWork(run, tokenId);
  }
}

/** Settled by hand: the case goes on as if the element had done its work. */
export function resolve(run: Run, tokenId: string, variables: Variables): void {
  const { token, incident } = requireIncident(run, tokenId);
  if (incident.phase === "arm" || incident.phase === "condition") {
    throw new CommandError(
      "INCIDENT_NOT_FOUND",
      `${token.element} waits for an event whose condition cannot be worked out; correct the data and retry`,
      token.element,
    );
  }
  run.emit(token.element, { type: "incident.resolved", token: tokenId, how: "byHand" });
  if (standsOutside(token)) run.emit(token.element, { type: "element.entered", token: tokenId, scope: token.scope });
  run.updateToken(tokenId, { at: "waiting", incident: null });
  cancelHosted(run, tokenId);
  cancelWaitsOf(run, tokenId);
  writeIfAny(run, token.scope, variables);
  if ("boundary" in run.node(token)) finishActivity(run, tokenId, null);
  else completeElement(run, tokenId);
}

function stateBefore(run: Run, token: Token): Token["at"] {
  const node = run.node(token);
  const hosts = run.scopesHostedBy(token.id).length > 0;
  if (hosts) return "hosting";
  return node.kind === "subProcess" && node.variant === "event" ? "armed" : "waiting";
}

function reopenWork(run: Run, tokenId: string): void {
  const token = run.token(tokenId);
  const node = run.node(token);
  guarded(run, tokenId, "work", () => {
    if (!("topic" in node)) throw new IncidentError("WORK_NOT_RETRYABLE", `${node.id} has no work to retry`);
    const decision = decide(run, token, node);
    if (node.kind === "userTask") openTask(run, token, node, decision);
    else openJob(run, token, node, decision);
  });
}
