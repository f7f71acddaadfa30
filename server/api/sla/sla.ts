import { levels, type Level } from "../../../engine/routing/types.ts";
import type { z } from "zod";
import { authorize, regionPrefixes, visibleClocks } from "../../identity/policy.ts";
import { optionalText, text } from "../../store/rows.ts";
import type { Parameter, Row } from "../../store/store.ts";
import { clockView, cursorOf, organisationOf, readCursor } from "../present.ts";
import { defineRoute } from "../route.ts";
import { slaBoard, slaCasePage, slaCasesQuery, slaQuery, type SlaBoard } from "./sla.schema.ts";

/** Sums over the clock table: what is open, soon due, overdue, ever breached, and met. Two moments are bound: now, twice. */
const sums = `SUM(CASE WHEN clock.stopped_at IS NULL THEN 1 ELSE 0 END) AS open_count,
  SUM(CASE WHEN clock.stopped_at IS NULL AND clock.state = 'running' AND clock.soon_at <= ? AND clock.due_at >= ? THEN 1 ELSE 0 END) AS soon_count,
  SUM(CASE WHEN clock.stopped_at IS NULL AND clock.state = 'breached' THEN 1 ELSE 0 END) AS overdue_count,
  SUM(CASE WHEN clock.breached_at IS NOT NULL THEN 1 ELSE 0 END) AS breached_count,
  SUM(CASE WHEN clock.state = 'met' THEN 1 ELSE 0 END) AS met_count`;

const countsOf = (row: Row | undefined) => ({
  open: Number(row?.["open_count"] ?? 0),
  soon: Number(row?.["soon_count"] ?? 0),
  overdue: Number(row?.["overdue_count"] ?? 0),
  breached: Number(row?.["breached_count"] ?? 0),
  met: Number(row?.["met_count"] ?? 0),
});

export const slaRoutes = [
  defineRoute({
    method: "get",
    path: "/api/sla/board",
    summary: "Limits by level and by organisation, of the regions that I oversee",
    query: slaQuery,
    answer: slaBoard,
    handle: async ({ runtime, principal, query }) => {
      authorize(principal, { type: "sla.view" }, runtime.content);
      const scope = visibleClocks(principal, runtime.content);
      const now = runtime.clock.now();
      const conditions = [scope.sql];
      const parameters: Parameter[] = [...scope.parameters];
      if (query.region) {
        conditions.push("clock.region LIKE ?");
        parameters.push(regionPrefixes([query.region])[0] ?? query.region);
      }
      if (query.process) {
        conditions.push("instance.process_key = ?");
        parameters.push(query.process);
      }
      const from = `FROM clock JOIN instance ON instance.id = clock.instance_id WHERE ${conditions.join(" AND ")}`;
      const read = (select: string, group: string) =>
        runtime.store.read(`SELECT ${select} ${sums} ${from} ${group}`, [now, now, ...parameters]);
      const [total] = await read("", "");
      const byLevel = await read("clock.level AS level,", "GROUP BY clock.level");
      const byOrganisation = await read("clock.organisation_id AS organisation_id,", "GROUP BY clock.organisation_id");
      const board: SlaBoard = {
        asOf: now,
        total: countsOf(total),
        byLevel: byLevel
          .map((row) => ({ level: levelOf(text(row, "level")), ...countsOf(row) }))
          .sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level)),
        byOrganisation: byOrganisation
          .map((row) => {
            const counts = countsOf(row);
            const finished = counts.met + counts.breached;
            return {
              organisation: organisationOf(runtime, text(row, "organisation_id")),
              ...counts,
              onTimeRate: finished === 0 ? null : counts.met / finished,
            };
          })
          .sort(
            (a, b) =>
              b.overdue - a.overdue || b.breached - a.breached || a.organisation.id.localeCompare(b.organisation.id),
          ),
      };
      return board;
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/sla/cases",
    summary: "The clocks behind a number of the board",
    query: slaCasesQuery,
    answer: slaCasePage,
    handle: async ({ runtime, principal, query }) => {
      authorize(principal, { type: "sla.view" }, runtime.content);
      const scope = visibleClocks(principal, runtime.content);
      const now = runtime.clock.now();
      const conditions = [scope.sql, stateCondition[query.state]];
      const parameters: Parameter[] = [...scope.parameters, ...(query.state === "soon" ? [now, now] : [])];
      const add = (sql: string, value: string | undefined) => {
        if (value === undefined) return;
        conditions.push(sql);
        parameters.push(value);
      };
      add("clock.level = ?", query.level);
      add("clock.organisation_id = ?", query.organisation);
      add("clock.region LIKE ?", query.region ? regionPrefixes([query.region])[0] : undefined);
      const after = readCursor(query.cursor);
      if (after) {
        conditions.push("(clock.started_at > ? OR (clock.started_at = ? AND clock.id > ?))");
        parameters.push(after[0], after[0], after[1]);
      }
      const rows = await runtime.store.read(
        `SELECT clock.*, instance.case_number, instance.subject_zh, instance.subject_en, task.name AS task_name, task.assignee_name
         FROM clock JOIN instance ON instance.id = clock.instance_id LEFT JOIN task ON task.clock_id = clock.id AND task.state = 'open'
         WHERE ${conditions.join(" AND ")} ORDER BY clock.started_at, clock.id LIMIT ${query.limit + 1}`,
        parameters,
      );
      return {
        items: rows.slice(0, query.limit).map((row) => ({
          instanceId: text(row, "instance_id"),
          caseNumber: text(row, "case_number"),
          subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
          element: text(row, "element"),
          elementName: optionalText(row, "task_name"),
          holder: optionalText(row, "assignee_name"),
          clock: clockView(runtime, row),
        })),
        nextCursor: rows.length > query.limit ? cursorOf(rows[query.limit - 1], "started_at") : null,
      };
    },
  }),
];

const stateCondition: Readonly<Record<z.infer<typeof slaCasesQuery>["state"], string>> = {
  open: "clock.stopped_at IS NULL",
  soon: "clock.stopped_at IS NULL AND clock.state = 'running' AND clock.soon_at <= ? AND clock.due_at >= ?",
  overdue: "clock.stopped_at IS NULL AND clock.state = 'breached'",
  breached: "clock.breached_at IS NOT NULL",
  met: "clock.state = 'met'",
};

function levelOf(level: string): Level {
  return levels.find((known) => known === level) ?? "zone";
}
