import { parseDuration, parseInstant } from "../execution/iso-8601.ts";
import { parseRepetition } from "../execution/repetition.ts";
import { formalExpression, type Report } from "./compile-parts.ts";
import { asElement, textOf, type ModdleElement } from "./parse.ts";
import { problem } from "./problems.ts";
import type { TimerDefinition } from "./process-model.ts";

/** A timer definition: on an SLA clock, or ISO 8601 text, cron text or FEEL. */
export function compileTimer(found: ModdleElement, owner: ModdleElement, report: Report): TimerDefinition | null {
  const clock = textOf(found["clock"]);
  if (clock) {
    const when = textOf(found["when"]) ?? "due";
    const fraction = when === "due" ? 1 : Number(/^(\d{1,3})%$/.exec(when)?.[1] ?? Number.NaN) / 100;
    if (!(fraction > 0 && fraction <= 1)) {
      report(
        problem(
          "TIMER_INVALID",
          owner.id ?? null,
          `${owner.id ?? "?"} 的时刻“${when}”应为 due 或 1%–100%`,
          `The moment “${when}” of ${owner.id ?? "?"} must be due or 1% to 100%`,
        ),
      );
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
    report(
      problem(
        "TIMER_INVALID",
        owner.id ?? null,
        `${owner.id ?? "?"} 的定时“${text}”不是 ISO 8601 ${timer}，也不是 FEEL`,
        `The timer “${text}” of ${owner.id ?? "?"} is neither an ISO 8601 ${timer} nor FEEL`,
      ),
    );
    return null;
  }
  report(
    problem(
      "TIMER_MISSING",
      owner.id ?? null,
      `${owner.id ?? "?"} 未设定时间`,
      `The timer ${owner.id ?? "?"} has no time`,
    ),
  );
  return null;
}
