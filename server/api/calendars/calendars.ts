import { startClock } from "../../../engine/calendar/clock.ts";
import { addDays, instantAt, localDate } from "../../../engine/calendar/dates.ts";
import {
  confidenceOf,
  isWorkingDay,
  workingDaysBetween,
  type WorkingDayCalendar,
} from "../../../engine/calendar/working-days.ts";
import { authorize, mayDo } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import { importYear, previewYear } from "../../runtime/calendar-import.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, optionalText, text } from "../../store/rows.ts";
import { defineRoute } from "../route.ts";
import {
  calendarList,
  calendarYearView,
  imported,
  reckoned,
  reckonQuery,
  yearBody,
  yearParams,
  yearPreview,
} from "./calendars.schema.ts";
import { z } from "zod";

const changesShown = 20;

export const calendarRoutes = [
  defineRoute({
    method: "get",
    path: "/api/calendars",
    summary: "Regions that have a calendar of their own, their years, and the latest imports",
    answer: calendarList,
    handle: async ({ runtime, principal }) => {
      authorize(principal, { type: "calendar.view" }, runtime.content);
      const changes = await runtime.store.read(
        `SELECT * FROM calendar_change ORDER BY version DESC LIMIT ${changesShown}`,
      );
      return {
        regions: [...runtime.content.regions.values()].flatMap(({ code, name }) => {
          const calendar = runtime.rules.regionCalendar(code);
          const mayEdit = mayEditOf(runtime, principal, code);
          if (!calendar && !mayEdit) return [];
          const years = (calendar?.years ?? []).map(({ year, status }) => ({ year, status }));
          return [{ region: code, name, years, mayEdit }];
        }),
        changes: changes.map((row) => ({
          version: integer(row, "version"),
          region: text(row, "region"),
          year: integer(row, "year"),
          reason: { zh: text(row, "reason_zh"), en: text(row, "reason_en") },
          by: text(row, "by_name"),
          at: text(row, "at"),
          lookedAt: integer(row, "looked_at"),
          moved: integer(row, "moved"),
          finishedAt: optionalText(row, "finished_at"),
        })),
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/calendars/:region/years/:year",
    summary: "A year as a region sees it, the regions above included",
    params: yearParams,
    answer: calendarYearView,
    handle: async ({ runtime, principal, params: { region, year } }) => {
      authorize(principal, { type: "calendar.view" }, runtime.content);
      const calendar = calendarOf(runtime, region);
      return {
        region,
        year,
        status: confidenceOf(calendar, `${year}-01-01`),
        workingDays: workingDaysBetween(calendar, `${year - 1}-12-31`, `${year}-12-31`),
        days: [...calendar.days.values()]
          .filter(({ date }) => date.startsWith(`${year}-`))
          .sort((a, b) => (a.date < b.date ? -1 : 1))
          .map((day) => ({ ...day })),
        hours: calendar.hours.map(([opens, closes]): [string, string] => [opens, closes]),
        cutoff: calendar.cutoff,
        mayEdit: mayEditOf(runtime, principal, region),
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/calendars/:region/years/:year/preview",
    summary: "What importing this year would do: faults, days that change, open deadlines that would move",
    params: yearParams,
    body: yearBody,
    answer: yearPreview,
    handle: async ({ runtime, principal, params, body }) => {
      authorize(principal, { type: "calendar.edit", region: params.region }, runtime.content);
      const { faults, days, affected } = await previewYear(runtime, { ...params, ...body });
      return {
        faults: faults.map((found) => ({ ...found, message: { ...found.message }, mend: { ...found.mend } })),
        days: { added: [...days.added], removed: [...days.removed], changed: [...days.changed] },
        affected: { ...affected, examples: affected.examples.map((example) => ({ ...example })) },
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/calendars/:region/years/:year",
    summary: "Put a year into force; open deadlines are recomputed while the server goes on",
    params: yearParams,
    body: yearBody,
    answer: imported,
    status: 201,
    handle: async ({ runtime, principal, params, body }) => {
      authorize(principal, { type: "calendar.edit", region: params.region }, runtime.content);
      const organisation = principal.posts[0]?.organisation ?? null;
      const actor = { kind: "person", id: principal.id, name: principal.name, organisation } as const;
      return importYear(runtime, { ...params, ...body }, actor);
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/calendars/:region/reckon",
    summary: "When a limit that begins at a moment ends, and what was not counted",
    params: z.object({ region: yearParams.shape.region }),
    query: reckonQuery,
    answer: reckoned,
    handle: async ({ runtime, principal, params, query }) => {
      authorize(principal, { type: "calendar.view" }, runtime.content);
      const calendar = calendarOf(runtime, params.region);
      const [date = "", time = ""] = query.from.split("T");
      const limit = {
        code: "L.TRY",
        unit: query.unit,
        value: query.amount,
        promised: null,
        calendarRegion: params.region,
      };
      const { dueAt, dueConfidence } = startClock(limit, calendar, instantAt(date, time));
      if (dueAt === null) throw new Error("a clock that starts has a due moment");
      const last = localDate(dueAt);
      const counts = query.unit === "workday" || query.unit === "workhour";
      return { dueAt, date: last, confidence: dueConfidence, skipped: counts ? skippedDays(calendar, date, last) : [] };
    },
  }),
];

function calendarOf(runtime: Runtime, region: string): WorkingDayCalendar {
  if (!runtime.content.regions.has(region)) throw notFound();
  return runtime.rules.calendar(region);
}

function mayEditOf(runtime: Runtime, principal: Principal, region: string): boolean {
  return mayDo(principal, { type: "calendar.edit", region }, runtime.content);
}

function skippedDays(calendar: WorkingDayCalendar, from: string, to: string): { date: string; name: string | null }[] {
  const skipped: { date: string; name: string | null }[] = [];
  for (let date = addDays(from, 1); date < to; date = addDays(date, 1))
    if (!isWorkingDay(calendar, date)) skipped.push({ date, name: calendar.days.get(date)?.name ?? null });
  return skipped;
}
