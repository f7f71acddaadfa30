import type { EventDefinition, MessageModel } from "../model/process-model.ts";
import type { Variables } from "../expressions/json.ts";
import { scheduleTimer } from "./events/timer.ts";
import { IncidentError } from "./incidents.ts";
import type { Run } from "./run.ts";
import type { Token, Wait } from "./state.ts";
import { visibleVariables } from "./variables.ts";

/** Place of a definition among those of its event. */
export interface Awaited {
  readonly element: string;
  readonly definition: number;
}

/** Opens everything that an event waits for on behalf of `token`. */
export function openEventWaits(
  run: Run,
  token: Token,
  event: { readonly id: string; readonly definitions: readonly EventDefinition[] },
): void {
  event.definitions.forEach((definition, index) =>
    openEventWait(run, token, { element: event.id, definition: index }, definition),
  );
}

/** Opens what one definition waits for: a timer, a subscription or a condition. */
export function openEventWait(run: Run, token: Token, awaited: Awaited, definition: EventDefinition): void {
  switch (definition.type) {
    case "timer":
      scheduleTimer(run, token, awaited, definition);
      return;
    case "message":
      openMessageWait(run, token, awaited, definition.message);
      return;
    case "signal": {
      const wait = run.openWait({ type: "signal", token: token.id, ...awaited, name: definition.name });
      emitOpened(run, awaited.element, wait.id, "signal", definition.name, null);
      return;
    }
    case "conditional":
      openConditionWait(run, token, awaited, definition.condition.source, false);
      return;
    case "error":
    case "escalation":
    case "compensation":
    case "cancel":
    case "link":
    case "terminate":
      // Thrown within the instance and caught by looking upward: nothing to wait for.
      return;
  }
}

export function openMessageWait(run: Run, token: Token, awaited: Awaited, message: MessageModel): void {
  const correlationKey = keyOf(run, message, "subscriptionKey", visibleVariables(run.scopes, token.scope));
  const wait = run.openWait({ type: "message", token: token.id, ...awaited, name: message.name, correlationKey });
  emitOpened(run, awaited.element, wait.id, "message", message.name, correlationKey);
}

/** `met` tells whether the condition has held already: the event happens when it next becomes true. */
export function openConditionWait(run: Run, token: Token, awaited: Awaited, source: string, met: boolean): void {
  const wait = run.openWait({ type: "condition", token: token.id, ...awaited, met });
  run.conditionsDue = true;
  emitOpened(run, awaited.element, wait.id, "condition", source, null);
}

function emitOpened(
  run: Run,
  element: string,
  wait: string,
  subscription: "message" | "signal" | "condition",
  name: string,
  correlationKey: string | null,
): void {
  run.emit(element, { type: "subscription.opened", wait, subscription, name, correlationKey });
}

/** The key as text; `null` where the message has none, and then matches by name alone. */
export function keyOf(
  run: Run,
  message: MessageModel,
  side: "correlationKey" | "subscriptionKey",
  variables: Variables,
): string | null {
  const expression = message[side];
  if (!expression) return null;
  const key = run.context.evaluator.value(expression, variables);
  if (typeof key === "string" || typeof key === "number") return String(key);
  if (Array.isArray(key)) return JSON.stringify(key);
  throw new IncidentError(
    "CORRELATION_KEY_INVALID",
    `the correlation key of message ${message.name} gave ${JSON.stringify(key)}`,
  );
}

/** Takes a wait away because it is answered (`answered`) or no longer needed. */
export function closeWait(run: Run, wait: Wait, how: "answered" | "cancelled"): void {
  run.removeWait(wait);
  switch (wait.type) {
    case "task":
    case "job":
      if (how === "cancelled") run.emit(wait.element, { type: `${wait.type}.cancelled`, wait: wait.id });
      return;
    case "adHoc":
      run.emit(wait.element, { type: "adHoc.closed", wait: wait.id });
      return;
    case "timer":
      run.emit(wait.element, { type: how === "answered" ? "timer.fired" : "timer.cancelled", wait: wait.id });
      return;
    case "message":
    case "signal":
    case "condition":
      run.emit(wait.element, {
        type: "subscription.closed",
        wait: wait.id,
        subscription: wait.type,
        name: wait.type === "condition" ? wait.element : wait.name,
        by: how === "answered" ? "correlated" : "cancelled",
      });
      return;
  }
}

export function cancelWaitsOf(run: Run, token: string): void {
  for (const wait of run.waitsOf(token)) closeWait(run, wait, "cancelled");
}
