import type { Variables } from "../expressions/json.ts";
import type { FlowNode, ProcessModel, TaskActivity } from "../model/process-model.ts";
import { finishActivity } from "./activities/activity.ts";
import { openJob, openTask } from "./activities/tasks.ts";
import { decide } from "./activities/activity.ts";
import { advance, execute } from "./advance.ts";
import { answerWait, deliverSignal } from "./answer.ts";
import type { Command } from "./commands.ts";
import type { StepContext } from "./context.ts";
import { CommandError } from "./errors.ts";
import type { EngineEvent } from "./events.ts";
import { throwError } from "./events/throw.ts";
import { guarded, IncidentError, raiseIncident } from "./incidents.ts";
import { Run } from "./run.ts";
import { startScope } from "./scopes.ts";
import type { InstanceState, Wait } from "./state.ts";
import { cancelToken, completeElement } from "./tokens.ts";
import { requireJson, writeVariables } from "./variables.ts";
import { closeWait } from "./waits.ts";

export interface StepResult {
  readonly state: InstanceState;
  readonly events: readonly EngineEvent[];
}

/**
 * The engine: `(model, state, command, context) → { state, events }`. Pure and deterministic: the same arguments give the same
 * result, the state that came in is untouched, and a command that does not fit throws `CommandError` and changes nothing.
 * `state` is `null` for the command `start` only.
 */
export function step(
  model: ProcessModel,
  state: InstanceState | null,
  command: Command,
  context: StepContext,
): StepResult {
  requireFit(state, command);
  if ("variables" in command) requireJson(command.variables);
  const run = new Run(model, state, context);
  apply(run, command);
  if (run.status === "running") advance(run);
  return { state: run.toState(), events: run.events };
}

const whileSuspended: ReadonlySet<Command["type"]> = new Set(["resume", "cancel", "setVariables"]);

function requireFit(state: InstanceState | null, command: Command): void {
  if (command.type === "start") {
    if (state) throw new CommandError("ALREADY_STARTED", "the instance has been started already");
    return;
  }
  if (!state) throw new CommandError("NOT_STARTED", "the instance has not been started");
  if (state.status === "suspended") {
    if (!whileSuspended.has(command.type)) throw new CommandError("INSTANCE_SUSPENDED", "the instance is suspended");
  } else if (state.status !== "running") {
    throw new CommandError("INSTANCE_ENDED", `the instance has ended (${state.status})`);
  }
}

function apply(run: Run, command: Command): void {
  switch (command.type) {
    case "start":
      return start(run, command.startEvent, command.variables);
    case "completeTask":
      return completeTask(run, command);
    case "completeJob":
      return completeJob(run, command.wait, command.variables);
    case "failJob":
      return failJob(run, command);
    case "fireTimer":
      return answerWait(run, requireWait(run, command.wait, "timer"), {});
    case "correlateMessage":
      return correlate(run, command);
    case "broadcastSignal":
      return broadcast(run, command.name, command.variables);
    case "throwError":
      return throwFromWait(run, requireWorkWait(run, command.wait), command.errorCode, command.variables);
    case "setVariables":
      return setVariables(run, command.scope, command.variables);
    case "retryIncident":
      return retry(run, command.token);
    case "suspend":
      run.status = "suspended";
      return run.emit(run.root.id, { type: "process.suspended", reason: command.reason });
    case "resume":
      if (run.status !== "suspended") throw new CommandError("INSTANCE_NOT_SUSPENDED", "the instance is not suspended");
      run.status = "running";
      return run.emit(run.root.id, { type: "process.resumed" });
    case "cancel":
      return cancel(run, command.reason);
  }
}

function start(run: Run, startEvent: string | null, variables: Variables): void {
  const { root } = run;
  const starts = root.scopes.get(root.id)?.starts ?? [];
  const named = startEvent ? root.elements.get(startEvent) : null;
  if (startEvent && (named?.kind !== "startEvent" || named.parent !== root.id)) {
    throw new CommandError("START_NOT_FOUND", `the process ${root.id} has no start event ${startEvent}`, startEvent);
  }
  if (!startEvent && starts.length > 1) {
    throw new CommandError(
      "START_NOT_FOUND",
      `the process ${root.id} has several start events; name one of ${starts.join(", ")}`,
    );
  }
  const decision =
    root.limit && run.context.route
      ? run.context.route(
          { element: root.id, step: root.id, at: "applicantAuthority", role: null, limit: root.limit },
          variables,
        )
      : null;
  const scope = run.openScope({
    kind: "process",
    element: root.id,
    process: root.id,
    parent: null,
    host: null,
    variables,
  });
  run.emit(root.id, { type: "process.started", process: root.id, variables, decision });
  startScope(run, scope, root, startEvent);
}

function completeTask(run: Run, command: Extract<Command, { type: "completeTask" }>): void {
  const wait = requireWait(run, command.wait, "task");
  const token = run.token(wait.token);
  const task = requireTask(run.node(token));
  if (task.outcomes.length > 0 && (command.outcome === null || !task.outcomes.includes(command.outcome))) {
    throw new CommandError(
      "OUTCOME_NOT_ALLOWED",
      `the outcome of ${task.id} is one of ${task.outcomes.join(", ")}, not ${command.outcome ?? "none"}`,
      task.id,
    );
  }
  closeWait(run, wait, "answered");
  run.emit(task.id, { type: "task.completed", wait: wait.id, outcome: command.outcome });
  const resultVariable = task.resultVariable ?? "outcome";
  // In multi-instance each signer's outcome is its own; written to the case it would hide the others.
  if (command.outcome !== null && task.multiInstance) run.declare(token.scope, { [resultVariable]: command.outcome });
  const outcome = command.outcome === null || task.multiInstance ? {} : { [resultVariable]: command.outcome };
  writeIfAny(run, token.scope, { ...command.variables, ...outcome });
  finishActivity(run, token.id, command.outcome);
}

