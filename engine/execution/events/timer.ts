import { evaluateExpression } from "../../expressions/feel.ts";
import type { TimerDefinition } from "../../model/process-model.ts";
import { IncidentError } from "../incidents.ts";
import { addDuration, parseCycle, parseDuration, parseInstant } from "../iso-8601.ts";
import type { Run } from "../run.ts";
import type { TimerWait, Token } from "../state.ts";
import { visibleVariables } from "../variables.ts";

/** Opens a timer wait. A clock timer has no due moment here: the host takes it from the SLA clock and moves it with the clock. */
export function scheduleTimer(run: Run, token: Token, element: string, definition: TimerDefinition): void {
  if (definition.timer === "clock") {
    const clock = { limit: definition.limit, fraction: definition.fraction };
    const wait = run.openWait({ type: "timer", token: token.id, element, due: null, clock, repeats: 0, every: null });
    run.emit(element, { type: "timer.scheduled", wait: wait.id, due: null, clock });
    return;
  }
  const text = timerText(run, token, definition);
  const { due, repeats, every } = planTimer(definition.timer, text, run.context.now);
  const wait = run.openWait({ type: "timer", token: token.id, element, due, clock: null, repeats, every });
  run.emit(element, { type: "timer.scheduled", wait: wait.id, due, clock: null });
}

/** Arms the next firing of a cycle, counted from when the last one was due so that lateness does not add up. */
export function rescheduleTimer(run: Run, fired: TimerWait): void {
  if (fired.repeats === 0 || fired.every === null || fired.due === null) return;
  const repeats = fired.repeats === "unbounded" ? "unbounded" : fired.repeats - 1;
  const due = addDuration(fired.due, requireDuration(fired.every));
  const wait = run.openWait({
    type: "timer",
    token: fired.token,
    element: fired.element,
    due,
    clock: null,
    repeats,
    every: fired.every,
  });
  run.emit(fired.element, { type: "timer.scheduled", wait: wait.id, due, clock: null });
}

function timerText(run: Run, token: Token, definition: Extract<TimerDefinition, { value: unknown }>): string {
  if (typeof definition.value === "string") return definition.value;
  const value = evaluateExpression(definition.value, visibleVariables(run.scopes, token.scope));
  if (typeof value === "string") return value;
  throw new IncidentError(
    "TIMER_INVALID",
    `“${definition.value.source}” gave ${JSON.stringify(value)}, not an ISO 8601 ${definition.timer}`,
  );
}

function planTimer(
  timer: "date" | "duration" | "cycle",
  text: string,
  now: string,
): Pick<TimerWait, "repeats" | "every"> & { due: string } {
  if (timer === "date") {
    const due = parseInstant(text);
    if (due === null) throw new IncidentError("TIMER_INVALID", `“${text}” is no ISO 8601 date`);
    return { due, repeats: 0, every: null };
  }
  if (timer === "duration") return { due: addDuration(now, requireDuration(text)), repeats: 0, every: null };
  const cycle = parseCycle(text);
  if (cycle === null) throw new IncidentError("TIMER_INVALID", `“${text}” is no ISO 8601 repeating interval`);
  if (cycle.times === 0) throw new IncidentError("TIMER_INVALID", `“${text}” repeats zero times`);
  return {
    due: cycle.start ?? addDuration(now, requireDuration(cycle.every)),
    repeats: cycle.times === "unbounded" ? "unbounded" : cycle.times - 1,
    every: cycle.every,
  };
}

function requireDuration(text: string) {
  const duration = parseDuration(text);
  if (duration === null) throw new IncidentError("TIMER_INVALID", `“${text}” is no ISO 8601 duration`);
  return duration;
}
