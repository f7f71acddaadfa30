import type { Variables } from "../expressions/json.ts";
import type { BoundaryEvent, EventDefinition, FlowNode } from "../model/process-model.ts";
import { flowsFrom } from "../model/look-up.ts";
import { finishActivity } from "./activities/activity.ts";
import { triggerEventSubProcess } from "./events/event-sub-process.ts";
import { triggerBoundary } from "./events/throw.ts";
import { rescheduleTimer } from "./events/timer.ts";
import { guarded } from "./incidents.ts";
import { numberOf, type Run, type ThrownSignal } from "./run.ts";
import type { EventWait, SignalWait, Token } from "./state.ts";
import { completeElement, emitTaken } from "./tokens.ts";
import { visibleVariables, writeIfAny } from "./variables.ts";
import { cancelWaitsOf, closeWait, openConditionWait, openEventWait, openEventWaits } from "./waits.ts";

/** An awaited event has happened: whoever waited for it goes on. */
export function answerWait(run: Run, wait: EventWait, arrived: Variables): void {
  const token = run.token(wait.token);
  const reacting = run.nodeIn(token.scope, wait.element);
  closeWait(run, wait, "answered");
  guarded(run, token.id, "work", () => {
    const variables = payloadOf(run, token, reacting, arrived);
    if (isIncomplete(run, token, reacting)) writeIfAny(run, token.scope, variables);
    else react(run, token, reacting, wait, variables);
  });
}

/** A parallel multiple event has happened when nothing of it is waited for any more. */
function isIncomplete(run: Run, token: Token, reacting: FlowNode): boolean {
  return (
    "parallel" in reacting && reacting.parallel && run.waitsOf(token.id).some(({ element }) => element === reacting.id)
  );
}

function react(run: Run, token: Token, reacting: FlowNode, wait: EventWait, variables: Variables): void {
  if (reacting.kind === "boundaryEvent") {
    if (!reacting.interrupting) rearmBoundary(run, token, reacting, wait);
    triggerBoundary(run, token.id, reacting, variables);
    return;
  }
  if (reacting.kind === "startEvent" && token.at === "armed") {
    if (!reacting.interrupting) rearm(run, token, reacting, wait);
    triggerEventSubProcess(run, token, reacting, variables);
    return;
  }
  cancelWaitsOf(run, token.id);
  writeIfAny(run, token.scope, variables);
  if (token.element !== wait.element) leaveEventGateway(run, token.id, wait.element);
  if (reacting.kind === "receiveTask" && token.element === wait.element) finishActivity(run, token.id, null);
  else completeElement(run, token.id);
}

/** What arrives with an event becomes variables: as it is, or as its data associations copy it. */
function payloadOf(run: Run, token: Token, reacting: FlowNode, arrived: Variables): Variables {
  if (!("payload" in reacting) || reacting.payload.length === 0) return arrived;
  const seen = { ...visibleVariables(run.scopes, token.scope), ...arrived };
  return Object.fromEntries(
    reacting.payload.map(({ source, target }) => [target, run.context.evaluator.value(source, seen)]),
  );
}

/** An event that does not interrupt can happen again: the rest of a cycle, another message, the condition come true anew. */
function rearm(
  run: Run,
  token: Token,
  reacting: { id: string; definitions: readonly EventDefinition[]; parallel: boolean },
  wait: EventWait,
): void {
  if (reacting.parallel) {
    openEventWaits(run, token, reacting);
    return;
  }
  const definition = reacting.definitions[wait.definition];
  const awaited = { element: wait.element, definition: wait.definition };
  if (wait.type === "timer") rescheduleTimer(run, wait);
  else if (definition?.type === "conditional")
    openConditionWait(run, token, awaited, definition.condition.source, true);
  else if (definition) openEventWait(run, token, awaited, definition);
}

function rearmBoundary(run: Run, token: Token, boundary: BoundaryEvent, wait: EventWait): void {
  rearm(run, token, boundary, wait);
  if (run.waitsOf(token.id).some(({ element }) => element === boundary.id)) return;
  run.updateToken(token.id, { spent: [...(token.spent ?? []), boundary.id] });
}

/** The event that came first decides: the token moves from the gateway into it. */
function leaveEventGateway(run: Run, tokenId: string, element: string): void {
  const token = run.token(tokenId);
  const model = run.modelOf(run.scope(token.scope));
  const gateway = run.node(token);
  const flow = flowsFrom(model, gateway).find(({ target }) => target === element);
  run.emit(token.element, { type: "element.completed", token: tokenId, scope: token.scope });
  if (flow) emitTaken(run, flow);
  run.updateToken(tokenId, { element, via: flow?.id ?? null, at: "waiting" });
  run.emit(element, { type: "element.entered", token: tokenId, scope: token.scope });
}

/** Every wait for the signal that is open now is answered, in the order in which they were opened. */
export function deliverSignal(run: Run, name: string, variables: Variables): void {
  answerSignals(run, variables, ({ name: awaited }) => awaited === name);
}

/**
 * Delivers a signal of this very step: to who waited when it was thrown, and to branches beside it that have come to wait
 * meanwhile, because their order is nobody's promise. What its own path comes to later does not hear it (BPMN 2.0 §10.5.7).
 */
export function deliverThrown(run: Run, { name, by, last }: ThrownSignal): void {
  const wasThere = (id: string) => numberOf(id) <= last;
  answerSignals(
    run,
    {},
    (wait) => wait.name === name && (wasThere(wait.id) || (wasThere(wait.token) && !by.has(wait.token))),
  );
}

function answerSignals(run: Run, variables: Variables, hears: (wait: SignalWait) => boolean): void {
  const listening = run.waitsOfType("signal").filter(hears);
  for (const wait of listening) if (run.waits.has(wait.id)) answerWait(run, wait, variables);
}
