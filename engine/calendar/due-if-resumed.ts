import { goneOn, type CaseClock } from "./case-clocks.ts";
import type { WorkingDayCalendar } from "./working-days.ts";

/**
 * The due moment that a resting clock would have if what it waits for came at `now`, so that people are told a date meanwhile;
 * `null` for one that does not rest.
 */
export function dueIfResumed(
  { ledger, resolved, pauses }: Pick<CaseClock, "ledger" | "resolved" | "pauses">,
  calendar: WorkingDayCalendar,
  now: string,
): string | null {
  if (ledger.state !== "paused") return null;
  const reason = pauses.some((pause) => pause.reason === "supplement") ? "supplement" : (ledger.pauseReason ?? "");
  return goneOn({ ledger, resolved }, reason, calendar, now).ledger.dueAt;
}
