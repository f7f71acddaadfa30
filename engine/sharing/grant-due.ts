import { addDays, endOfDay, localDate } from "../calendar/dates.ts";
import { openingOf, workingDayFrom, type WorkingDayCalendar } from "../calendar/working-days.ts";
import { isOver, type GrantState } from "./grant.ts";

/** Numbers of the use phase; shipped as data in `processes/use.json`, with their source. */
export interface UseRules {
  /** Days before the end at which both sides are told, e.g. 30 and 7. */
  readonly noticeDays: readonly number[];
  /** Days after which access that nobody uses is questioned. */
  readonly unusedDays: number;
  /** Days before the end at which the receiver is asked whether to renew. */
  readonly renewalDays: number;
  /** Longest term of a grant or renewal, in days. */
  readonly mostTermDays: number;
  /** Most failed calls or rows that an acceptance test passes, in percent. */
  readonly mostErrorPercent: number;
  /** Days in which the provider confirms that access was switched off after its end. */
  readonly switchOffDays: number;
}

export type GrantMoment =
  | { readonly type: "notice"; readonly at: string; readonly days: number }
  | { readonly type: "unused"; readonly at: string }
  | { readonly type: "end"; readonly at: string }
  /** The provider has not confirmed in time that access was switched off. */
  | { readonly type: "switchOff"; readonly at: string };

export interface GrantTerm {
  readonly state: GrantState;
  /** Last day of use in China, `YYYY-MM-DD`; `null` where the grant has no end. */
  readonly endsOn: string | null;
  readonly acceptedAt: string | null;
  readonly firstUsedAt: string | null;
  /** When it was over, and when the provider confirmed that access was switched off; `null` while neither has happened. */
  readonly endedAt: string | null;
  readonly switchedOffAt: string | null;
}

/** The days on which the people of both sides work. */
export interface GrantCalendars {
  readonly receiver: WorkingDayCalendar;
  readonly provider: WorkingDayCalendar;
}

/**
 * What a grant has due after an instant, in order: the notices before its end, the look whether it is used at all, and its end
 * with the last moment of its last day. Once it is over, the switch-off that the provider has to confirm, if data were delivered.
 * What people are told comes when the office of whoever has to act opens: a notice before the end on the last working day that
 * leaves no less time, a check on the first that leaves no less. The end itself waits for no working day.
 */
export function momentsOf(term: GrantTerm, rules: UseRules, calendars: GrantCalendars): readonly GrantMoment[] {
  const { receiver } = calendars;
  if (isOver(term.state)) {
    const at = switchOffDueAt(term, rules, calendars);
    return at === null ? [] : [{ type: "switchOff", at }];
  }
  const { endsOn, acceptedAt, firstUsedAt } = term;
  const moments: GrantMoment[] = [];
  if (endsOn !== null) {
    for (const days of rules.noticeDays)
      moments.push({ type: "notice", days, at: opening(receiver, addDays(endsOn, -days), -1) });
    moments.push({ type: "end", at: endOfDay(endsOn) });
  }
  if (acceptedAt !== null && firstUsedAt === null)
    moments.push({ type: "unused", at: opening(receiver, addDays(localDate(acceptedAt), rules.unusedDays), 1) });
  return moments.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function opening(calendar: WorkingDayCalendar, day: string, direction: 1 | -1): string {
  return openingOf(calendar, workingDayFrom(calendar, day, direction));
}

/** By when the provider confirms that access was switched off; `null` where nothing is left to be confirmed. */
export function switchOffDueAt(
  { state, acceptedAt, endedAt, switchedOffAt }: Omit<GrantTerm, "endsOn" | "firstUsedAt">,
  rules: Pick<UseRules, "switchOffDays">,
  { provider }: Pick<GrantCalendars, "provider">,
): string | null {
  if (!isOver(state) || acceptedAt === null || endedAt === null || switchedOffAt !== null) return null;
  return opening(provider, addDays(localDate(endedAt), rules.switchOffDays + 1), 1);
}

/** The first moment after an instant; an end that was missed is due at once. `null` when nothing is due any more. */
export function nextMoment(
  term: GrantTerm,
  { rules, calendars }: { readonly rules: UseRules; readonly calendars: GrantCalendars },
  after: string,
): GrantMoment | null {
  const moments = momentsOf(term, rules, calendars);
  const missed = moments.find(({ type, at }) => type === "end" && at <= after);
  return missed ?? moments.find(({ at }) => at > after) ?? null;
}
