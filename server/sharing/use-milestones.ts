import { addDays } from "../../engine/calendar/dates.ts";

/** What the register of a grant has due: a report on the use, a look whether it is used at all, the question of renewal. */
export interface Milestone {
  readonly kind: "report" | "unused" | "renewal" | "none";
  /** Day on which it is due, `YYYY-MM-DD` in China. */
  readonly on: string;
}

const unusedAfterDays = 90;
const renewalBeforeDays = 30;

/**
 * The milestone that follows `after` in a grant's term (domain process DS-09): every ninety days a look whether it is used, on
 * 1 February the yearly report (国发〔2016〕51号: by the end of February), one report at mid-term, and the question of renewal
 * thirty days before the end. The day after the end when nothing is left. A grant without an end has no mid-term and no renewal.
 */
export function nextMilestone(openedOn: string, endsOn: string | null, after: string): Milestone {
  const horizon = endsOn ?? addDays(after, 366);
  const candidates = [...checks(openedOn, horizon), ...yearly(openedOn, horizon), ...once(openedOn, endsOn)];
  const next = candidates
    .filter(({ on }) => on > after && on <= horizon)
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))[0];
  return next ?? { kind: "none", on: addDays(horizon, 1) };
}

function checks(openedOn: string, horizon: string): Milestone[] {
  const found: Milestone[] = [];
  for (let on = addDays(openedOn, unusedAfterDays); on <= horizon; on = addDays(on, unusedAfterDays))
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

function once(openedOn: string, endsOn: string | null): Milestone[] {
  if (endsOn === null) return [];
  const days = Math.round((Date.parse(endsOn) - Date.parse(openedOn)) / 86_400_000);
  return [
    { kind: "report", on: addDays(openedOn, Math.ceil(days / 2)) },
    { kind: "renewal", on: addDays(endsOn, -renewalBeforeDays) },
  ];
}
