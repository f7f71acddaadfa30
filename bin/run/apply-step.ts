import type { HeadlessCase } from "../../engine/analysis/headless-case.ts";
import { CommandError } from "../../engine/execution/errors.ts";
import type { Wait } from "../../engine/execution/state.ts";
import type { ScriptStep } from "./script-step.ts";

/** Applies one script step to a running case. Throws `CommandError` when nothing fits it. */
export function applyStep(running: HeadlessCase, step: ScriptStep): void {
  if ("complete" in step) {
    const wait = nthWait(running, "task", step.complete, step.nth);
    return running.apply({ type: "completeTask", wait: wait.id, outcome: step.outcome, variables: step.variables });
  }
  if ("completeTask" in step) {
    return running.apply({
      type: "completeTask",
      wait: step.completeTask,
      outcome: step.outcome,
      variables: step.variables,
    });
  }
  if ("job" in step) {
    return running.apply({
      type: "completeJob",
      wait: nthWait(running, "job", step.job, step.nth).id,
      variables: step.variables,
    });
  }
  if ("failJob" in step) {
    const wait = nthWait(running, "job", step.failJob, step.nth);
    return running.apply({
      type: "failJob",
      wait: wait.id,
      errorCode: step.error,
      message: step.message,
      variables: step.variables,
    });
  }
  if ("correlationKey" in step) return correlate(running, step);
  if ("signal" in step) return running.apply({ type: "broadcastSignal", name: step.signal, variables: step.variables });
  if ("retry" in step) return retry(running, step.retry, step.nth);
  if ("advance" in step) running.advance(step.advance);
  else if ("advanceTo" in step) running.advanceTo(step.advanceTo);
  else running.advanceToNextTimer();
}

function correlate(running: HeadlessCase, step: Extract<ScriptStep, { correlationKey: string | null }>): void {
  const matching = running.waits.filter(
    (wait) =>
      wait.type === "message" &&
      wait.name === step.message &&
      (step.correlationKey === null || wait.correlationKey === null || wait.correlationKey === step.correlationKey),
  );
  const wait = matching[step.nth - 1];
  if (wait?.type !== "message")
    throw new CommandError("NO_SUBSCRIPTION", `nothing waits for the message ${step.message}`);
  running.apply({
    type: "correlateMessage",
    name: step.message,
    correlationKey: wait.correlationKey,
    wait: wait.id,
    variables: step.variables,
  });
}

function retry(running: HeadlessCase, element: string, nth: number): void {
  const stopped = Object.values(running.state.tokens).filter(
    (token) => token.at === "incident" && token.element === element,
  );
  const token = stopped[nth - 1];
  if (!token) throw new CommandError("INCIDENT_NOT_FOUND", `no incident stands at ${element}`, element);
  running.apply({ type: "retryIncident", token: token.id });
}

function nthWait(running: HeadlessCase, type: Wait["type"], element: string, nth: number): Wait {
  const wait = running.waits.filter((candidate) => candidate.type === type && candidate.element === element)[nth - 1];
  if (wait) return wait;
  const open = running.waits.filter((candidate) => candidate.type === type).map((candidate) => candidate.element);
  throw new CommandError(
    "WAIT_NOT_FOUND",
    `no ${type} waits at ${element}${nth > 1 ? ` (number ${nth})` : ""}; waiting: ${open.join(", ") || "none"}`,
    element,
  );
}
