import { addDays, endOfDay, instantAt, localDate } from "../../engine/calendar/dates.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { UseRules } from "../../engine/sharing/grant-due.ts";

/** What the register of a grant has due: a report on the use, a look whether it is used at all, the question of renewal. */
export interface Milestone {
  readonly kind: "report" | "unused" | "renewal" | "none";
  /** Day on which it is due, `YYYY-MM-DD` in China. */
  readonly on: string;
}

/** Days after which use is looked at, and before the end at which renewal is asked about. */
export type MilestoneRules = Pick<UseRules, "unusedDays" | "renewalDays">;

/** A grant's term: days `YYYY-MM-DD` in China; `endsOn` is `null` where it has no end. */
export interface Term {
  readonly openedOn: string;
  readonly endsOn: string | null;
}

/**
 * The milestone that follows `after` in a grant's term (domain process DS-09): every `unusedDays` a look whether it is used, on
 * 1 February the yearly report (国发〔2016〕51号: by the end of February), one report at mid-term, and the question of renewal
 * `renewalDays` before the end. The day after the end when nothing is left. A grant without an end has no mid-term and no renewal.
 */
export function nextMilestone({ openedOn, endsOn }: Term, after: string, rules: MilestoneRules): Milestone {
  const horizon = endsOn ?? addDays(after, 366);
  const candidates = [
    ...checks(openedOn, horizon, rules.unusedDays),
    ...yearly(openedOn, horizon),
    ...once(openedOn, endsOn, rules.renewalDays),
  ];
  const next = candidates
    .filter(({ on }) => on > after && on <= horizon)
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))[0];
  return next ?? { kind: "none", on: addDays(horizon, 1) };
}

/**
 * The day after which the next milestone is looked for. One that has been told and has not come yet is looked for again: a
 * renewal or a change in between makes the register start over, and must not make it skip a check.
 * `last` is the day of the milestone that was told last, `today` the day in China.
 */
export function searchedAfter(last: string, today: string, hasCome: boolean): string {
  if (hasCome) return last;
  const before = addDays(last, -1);
  return before < today ? before : today;
}

/** A grant of which the register tells: its id, the ISO instant at which it was opened, and its last day. */
export interface RegisteredGrant {
  readonly id: string;
  readonly openedAt: string;
  readonly endsOn: string | null;
}

/** The milestone that the register tells at `now`, where `last` is the day of the one that it told before. */
export function milestoneDue(
  { openedAt, endsOn }: Omit<RegisteredGrant, "id">,
  last: string | null,
  now: string,
  rules: MilestoneRules,
): Milestone {
  const openedOn = localDate(openedAt);
  const after = last === null ? openedOn : searchedAfter(last, localDate(now), now >= momentOf(last));
  return nextMilestone({ openedOn, endsOn }, after, rules);
}

/** What a case that supervises the use is told of its next milestone; the answer to a renewal asked before is taken. */
export function milestoneVariables({ kind, on }: Milestone): Variables {
  return { milestone: { kind, at: momentOf(on) }, renewal: "none", renewTo: null };
}

/** What a case is told of the grant whose use it begins to supervise. */
export function supervisedVariables({ id, endsOn }: Omit<RegisteredGrant, "openedAt">): Variables {
  return { grant: { id, endsAt: endOf(endsOn) }, renewal: "none", unused: false };
}

/** The instant at which access ends; far away where the grant has no end. */
export function endOf(endsOn: string | null): string {
  return endOfDay(endsOn ?? "2099-12-31");
}

/** The instant of a milestone on this day. */
function momentOf(day: string): string {
  return instantAt(day, "09:00");
}

function checks(openedOn: string, horizon: string, everyDays: number): Milestone[] {
  const found: Milestone[] = [];
  for (let on = addDays(openedOn, everyDays); on <= horizon; on = addDays(on, everyDays))
    found.push({ kind: "unused", on });
  return found;
}

function yearly(openedOn: string, horizon: string): Milestone[] {
  const [first, last] = [Number(openedOn.slice(0, 4)), Number(horizon.slice(0, 4))];
  return Array.from({ length: last - first + 1 }, (_, index): Milestone => ({
    kind: "report",
    on: `${first + index}-02-01`,
  })).filter(({ on }) => on > openedOn);
}

function once(openedOn: string, endsOn: string | null, renewalDays: number): Milestone[] {
  if (endsOn === null) return [];
  const days = Math.round((Date.parse(endsOn) - Date.parse(openedOn)) / 86_400_000);
  return [
    { kind: "report", on: addDays(openedOn, Math.ceil(days / 2)) },
    { kind: "renewal", on: addDays(endsOn, -renewalDays) },
  ];
}
