import { parseDuration, parseInstant } from "../execution/iso-8601.ts";
import { parseRepetition } from "../execution/repetition.ts";
import { formalExpression, type Report } from "./compile-parts.ts";
import { asElement, textOf, type ModdleElement } from "./moddle-element.ts";
import { breachOf } from "./rules/rule-table.ts";
import type { TimerDefinition } from "./process-model.ts";

/** A timer definition: on an SLA clock, or ISO 8601 text, cron text or FEEL. */
export function compileTimer(found: ModdleElement, owner: ModdleElement, report: Report): TimerDefinition | null {
  const clock = textOf(found["clock"]);
  if (clock) {
    const when = textOf(found["when"]) ?? "due";
    const fraction = when === "due" ? 1 : Number(/^(\d{1,3})%$/.exec(when)?.[1] ?? Number.NaN) / 100;
    if (!(fraction > 0 && fraction <= 1)) {
      report(breachOf("TIMER_INVALID", owner.id ?? null, when));
      return null;
    }
    return { type: "timer", timer: "clock", limit: clock, fraction };
  }
  for (const [property, timer, parse] of [
    ["timeDate", "date", parseInstant],
    ["timeDuration", "duration", parseDuration],
    ["timeCycle", "cycle", parseRepetition],
  ] as const) {
    const expression = asElement(found[property]);
    if (!expression) continue;
    const text = textOf(expression["body"]) ?? "";
    if (parse(text) !== null) return { type: "timer", timer, value: text };
    const value = /^[RP\d*]/.test(text) ? null : formalExpression(expression, owner, report);
    if (value) return { type: "timer", timer, value };
    report(breachOf("TIMER_INVALID", owner.id ?? null, text));
    return null;
  }
  report(breachOf("TIMER_MISSING", owner.id ?? null));
  return null;
}
