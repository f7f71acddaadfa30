import type { Level } from "../routing/types.ts";
import { dateOfEpochDay, epochDay, instantAt, localDate } from "./dates.ts";
import { isWorkingDay, type WorkingDayCalendar } from "./working-days.ts";

/** A line of the clock ledger: what happened to one clock, in the order of the journal. */
export interface LedgerLine {
  readonly at: string;
  readonly type: string;
  readonly clock: string;
  readonly reason: string | null;
}

/** What the lines of a clock are about. */
export interface LedgerClock {
  readonly id: string;
  readonly limit: string;
  readonly organisation: string;
  readonly level: Level;
  readonly calendar: WorkingDayCalendar;
  /** The clock of the case as a whole holds nothing up itself; it tells only for what reason the case rests. */
  readonly isEndToEnd: boolean;
}

export interface CaseSpan {
  readonly startedAt: string;
  /** When the case ended, or now. */
  readonly until: string;
  /** Whose rest days count while nobody's clock runs. */
  readonly calendar: WorkingDayCalendar;
}

/** Who or what a calendar day went to. Every day goes to one thing alone. */
export type DayUse =
  | { readonly kind: "handling"; readonly organisation: string; readonly level: Level; readonly limit: string }
  | { readonly kind: "applicant" }
  | { readonly kind: "rest" }
  | { readonly kind: "paused"; readonly reason: string }
  | { readonly kind: "unattended" };

export interface AttributedDay {
  readonly date: string;
  readonly use: DayUse;
}

/** How the days of a case look from one level: they add up to all calendar days that passed. */
export interface DaysOfLevel {
  readonly level: Level;
  readonly own: number;
  readonly otherLevels: number;
  readonly applicant: number;
  readonly rest: number;
  readonly paused: number;
  readonly unattended: number;
}

/**
 * Who used the days of a case. The day on which it began is not counted, as for every limit (Civil Code art. 201); each day
 * after it, to the last, goes to whoever held the case as that day began: of several clocks that run side by side to the one
 * that began first, for that is the one the case waits for.
 */
export function attributeDays(
  span: CaseSpan,
  clocks: readonly LedgerClock[],
  lines: readonly LedgerLine[],
): readonly AttributedDay[] {
  const segments = segmentsOf(clocks, lines);
  const first = epochDay(localDate(span.startedAt)) + 1;
  const last = epochDay(localDate(span.until));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const date = dateOfEpochDay(first + index);
    return { date, use: useOf(date, segments, span.calendar) };
  });
}

/** The view of each level that handled the case, from the country down. */
export function daysByLevel(days: readonly AttributedDay[]): readonly DaysOfLevel[] {
  const levels = new Set(days.flatMap(({ use }) => (use.kind === "handling" ? [use.level] : [])));
  const handled = count(days, ({ kind }) => kind === "handling");
  return ["country", "province", "city", "county", "zone"]
    .filter((level): level is Level => levels.has(level as Level))
    .map((level) => {
      const own = count(days, (use) => use.kind === "handling" && use.level === level);
      return {
        level,
        own,
        otherLevels: handled - own,
        applicant: count(days, ({ kind }) => kind === "applicant"),
        rest: count(days, ({ kind }) => kind === "rest"),
        paused: count(days, ({ kind }) => kind === "paused"),
        unattended: count(days, ({ kind }) => kind === "unattended"),
      };
    });
}

function count(days: readonly AttributedDay[], which: (use: DayUse) => boolean): number {
  return days.filter(({ use }) => which(use)).length;
}

interface Segment {
  readonly clock: LedgerClock;
  /** Position of the clock among those of the case, by its first start. */
  readonly order: number;
  readonly from: string;
  readonly to: string | null;
  /** `null` while it runs. */
  readonly pausedFor: string | null;
}

function segmentsOf(clocks: readonly LedgerClock[], lines: readonly LedgerLine[]): readonly Segment[] {
  const known = new Map(clocks.map((clock) => [clock.id, clock]));
  const open = new Map<string, Segment>();
  const orders = new Map<string, number>();
  const done: Segment[] = [];
  for (const line of lines) {
    const clock = known.get(line.clock);
    const next = clock ? stateAfter(line) : null;
    if (!clock || !next) continue;
    const order = orders.get(clock.id) ?? orders.size;
    orders.set(clock.id, order);
    const before = open.get(clock.id);
    if (before) done.push({ ...before, to: line.at });
    if (next.type === "done") open.delete(clock.id);
    else open.set(clock.id, { clock, order, from: line.at, to: null, pausedFor: next.reason });
  }
  return [...done, ...open.values()].sort((a, b) => a.order - b.order);
}

/** What a line makes of its clock; `null` for one that does not change whether it runs. */
function stateAfter({ type, reason }: LedgerLine): { type: "done" } | { type: "open"; reason: string | null } | null {
  switch (type) {
    case "clock.started":
    case "clock.resumed":
    case "clock.restarted":
    case "clock.reopened":
      return { type: "open", reason: null };
    case "clock.paused":
      return { type: "open", reason: reason ?? "" };
    case "clock.stopped":
      return { type: "done" };
    default:
      return null;
  }
}

function useOf(date: string, segments: readonly Segment[], calendar: WorkingDayCalendar): DayUse {
  const begins = instantAt(date, "00:00");
  const held = segments.filter(({ from, to }) => from < begins && (to === null || to >= begins));
  const working = held.find(({ clock, pausedFor }) => !clock.isEndToEnd && pausedFor === null);
  const resting = held.find(({ pausedFor }) => pausedFor !== null);
  const at = (working ?? resting)?.clock.calendar ?? calendar;
  if (!isWorkingDay(at, date)) return { kind: "rest" };
  if (held.some(({ pausedFor }) => pausedFor === "supplement")) return { kind: "applicant" };
  if (working) {
    const { organisation, level, limit } = working.clock;
    return { kind: "handling", organisation, level, limit };
  }
  return resting ? { kind: "paused", reason: resting.pausedFor ?? "" } : { kind: "unattended" };
}
