import { processToken } from "../../engine/calendar/case-clocks.ts";
import { recomputeClock } from "../../engine/calendar/clock.ts";
import type { CalendarYear, WorkingDayCalendar } from "../../engine/calendar/working-days.ts";
import { checkYear, type YearFault, type YearFile } from "../../engine/calendar/year-check.ts";
import { regionPrefixes } from "../identity/posts.ts";
import type { Content } from "../content/load-content.ts";
import { ConflictError } from "../store/retry.ts";
import { text } from "../store/rows.ts";
import type { Store, Transaction } from "../store/store.ts";
import { isDuplicateKey } from "../store/duplicate-key.ts";
import type { Actor } from "./actor.ts";
import type { ClockSource } from "./clock-source.ts";
import { clockRow } from "./clock-rows.ts";
import { notFound, RuntimeProblem } from "./errors.ts";
import type { Rules } from "./rules.ts";

export interface CalendarParts {
  readonly store: Store;
  readonly rules: Rules;
  readonly clock: ClockSource;
  readonly content: Pick<Content, "regions">;
}

export interface CalendarPreview {
  readonly faults: readonly YearFault[];
  readonly days: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
  readonly affected: {
    readonly open: number;
    readonly later: number;
    readonly earlier: number;
    /** Would become earlier and keep the later date, because people were told it. */
    readonly kept: number;
    readonly examples: readonly AffectedDeadline[];
  };
}

export interface AffectedDeadline {
  readonly instanceId: string;
  readonly caseNumber: string;
  readonly limitCode: string;
  readonly organisation: string;
  readonly from: string;
  readonly to: string;
  readonly kept: boolean;
}

const examplesShown = 20;
const clocksInAPage = 2_000;

/** What an import would do, without doing it: faults, days that change, and the open deadlines that would move. */
export async function previewYear(parts: CalendarParts, file: YearFile): Promise<CalendarPreview> {
  requireRegion(parts, file);
  return { faults: checkYear(file), days: dayChanges(parts.rules, file), affected: await affectedBy(parts, file) };
}

/**
 * Puts a year into force in place of what was there, and orders the recomputation of open deadlines, which the sweeps carry
 * out while the server goes on. Throws `RuntimeProblem` that names every fault with its day.
 */
export async function importYear(
  parts: CalendarParts,
  file: YearFile,
  actor: Extract<Actor, { kind: "person" }>,
): Promise<{ readonly version: number }> {
  requireRegion(parts, file);
  const errors = checkYear(file).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw refused(errors);
  const { store, rules, clock } = parts;
  const version = await store.transaction(async (tx) => {
    const [newest] = await tx.query("SELECT MAX(version) AS version FROM calendar_change");
    const next = Number(newest?.["version"] ?? 0) + 1;
    try {
      await recordChange(tx, { file, actor, version: next, now: clock.now() });
    } catch (error) {
      if (isDuplicateKey(error)) throw new ConflictError("another import took this version of the calendar first");
      throw error;
    }
    await putYear(tx, file, next);
    await lookAtGrants(tx, file, clock.now());
    return next;
  });
  await rules.refreshCalendars();
  return { version };
}

/** The next sweep finds anew on which working days people are reminded of their grants. */
async function lookAtGrants(tx: Transaction, { region }: YearFile, now: string): Promise<void> {
  const [prefix] = regionPrefixes([region]);
  await tx.execute(
    "UPDATE access_grant SET due_at = ? WHERE due_at > ? AND (applicant_region LIKE ? OR provider_region LIKE ?)",
    [now, now, prefix ?? "", prefix ?? ""],
  );
}

function requireRegion({ content }: CalendarParts, { region }: YearFile): void {
  if (!content.regions.has(region)) throw notFound();
}

function refused(errors: readonly YearFault[]): RuntimeProblem {
  return new RuntimeProblem(
    422,
    "CALENDAR_REFUSED",
    {
      zh: `日历有 ${errors.length} 处错误，未导入`,
      en: `The calendar has ${errors.length} error(s) and was not imported`,
    },
    { zh: "请逐条更正后重新导入", en: "Correct each and import again" },
    errors.map(({ code, date, message, mend }) => ({
      code,
      place: date,
      message: { zh: `${message.zh}；${mend.zh}`, en: `${message.en}. ${mend.en}` },
    })),
  );
}

