import type { Variables } from "../../expressions/json.ts";
import type { FlowNode, TaskActivity } from "../../model/process-model.ts";
import { finishActivity } from "../activities/activity.ts";
import { isInstanceOf } from "../activities/instances.ts";
import { adHocOf, completeAdHoc, startInner } from "../activities/ad-hoc.ts";
import type { Command } from "../commands.ts";
import { CommandError } from "../errors.ts";
import { throwError } from "../events/throw.ts";
import { guarded, raiseIncident } from "../incidents.ts";
import type { Run } from "../run.ts";
import type { Token, Wait } from "../state.ts";
import { completeAside, endDuties } from "../tokens.ts";
import { writeIfAny } from "../variables.ts";
import { cancelWaitsOf, closeWait } from "../waits.ts";
import { place, requireTarget, tidy } from "./move.ts";
import { requireWait } from "./require.ts";

export function completeTask(run: Run, command: Extract<Command, { type: "completeTask" }>): void {
  const token = answerTask(run, command);
  if (command.branch !== undefined) takeByHand(run, token, command.branch);
  finishActivity(run, token.id, command.outcome);
}

function takeByHand(run: Run, token: Token, branch: string): void {
  const { id, choices } = requireTask(run.node(token));
  if (!choices.branches.includes(branch))
    throw new CommandError("BRANCH_NOT_OFFERED", `${id} does not let its handler choose ${branch}`, id);
  run.updateToken(token.id, { branch });
}

/** What is asked for is done, and the case takes again the places that it had left; the flows onward are not taken. */
export function comeBack(run: Run, command: Extract<Command, { type: "comeBack" }>): void {
  for (const target of command.start) requireTarget(run, target);
  const token = answerTask(run, command);
  const node = run.node(token);
  if (isInstanceOf(run, token, requireTask(node)))
    throw new CommandError(
      "MOVE_IMPOSSIBLE",
      `${node.id} runs as several instances; one of them cannot lead back`,
      node.id,
    );
  cancelWaitsOf(run, token.id);
  endDuties(run, token, node, "completed", command.outcome);
  completeAside(run, token.id);
  for (const target of command.start) place(run, target);
  tidy(run, token.scope);
  run.emit(run.root.id, { type: "tokens.cameBack", started: command.start.map(({ element }) => element) });
}

function answerTask(run: Run, command: Extract<Command, { type: "completeTask" | "comeBack" }>): Token {
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
  return run.token(token.id);
}

export function completeJob(run: Run, waitId: string, variables: Variables): void {
  const wait = requireWait(run, waitId, "job");
  closeWait(run, wait, "answered");
  run.emit(wait.element, { type: "job.completed", wait: wait.id });
  writeIfAny(run, run.token(wait.token).scope, variables);
  finishActivity(run, wait.token, null);
}

export function failJob(run: Run, command: Extract<Command, { type: "failJob" }>): void {
  const wait = requireWait(run, command.wait, "job");
  run.emit(wait.element, { type: "job.failed", wait: wait.id, errorCode: command.errorCode, message: command.message });
  if (command.errorCode !== null) {
    throwFromWait(run, wait, "answered", command.errorCode, command.variables);
    return;
  }
  closeWait(run, wait, "answered");
  raiseIncident(run, wait.token, { code: "JOB_FAILED", message: command.message, phase: "work" });
}

/** A BPMN error thrown by whoever works on a task or job. */
export function throwErrorAt(run: Run, waitId: string, errorCode: string, variables: Variables): void {
  const wait = run.waits.get(waitId);
  const work = wait?.type === "task" ? wait : requireWait(run, waitId, "job");
  throwFromWait(run, work, "cancelled", errorCode, variables);
}

/** Uncaught, the error becomes an incident at the work, which can then be tried again. */
function throwFromWait(run: Run, wait: Wait, how: "answered" | "cancelled", code: string, variables: Variables): void {
  closeWait(run, wait, how);
  guarded(run, wait.token, "work", () => throwError(run, run.token(wait.token), code, variables));
}

export function startActivity(run: Run, command: Extract<Command, { type: "startActivity" }>): void {
  startInner(run, requireWait(run, command.wait, "adHoc"), command.element, command.variables);
}

export function endAdHoc(run: Run, waitId: string): void {
  completeAdHoc(run, adHocOf(run, requireWait(run, waitId, "adHoc")).scope.id);
}

function requireTask(node: FlowNode): TaskActivity {
  if (node.kind !== "userTask") throw new CommandError("WAIT_OF_OTHER_TYPE", `${node.id} is no user task`, node.id);
  return node;
}
