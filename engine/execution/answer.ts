import type { Variables } from "../expressions/json.ts";
import { finishActivity } from "./activities/activity.ts";
import { triggerBoundary } from "./events/throw.ts";
import { rescheduleTimer } from "./events/timer.ts";
import { guarded } from "./incidents.ts";
import type { Run } from "./run.ts";
import type { MessageWait, SignalWait, TimerWait } from "./state.ts";
import { completeElement, emitTaken } from "./tokens.ts";
import { writeVariables } from "./variables.ts";
import { cancelWaitsOf, closeWait, openEventWait } from "./waits.ts";

/** An awaited event has happened: whoever waited for it goes on. */
export function answerWait(run: Run, wait: TimerWait | MessageWait | SignalWait, variables: Variables): void {
  const token = run.token(wait.token);
  const reacting = run.nodeIn(token.scope, wait.element);
  closeWait(run, wait, "answered");
  if (reacting.kind === "boundaryEvent") {
    if (!reacting.interrupting) rearm(run, wait);
    triggerBoundary(run, token.id, reacting, variables);
    return;
  }
  cancelWaitsOf(run, token.id);
  if (Object.keys(variables).length > 0) writeVariables(run, token.scope, variables);
  if (token.element !== wait.element) leaveEventGateway(run, token.id, wait.element);
  if (reacting.kind === "receiveTask" && token.element === wait.element) finishActivity(run, token.id, null);
  else completeElement(run, token.id);
}

/** A non-interrupting boundary event can happen again while its activity lasts: the rest of a cycle, another message. */
function rearm(run: Run, wait: TimerWait | MessageWait | SignalWait): void {
  if (wait.type === "timer") {
    rescheduleTimer(run, wait);
    return;
  }
  const token = run.token(wait.token);
  const boundary = run.nodeIn(token.scope, wait.element);
  if (boundary.kind === "boundaryEvent")
    guarded(run, token.id, "work", () => openEventWait(run, token, wait.element, boundary.definition));
}

/** The event that came first decides: the token moves from the gateway into it. */
function leaveEventGateway(run: Run, tokenId: string, element: string): void {
  const token = run.token(tokenId);
  const model = run.modelOf(run.scope(token.scope));
  const flow = [...model.flows.values()].find(({ source, target }) => source === token.element && target === element);
  run.emit(token.element, { type: "element.completed", token: tokenId, scope: token.scope });
  if (flow) emitTaken(run, flow);
  run.updateToken(tokenId, { element, via: flow?.id ?? null, at: "waiting" });
  run.emit(element, { type: "element.entered", token: tokenId, scope: token.scope });
}

/** Every wait for the signal that is open now is answered, in the order in which they were opened. */
export function deliverSignal(run: Run, name: string, variables: Variables): void {
  const listening = [...run.waits.values()].filter((wait) => wait.type === "signal" && wait.name === name);
  for (const wait of listening) if (wait.type === "signal" && run.waits.has(wait.id)) answerWait(run, wait, variables);
}