interface Change {
  readonly file: YearFile;
  readonly actor: Extract<Actor, { kind: "person" }>;
  readonly version: number;
  readonly now: string;
}

async function recordChange(tx: Transaction, { file, actor, version, now }: Change): Promise<void> {
  const { region, year, status, source } = file;
  await tx.insert("calendar_change", {
    id: String(version),
    version,
    region,
    year,
    reason_zh: `${region} ${year} 年工作日历${status === "official" ? "正式公布" : "调整"}：${source.title}`.slice(
      0,
      300,
    ),
    reason_en:
      `calendar of ${region} for ${year} ${status === "official" ? "is official" : "changed"}: ${source.title}`.slice(
        0,
        300,
      ),
    by_id: actor.id,
    by_name: actor.name,
    at: now,
    looked_at: 0,
    moved: 0,
    finished_at: null,
  });
}

async function putYear(
  tx: Transaction,
  { region, year, status, source, days }: YearFile,
  version: number,
): Promise<void> {
  const id = `${region}:${year}`;
  await tx.execute("DELETE FROM calendar_year WHERE id = ?", [id]);
  await tx.insert("calendar_year", {
    id,
    region,
    year,
    status,
    source: JSON.stringify(source),
    days: JSON.stringify(days),
    version,
  });
}

function dayChanges(rules: Rules, file: YearFile): CalendarPreview["days"] {
  const before = new Map(
    (rules.regionCalendar(file.region)?.years.find(({ year }) => year === file.year)?.days ?? []).map((day) => [
      day.date,
      day.kind,
    ]),
  );
  const after = new Map(file.days.map((day) => [day.date, day.kind]));
  return {
    added: [...after.keys()].filter((date) => !before.has(date)).sort(),
    removed: [...before.keys()].filter((date) => !after.has(date)).sort(),
    changed: [...after].filter(([date, kind]) => before.has(date) && before.get(date) !== kind).map(([date]) => date),
  };
}

async function affectedBy({ store, rules }: CalendarParts, file: YearFile): Promise<CalendarPreview["affected"]> {
  const calendarOf = previewedCalendars(rules, file);
  const counts = { open: 0, later: 0, earlier: 0, kept: 0 };
  const examples: AffectedDeadline[] = [];
  for (let after = ""; ;) {
    const rows = await store.read(
      `SELECT clock.*, instance.case_number FROM clock JOIN instance ON instance.id = clock.instance_id
       WHERE clock.state = 'running' AND clock.id > ? ORDER BY clock.id LIMIT ${clocksInAPage}`,
      [after],
    );
    for (const row of rows) {
      const clock = clockRow(row);
      const from = clock.ledger.dueAt;
      const calendar = calendarOf(clock.ledger.calendarRegion);
      const to = recomputeClock({ ...clock.ledger, keptDueAt: null }, calendar).dueAt;
      counts.open += 1;
      if (from === null || to === null || from === to) continue;
      const kept = to < from && clock.notifiedAt !== null && clock.resolved.onCalendarChange === "keepLater";
      counts[kept ? "kept" : to < from ? "earlier" : "later"] += 1;
      if (examples.length < examplesShown && !clock.tokens.includes(processToken)) {
        examples.push({
          instanceId: text(row, "instance_id"),
          caseNumber: text(row, "case_number"),
          limitCode: clock.resolved.code,
          organisation: clock.organisation.id,
          from,
          to,
          kept,
        });
      }
    }
    const last = rows.at(-1);
    if (!last || rows.length < clocksInAPage) return { ...counts, examples };
    after = text(last, "id");
  }
}

function previewedCalendars(
  rules: Rules,
  { region, year, status, days }: YearFile,
): (of: string) => WorkingDayCalendar {
  const added: CalendarYear = { year, status, days };
  const known = new Map<string, WorkingDayCalendar>();
  return (of) => {
    const calendar = known.get(of) ?? rules.calendarWith(of, { region, year: added });
    known.set(of, calendar);
    return calendar;
  };
}
