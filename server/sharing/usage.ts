import { instantAt } from "../../engine/calendar/dates.ts";
import { rootVariables } from "../../engine/execution/variables.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { excessesOf, type DayOfUse, type Excess } from "../../engine/sharing/over-scope.ts";
import { systemActor, type Actor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import { placesFor } from "../store/update-each.ts";
import { excessText } from "./excess-texts.ts";
import { itemNames } from "./item-names.ts";
import { breachVariables, changeGrant, dueAfter, grantIn, tellSupervision, type Grant } from "./grants.ts";

/** A report of the sharing platform on one day's use of one grant. */
export interface UseReport extends DayOfUse {
  /** The platform's own id of the report; the same id again counts once. */
  readonly id: string;
  /** Number of the case that granted the access. */
  readonly caseNumber: string;
}

export type ReportResult =
  | { readonly id: string; readonly result: "taken"; readonly excesses: readonly Excess[]; readonly suspended: boolean }
  | { readonly id: string; readonly result: "repeated" }
  | { readonly id: string; readonly result: "unknownCase" };

/**
 * Takes reports of use: each counts once, all of a grant in one transaction. Use beyond scope suspends the access at once, by
 * rule (Shanghai Data Regulations: cut off at once), and the hearing of the receiver begins.
 */
export async function takeReports(
  runtime: Runtime,
  worker: Actor,
  reports: readonly UseReport[],
): Promise<readonly ReportResult[]> {
  const byCase = new Map<string, UseReport[]>();
  for (const report of reports) byCase.set(report.caseNumber, [...(byCase.get(report.caseNumber) ?? []), report]);
  const results = new Map<string, ReportResult>();
  for (const [caseNumber, found] of byCase)
    for (const result of await takeOfCase(runtime, worker, caseNumber, found)) results.set(result.id, result);
  await runtime.settle();
  return reports.map(({ id }) => results.get(id) ?? { id, result: "unknownCase" });
}

async function takeOfCase(
  runtime: Runtime,
  worker: Actor,
  caseNumber: string,
  reports: readonly UseReport[],
): Promise<readonly ReportResult[]> {
  const [row] = await runtime.store.read("SELECT instance_id FROM access_grant WHERE case_number = ?", [caseNumber]);
  if (!row) return reports.map(({ id }) => ({ id, result: "unknownCase" as const }));
  let results: readonly ReportResult[] = [];
  await runtime.dispatch({
    instanceId: text(row, "instance_id"),
    actor: worker,
    commandId: null,
    decide: async () => null,
    also: async (within) => {
      const taken = await take(within, worker, reports);
      results = taken.results;
      return taken.lines;
    },
  });
  return results;
}

interface Taken {
  readonly results: readonly ReportResult[];
  readonly lines: readonly JournalLine[];
}

async function take(within: Within, worker: Actor, reports: readonly UseReport[]): Promise<Taken> {
  const { tx, instance, directory, now } = within;
  const grant = await grantIn(tx, text(instance, "id"));
  if (!grant) return { results: [], lines: [] };
  const known = await knownOf(within, reports);
  const fresh = [...new Map(reports.filter(({ id }) => !known.has(id)).map((report) => [report.id, report])).values()];
  if (fresh.length === 0) return { results: reports.map(({ id }) => ({ id, result: "repeated" })), lines: [] };
  const scope = { ...grant, region: grant.regionFilter, from: grant.startsOn, to: grant.endsOn };
  const judged = fresh.map((report) => ({ report, excesses: excessesOf(scope, report, directory.regions) }));
  await tx.insertAll(
    "grant_use",
    judged.map(({ report, excesses }) => ({
      id: report.id,
      grant_id: grant.id,
      day: report.day,
      calls: report.calls,
      row_count: report.rows,
      items: JSON.stringify(report.items),
      region: report.region,
      reported_by: worker.name,
      received_at: now,
      excesses: excesses.length === 0 ? null : JSON.stringify(excesses),
    })),
  );
  const over = judged.filter(({ excesses }) => excesses.length > 0);
  const used = await rememberUse(within, grant, fresh, over.length);
  const lines = over.length === 0 ? [] : await answerExcess(within, used, worker, over);
  const suspended = lines.some(({ type }) => type === "access.suspended");
  return {
    results: reports.map(({ id }) => {
      const found = judged.find(({ report }) => report.id === id);
      return found
        ? {
            id,
            result: "taken",
            excesses: found.excesses,
            suspended: suspended && found.excesses.length > 0,
          }
        : { id, result: "repeated" };
    }),
    lines,
  };
}

async function knownOf({ tx }: Within, reports: readonly UseReport[]): Promise<ReadonlySet<string>> {
  const ids = reports.map(({ id }) => id);
  const rows = await tx.query(`SELECT id FROM grant_use WHERE id IN (${placesFor(ids)})`, ids);
  return new Set(rows.map((row) => text(row, "id")));
}

/** First and last day of use stand with the grant. Days of the past move neither the last forward nor the first back wrongly. */
async function rememberUse(
  { tx, now, use }: Within,
  grant: Grant,
  reports: readonly UseReport[],
  excesses: number,
): Promise<Grant> {
  const days = reports
    .filter(({ calls, rows }) => calls > 0 || rows > 0)
    .map(({ day }) => instantAt(day, "12:00"))
    .sort();
  const first = [...days, ...(grant.firstUsedAt === null ? [] : [grant.firstUsedAt])].sort()[0] ?? null;
  const last = [...days, ...(grant.lastUsedAt === null ? [] : [grant.lastUsedAt])].sort().at(-1) ?? null;
  const used = { ...grant, firstUsedAt: first, lastUsedAt: last };
  await tx.execute(
    "UPDATE access_grant SET first_used_at = ?, last_used_at = ?, excesses = COALESCE(excesses, 0) + ?, due_at = ? WHERE instance_id = ?",
    [first, last, excesses, dueAfter(used, use, now), grant.id],
  );
  return used;
}

interface JudgedReport {
  readonly report: UseReport;
  readonly excesses: readonly Excess[];
}

/** The platform's finding stands in the history; access in force is suspended at once, and the supervision hears the receiver. */
async function answerExcess(
  { tx, now, use, state }: Within,
  grant: Grant,
  worker: Actor,
  over: readonly JudgedReport[],
): Promise<readonly JournalLine[]> {
  const nameOf = itemNames(rootVariables(state));
  const found = over.flatMap(({ report, excesses }) =>
    excesses.map((excess): Json => ({ day: report.day, ...excessText(excess, nameOf) })),
  );
  const finding: JournalLine = {
    at: now,
    type: "use.exceeded",
    element: null,
    actor: worker,
    payload: { grant: grant.id, found },
  };
  if (grant.state !== "active") return [finding];
  const [row] = await tx.query("SELECT suspensions FROM access_grant WHERE instance_id = ?", [grant.id]);
  const suspended = await changeGrant(tx, grant, use, {
    action: "suspend",
    actor: systemActor,
    now,
    type: "access.suspended",
    payload: { reason: "", found },
    set: { suspended_at: now, suspensions: Number(row?.["suspensions"] ?? 0) + 1 },
  });
  const facts = over.flatMap(({ report, excesses }) =>
    excesses.map((one) => `${report.day} ${excessText(one, nameOf).zh}`),
  );
  await tellSupervision(tx, grant, { name: "grant.breach", variables: breachVariables(facts.join("；")), now });
  return [finding, suspended];
}
