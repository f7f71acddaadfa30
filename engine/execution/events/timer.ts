import type { TimerDefinition } from "../../model/process-model.ts";
import { IncidentError } from "../incidents.ts";
import { addDuration, parseDuration, parseInstant } from "../iso-8601.ts";
import { firstFiring, nextFiring, parseRepetition } from "../repetition.ts";
import type { Run } from "../run.ts";
import type { TimerWait, Token } from "../state.ts";
import { visibleVariables } from "../variables.ts";
import type { Awaited } from "../waits.ts";

type Plan = Pick<TimerWait, "repeats" | "every" | "until"> & { readonly due: string };

/** Opens a timer wait. A clock timer has no due moment here: the host takes it from the SLA clock and moves it with the clock. */
export function scheduleTimer(run: Run, token: Token, awaited: Awaited, definition: TimerDefinition): void {
  if (definition.timer === "clock") {
    const clock = { limit: definition.limit, fraction: definition.fraction };
    const timer = { type: "timer", token: token.id, ...awaited, due: null, clock, repeats: 0, every: null } as const;
    run.emit(awaited.element, { type: "timer.scheduled", wait: run.openWait(timer).id, due: null, clock });
    return;
  }
  openTimer(run, token.id, awaited, planTimer(definition.timer, timerText(run, token, definition), run.context.now));
}

/** Arms the next firing of a cycle, counted from when the last one was due so that lateness does not add up. */
export function rescheduleTimer(run: Run, fired: TimerWait): void {
  if (fired.repeats === 0 || fired.every === null || fired.due === null) return;
  const due = nextFiring(fired.every, fired.until ?? null, fired.due);
  if (due === null) return;
  const repeats = fired.repeats === "unbounded" ? "unbounded" : fired.repeats - 1;
  const { every, until } = fired;
  openTimer(run, fired.token, fired, { due, repeats, every, ...(until === undefined ? {} : { until }) });
}

function openTimer(run: Run, token: string, { element, definition }: Awaited, plan: Plan): void {
  const wait = run.openWait({ type: "timer", token, element, definition, clock: null, ...plan });
  run.emit(element, { type: "timer.scheduled", wait: wait.id, due: plan.due, clock: null });
}

function timerText(run: Run, token: Token, definition: Extract<TimerDefinition, { value: unknown }>): string {
  if (typeof definition.value === "string") return definition.value;
  const value = run.context.evaluator.value(definition.value, visibleVariables(run.scopes, token.scope));
  if (typeof value === "string") return value;
  throw new IncidentError(
    "TIMER_INVALID",
    `“${definition.value.source}” gave ${JSON.stringify(value)}, not an ISO 8601 ${definition.timer}`,
  );
}

function planTimer(timer: "date" | "duration" | "cycle", text: string, now: string): Plan {
  if (timer === "cycle") return planCycle(text, now);
  const duration = timer === "duration" ? parseDuration(text) : null;
  const due = duration ? addDuration(now, duration) : timer === "date" ? parseInstant(text) : null;
  if (due === null) throw new IncidentError("TIMER_INVALID", `“${text}” is no ISO 8601 ${timer}`);
  return { due, repeats: 0, every: null };
}

function planCycle(text: string, now: string): Plan {
  const repetition = parseRepetition(text);
  if (repetition === null)
    throw new IncidentError("TIMER_INVALID", `“${text}” is neither an ISO 8601 repeating interval nor cron text`);
  const due = repetition.times === 0 ? null : firstFiring(repetition, now);
  if (due === null) throw new IncidentError("TIMER_INVALID", `“${text}” never fires`);
  const { times, every, end } = repetition;
  const repeats = times === "unbounded" ? "unbounded" : times - 1;
  return { due, repeats, every, ...(end === null ? {} : { until: end }) };
}