function completeJob(run: Run, waitId: string, variables: Variables): void {
  const wait = requireWait(run, waitId, "job");
  closeWait(run, wait, "answered");
  run.emit(wait.element, { type: "job.completed", wait: wait.id });
  writeIfAny(run, run.token(wait.token).scope, variables);
  finishActivity(run, wait.token, null);
}

function failJob(run: Run, command: Extract<Command, { type: "failJob" }>): void {
  const wait = requireWait(run, command.wait, "job");
  run.emit(wait.element, { type: "job.failed", wait: wait.id, errorCode: command.errorCode, message: command.message });
  if (command.errorCode !== null) {
    throwFromWait(run, wait, command.errorCode, command.variables);
    return;
  }
  closeWait(run, wait, "answered");
  raiseIncident(run, wait.token, { code: "JOB_FAILED", message: command.message, phase: "work" });
}

/** A BPMN error from the work at a task or job; uncaught it becomes an incident there and the work can be retried. */
function throwFromWait(run: Run, wait: Wait, code: string, variables: Variables): void {
  run.waits.delete(wait.id);
  guarded(run, wait.token, "work", () => throwError(run, run.token(wait.token), code, variables));
}

function correlate(run: Run, command: Extract<Command, { type: "correlateMessage" }>): void {
  const matching = [...run.waits.values()].find(
    (wait) =>
      wait.type === "message" &&
      wait.name === command.name &&
      (command.wait === null || wait.id === command.wait) &&
      (wait.correlationKey === null || wait.correlationKey === command.correlationKey),
  );
  if (matching?.type !== "message") {
    throw new CommandError(
      "NO_SUBSCRIPTION",
      `nothing waits for the message ${command.name}${command.correlationKey ? ` with the key ${command.correlationKey}` : ""}`,
    );
  }
  answerWait(run, matching, command.variables);
}

function broadcast(run: Run, name: string, variables: Variables): void {
  if (![...run.waits.values()].some((wait) => wait.type === "signal" && wait.name === name)) {
    throw new CommandError("NO_SUBSCRIPTION", `nothing waits for the signal ${name}`);
  }
  deliverSignal(run, name, variables);
}

function setVariables(run: Run, scope: string | null, variables: Variables): void {
  const target = scope ?? [...run.scopes.values()].find(({ parent }) => parent === null)?.id;
  if (!target || !run.scopes.has(target))
    throw new CommandError("SCOPE_NOT_FOUND", `the instance has no scope ${scope ?? ""}`);
  writeIfAny(run, target, variables);
}

function retry(run: Run, tokenId: string): void {
  const token = run.tokens.get(tokenId);
  const incident = token?.incident;
  if (!token || token.at !== "incident" || !incident)
    throw new CommandError("INCIDENT_NOT_FOUND", `the token ${tokenId} has no incident`);
  run.emit(token.element, { type: "incident.resolved", token: tokenId });
  switch (incident.phase) {
    case "enter":
      return execute(run, run.updateToken(tokenId, { at: "waiting", incident: null }));
    case "leave":
      run.updateToken(tokenId, { at: "waiting", incident: null });
      return completeElement(run, tokenId);
    case "join":
      run.updateToken(tokenId, { at: "joining", incident: null });
      return;
    case "work":
      return reopenWork(run, tokenId);
  }
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

function cancel(run: Run, reason: string): void {
  const root = [...run.scopes.values()].find(({ parent }) => parent === null);
  if (root) for (const token of run.tokensIn(root.id)) cancelToken(run, token.id);
  run.status = "cancelled";
  run.emit(run.root.id, { type: "process.cancelled", reason });
}

function requireWait<T extends Wait["type"]>(run: Run, id: string, type: T): Extract<Wait, { type: T }> {
  const wait = run.waits.get(id);
  if (!wait) throw new CommandError("WAIT_NOT_FOUND", `${id} does not wait (any more)`);
  if (!isOfType(wait, type))
    throw new CommandError("WAIT_OF_OTHER_TYPE", `${id} is a ${wait.type}, not a ${type}`, wait.element);
  return wait;
}

function isOfType<T extends Wait["type"]>(wait: Wait, type: T): wait is Extract<Wait, { type: T }> {
  return wait.type === type;
}

function requireWorkWait(run: Run, id: string): Wait {
  const wait = run.waits.get(id);
  return wait?.type === "task" ? wait : requireWait(run, id, "job");
}

function requireTask(node: FlowNode): TaskActivity {
  if (node.kind !== "userTask") throw new CommandError("WAIT_OF_OTHER_TYPE", `${node.id} is no user task`, node.id);
  return node;
}

function writeIfAny(run: Run, scope: string, variables: Variables): void {
  if (Object.keys(variables).length > 0) writeVariables(run, scope, variables);
}
