import type { HeadlessCase } from "../../engine/analysis/headless-case.ts";
import type { Command } from "../../engine/execution/commands.ts";
import { CommandError } from "../../engine/execution/errors.ts";
import type { Wait } from "../../engine/execution/state.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { ScriptStep } from "./script-step.ts";

/** Applies one script step to a running case. Throws `CommandError` when nothing fits it. */
export function applyStep(running: HeadlessCase, step: ScriptStep): void {
  if ("advance" in step) running.advance(step.advance);
  else if ("advanceTo" in step) running.advanceTo(step.advanceTo);
  else if ("advanceToNextTimer" in step) running.advanceToNextTimer();
  else running.apply(commandOf(running, step));
}

type CommandStep = Exclude<ScriptStep, { advance: string } | { advanceTo: string } | { advanceToNextTimer: true }>;

/** The command that a step stands for: elements are looked up among what waits now. */
function commandOf(running: HeadlessCase, step: CommandStep): Command {
  if ("complete" in step) {
    const wait = nthWait(running, ["task"], step.complete, step.nth).id;
    return { type: "completeTask", wait, outcome: step.outcome, variables: step.variables };
  }
  if ("completeTask" in step)
    return { type: "completeTask", wait: step.completeTask, outcome: step.outcome, variables: step.variables };
  if ("job" in step) {
    const wait = nthWait(running, ["job"], step.job, step.nth).id;
    return { type: "completeJob", wait, variables: step.variables };
  }
  if ("failJob" in step) {
    const wait = nthWait(running, ["job"], step.failJob, step.nth).id;
    return { type: "failJob", wait, errorCode: step.error, message: step.message, variables: step.variables };
  }
  if ("throwError" in step) {
    const wait = nthWait(running, ["task", "job"], step.throwError, step.nth).id;
    return { type: "throwError", wait, errorCode: step.code, variables: step.variables };
  }
  if ("correlationKey" in step) return correlation(running, step);
  if ("signal" in step) return { type: "broadcastSignal", name: step.signal, variables: step.variables };
  return controlOf(running, step);
}

type ControlStep = Extract<
  CommandStep,
  | { retry: string }
  | { resolve: string }
  | { set: unknown }
  | { startActivity: string }
  | { completeAdHoc: string }
  | { suspend: string }
  | { resume: true }
  | { cancel: string }
  | { move: unknown }
>;

function controlOf(running: HeadlessCase, step: ControlStep): Command {
  if ("retry" in step) return { type: "retryIncident", token: nthIncident(running, step.retry, step.nth) };
  if ("resolve" in step) {
    const token = nthIncident(running, step.resolve, step.nth);
    return { type: "resolveIncident", token, variables: step.variables };
  }
  if ("set" in step) return { type: "setVariables", scope: scopeOf(running, step.at), variables: step.set };
  if ("startActivity" in step) return startInner(running, step.startActivity, step.variables);
  if ("completeAdHoc" in step)
    return { type: "completeAdHoc", wait: nthWait(running, ["adHoc"], step.completeAdHoc, 1).id };
  if ("suspend" in step) return { type: "suspend", reason: step.suspend };
  if ("resume" in step) return { type: "resume" };
  if ("cancel" in step) return { type: "cancel", reason: step.cancel };
  const tokens = Object.values(running.state.tokens);
  const cancel = step.move.cancel.flatMap((element) =>
    tokens.filter((token) => token.element === element).map(({ id }) => id),
  );
  const start = step.move.start.map((element) => ({ element, scope: null }));
  return { type: "moveTokens", cancel, start, reason: "script" };
}

function startInner(running: HeadlessCase, element: string, variables: Variables): Command {
  const waits = running.waits.filter((wait) => wait.type === "adHoc");
  const [only] = waits.filter((wait) => running.startableAt(wait).includes(element));
  const wait = only ?? waits[0];
  if (!wait) throw new CommandError("WAIT_NOT_FOUND", `no ad-hoc sub-process lets anyone start ${element}`, element);
  return { type: "startActivity", wait: wait.id, element, variables };
}

/** Scope that the sub-process has open; `null` for the process itself. */
function scopeOf(running: HeadlessCase, element: string | null): string | null {
  if (element === null) return null;
  const scope = Object.values(running.state.scopes).find((candidate) => candidate.element === element);
  if (!scope) throw new CommandError("SCOPE_NOT_FOUND", `${element} has no scope open`, element);
  return scope.id;
}

function correlation(running: HeadlessCase, step: Extract<ScriptStep, { correlationKey: string | null }>): Command {
  const matching = running.waits.filter(
    (wait) =>
      wait.type === "message" &&
      wait.name === step.message &&
      (step.correlationKey === null || wait.correlationKey === null || wait.correlationKey === step.correlationKey),
  );
  const wait = matching[step.nth - 1];
  if (wait?.type !== "message")
    throw new CommandError("NO_SUBSCRIPTION", `nothing waits for the message ${step.message}`);
  return {
    type: "correlateMessage",
    name: step.message,
    correlationKey: wait.correlationKey,
    wait: wait.id,
    variables: step.variables,
  };
}

function nthIncident(running: HeadlessCase, element: string, nth: number): string {
  const stopped = Object.values(running.state.tokens).filter(
    (token) => token.at === "incident" && token.element === element,
  );
  const token = stopped[nth - 1];
  if (!token) throw new CommandError("INCIDENT_NOT_FOUND", `no incident stands at ${element}`, element);
  return token.id;
}

function nthWait(running: HeadlessCase, types: readonly Wait["type"][], element: string, nth: number): Wait {
  const open = running.waits.filter(({ type }) => types.includes(type));
  const wait = open.filter((candidate) => candidate.element === element)[nth - 1];
  if (wait) return wait;
  throw new CommandError(
    "WAIT_NOT_FOUND",
    `no ${types.join(" or ")} waits at ${element}${nth > 1 ? ` (number ${nth})` : ""}; waiting: ${open.map((candidate) => candidate.element).join(", ") || "none"}`,
    element,
  );
}
