import { pauseReasonName } from "../../engine/routing/pause-reasons.ts";
import { dueIfResumed } from "../../engine/calendar/due-if-resumed.ts";
import { leftOf, usedBy } from "../../engine/calendar/clock.ts";
import { referTo } from "../../engine/routing/organisations.ts";
import { regionNamed } from "../../engine/routing/regions.ts";
import type { OrganisationRef } from "../../engine/routing/types.ts";
import { clockRow } from "../runtime/clock-rows.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import type { Bilingual, ClockView } from "./shared/common.schema.ts";

/** Rows become JSON here and in the presenters beside each resource, nowhere else. */

export function organisationOf(runtime: Runtime, id: string): OrganisationRef {
  const known = runtime.content.organisations.get(id);
  return known ? referTo(known) : { id, name: { zh: id, en: id }, level: "zone", region: "000000" };
}

/** The region's name, or its code where the content does not know it. */
export function regionName(runtime: Runtime, code: string): Bilingual {
  return regionNamed(runtime.content.regions, code);
}

export type Signal = ClockView["signal"];

/** How a due moment looks now: overdue, soon (80 % of the limit has passed, or it is the last day), resting, or fine. */
export function signalOf(
  clock: {
    readonly state: string;
    readonly dueAt: string | null;
    readonly soonAt: string | null;
    readonly stoppedAt: string | null;
  },
  now: string,
): Signal {
  if (clock.stoppedAt !== null) return "done";
  if (clock.state === "paused") return "paused";
  if (clock.state === "breached" || (clock.dueAt !== null && clock.dueAt < now)) return "overdue";
  return clock.soonAt !== null && clock.soonAt <= now ? "soon" : "ok";
}

export function clockView(runtime: Runtime, row: Row): ClockView {
  const clock = clockRow(row);
  const { id, ledger, resolved, organisation } = clock;
  const now = runtime.clock.now();
  const calendar = runtime.rules.calendar(ledger.calendarRegion);
  return {
    id,
    limitCode: ledger.limitCode,
    name: { ...resolved.name },
    state: ledger.state,
    unit: ledger.unit,
    total: ledger.total + ledger.extension,
    used: usedBy(ledger, calendar, now),
    left: leftOf(ledger, calendar, now),
    organisation: organisationOf(runtime, organisation.id),
    startedAt: ledger.startedAt,
    dueAt: ledger.dueAt,
    dueConfidence: ledger.dueConfidence,
    dueIfResumedNow: dueIfResumed(clock, calendar, now),
    promisedDueAt: ledger.promisedDueAt,
    breachedAt: ledger.breachedAt,
    pauseReason: ledger.pauseReason,
    pauseReasonName: ledger.pauseReason === null ? null : pauseReasonName(ledger.pauseReason),
    extensionDays: ledger.extension,
    round: ledger.round,
    source: { ...resolved.source },
    verified: resolved.verified,
    calendarRegion: ledger.calendarRegion,
    calendarName: regionName(runtime, ledger.calendarRegion),
    signal: signalOf(
      { state: ledger.state, dueAt: ledger.dueAt, soonAt: optionalText(row, "soon_at"), stoppedAt: ledger.stoppedAt },
      now,
    ),
  };
}

/** Organisations in the order in which the case travels, with the one that holds it now. */
export function casePath(
  runtime: Runtime,
  tasks: readonly Row[],
  planned: readonly string[],
): { organisation: OrganisationRef; state: "done" | "now" | "next" }[] {
  const now = new Set(
    tasks.filter((task) => text(task, "state") === "open").map((task) => text(task, "organisation_id")),
  );
  const seen = new Set(tasks.map((task) => text(task, "organisation_id")));
  const order = [...new Set([...planned, ...seen])].filter((id) => id !== "");
  return order.map((id) => ({
    organisation: organisationOf(runtime, id),
    state: now.has(id) ? "now" : seen.has(id) ? "done" : "next",
  }));
}

/** A keyset cursor: the sort value and the id of the last row. */
export function cursorOf(row: Row | undefined, column: string): string | null {
  return row ? Buffer.from(JSON.stringify([text(row, column), text(row, "id")])).toString("base64url") : null;
}

export function readCursor(cursor: string | undefined): readonly [string, string] | null {
  if (cursor === undefined) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(parsed) && typeof parsed[0] === "string" && typeof parsed[1] === "string"
      ? [parsed[0], parsed[1]]
      : null;
  } catch {
    // Not one of ours: the list begins at its beginning.
    return null;
  }
}

/** A pattern for `LIKE ? ESCAPE '!'`: `%` and `_` in a search mean themselves. */
export function likePattern(search: string): string {
  return `%${search.replace(/[!%_]/g, (found) => `!${found}`)}%`;
}
