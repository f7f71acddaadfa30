import type { Variables } from "../expressions/json.ts";
import { evaluateExpression } from "../expressions/feel.ts";
import type { EventDefinition, MessageModel } from "../model/process-model.ts";
import { IncidentError } from "./incidents.ts";
import type { Run } from "./run.ts";
import type { Token, Wait } from "./state.ts";
import { scheduleTimer } from "./events/timer.ts";
import { visibleVariables } from "./variables.ts";

/** Opens what `element` waits for on behalf of `token`: a timer or a subscription. */
export function openEventWait(run: Run, token: Token, element: string, definition: EventDefinition): void {
  switch (definition.type) {
    case "timer":
      scheduleTimer(run, token, element, definition);
      return;
    case "message":
      openMessageWait(run, token, element, definition.message);
      return;
    case "signal": {
      const wait = run.openWait({ type: "signal", token: token.id, element, name: definition.name });
      run.emit(element, {
        type: "subscription.opened",
        wait: wait.id,
        subscription: "signal",
        name: definition.name,
        correlationKey: null,
      });
      return;
    }
    case "error":
    case "escalation":
    case "terminate":
      // Thrown within the instance and caught by looking upward: nothing to wait for.
      return;
  }
}

export function openMessageWait(run: Run, token: Token, element: string, message: MessageModel): void {
  const correlationKey = correlationKeyOf(message, visibleVariables(run.scopes, token.scope));
  const wait = run.openWait({ type: "message", token: token.id, element, name: message.name, correlationKey });
  run.emit(element, {
    type: "subscription.opened",
    wait: wait.id,
    subscription: "message",
    name: message.name,
    correlationKey,
  });
}

/** The key as text; `null` where the message has none, and then matches by name alone. */
export function correlationKeyOf(message: MessageModel, variables: Variables): string | null {
  if (!message.correlationKey) return null;
  const key = evaluateExpression(message.correlationKey, variables);
  if (typeof key !== "string" && typeof key !== "number") {
    throw new IncidentError(
      "CORRELATION_KEY_INVALID",
      `the correlation key of message ${message.name} gave ${JSON.stringify(key)}`,
    );
  }
  return String(key);
}

/** Takes a wait away because it is answered (`answered`) or no longer needed. */
export function closeWait(run: Run, wait: Wait, how: "answered" | "cancelled"): void {
  run.waits.delete(wait.id);
  switch (wait.type) {
    case "task":
    case "job":
      if (how === "cancelled") run.emit(wait.element, { type: `${wait.type}.cancelled`, wait: wait.id });
      return;
    case "timer":
      run.emit(wait.element, { type: how === "answered" ? "timer.fired" : "timer.cancelled", wait: wait.id });
      return;
    case "message":
    case "signal":
      run.emit(wait.element, {
        type: "subscription.closed",
        wait: wait.id,
        subscription: wait.type,
        name: wait.name,
        by: how === "answered" ? "correlated" : "cancelled",
      });
      return;
  }
}

export function cancelWaitsOf(run: Run, token: string): void {
  for (const wait of run.waitsOf(token)) closeWait(run, wait, "cancelled");
}
