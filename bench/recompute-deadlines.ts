/**
 * What an imported year costs: open deadlines recomputed on a private MariaDB, with their timers, tasks, cases and journal
 * lines, in transactions of a few hundred clocks. Run:
 * `node scripts/bench.mjs recompute-deadlines [CLOCKS]` (100000 by default).
 */
import { loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { join } from "node:path";
import { startClock } from "../engine/calendar/clock.ts";
import { loadContent } from "../server/content/load-content.ts";
import { packageRoot } from "../server/content/package-root.ts";
import { importYear } from "../server/runtime/calendar-import.ts";
import { changingColumns, lastingColumns, sortAt, type StoredClock } from "../server/runtime/clock-rows.ts";
import type { ClockSource } from "../server/runtime/clock-source.ts";
import { verifyJournal } from "../server/runtime/journal.ts";
import { LiveFeed } from "../server/runtime/live.ts";
import { Models } from "../server/runtime/models.ts";
import { recomputeSlice } from "../server/runtime/recompute-deadlines.ts";
import { Rules } from "../server/runtime/rules.ts";
import { Store } from "../server/store/store.ts";
import { startPrivateMariaDb } from "../test/mariadb/private-server.ts";
import { resolvedLimit } from "../test/support/resolved-limit.ts";
import { official2027 } from "../test/support/official-2027.ts";

const clocks = Number(process.argv[2] ?? 100_000);
const clocksInAStatement = 500;
const now = "2027-01-25T02:00:00.000Z";
const clock: ClockSource = { now: () => now };

const limit = resolvedLimit({
  code: "L.REPLY.COND",
  value: 10,
  promised: 5,
  calendarRegion: "520102",
  excludes: ["dispute"],
  onCalendarChange: "keepLater",
});

async function seed(store: Store, rules: Rules): Promise<void> {
  const ledger = startClock(limit, rules.calendar("520102"), now);
  for (let first = 0; first < clocks; first += clocksInAStatement) {
    const numbers = Array.from({ length: Math.min(clocksInAStatement, clocks - first) }, (_, index) => first + index);
    const ids = numbers.map((number) => String(number).padStart(12, "0"));
    await store.transaction(async (tx) => {
      await tx.insertAll("instance", ids.map(instanceRow));
      await tx.insertAll(
        "clock",
        ids.map((id) => {
          const stored: StoredClock = {
            id: `c-${id}`,
            element: "reply",
            organisation: { id: "nm-civil", region: "520102", level: "county" },
            tokens: ["t1"],
            awaiting: false,
            pauses: [],
            entries: 1,
            ledger,
            resolved: limit,
            notifiedAt: now,
            climbed: [],
            violatedAt: null,
          };
          const derived = { soonAt: ledger.dueAt, rungAt: ledger.dueAt, calendarVersion: 0 };
          return { ...lastingColumns(stored, `i-${id}`), ...changingColumns(stored, derived) };
        }),
      );
      await tx.insertAll(
        "task",
        ids.map((id) => taskRow(id, ledger.dueAt)),
      );
      await tx.insertAll(
        "timer",
        ids.map((id) => ({
          id: `m-${id}`,
          instance_id: `i-${id}`,
          wait_id: "w2",
          element: "near",
          due_at: ledger.dueAt,
          clock_id: `c-${id}`,
          limit_code: limit.code,
          fraction: "0.8",
          lease_owner: null,
          lease_until: null,
        })),
      );
    });
  }
}

function instanceRow(id: string) {
  return {
    id: `i-${id}`,
    case_number: id,
    process_key: "ds-01",
    definition_id: "d",
    rule_set_id: "r",
    rules_date: "2027-01-25",
    status: "running",
    rev: 1,
    state: "{}",
    subject_zh: "事项",
    subject_en: "Case",
    applicant_org: "nm-civil",
    applicant_region: "520102",
    provider_org: "nm-civil",
    provider_region: "520102",
    due_at: null,
    started_by: "u",
    started_at: now,
    ended_at: null,
    incidents: 0,
  };
}

function taskRow(id: string, dueAt: string | null) {
  return {
    id: `t-${id}`,
    instance_id: `i-${id}`,
    wait_id: "w1",
    token: "t1",
    element: "examine",
    name: "审查",
    name_en: "Examine",
    organisation_id: "nm-civil",
    region: "520102",
    level: "county",
    role: "provider-clerk",
    assignee_id: null,
    assignee_name: null,
    state: "open",
    outcome: null,
    outcomes: "approve",
    form: null,
    reason_code: null,
    citation: null,
    opinion: null,
    explanation: null,
    clock_id: `c-${id}`,
    due_at: dueAt,
    sort_at: sortAt(dueAt),
    created_at: now,
    completed_at: null,
    rev: 1,
  };
}

const server = await startPrivateMariaDb(["--userstat=1"]);
const store = await Store.open({ databaseUrl: server.url, file: "" });
try {
  const content = await loadContent(join(packageRoot(), "processes"));
  const rules = await Rules.open(content, store, now);
  const seeding = performance.now();
  await seed(store, rules);
  process.stdout.write(`${server.version}: ${clocks} open deadlines seeded in ${seconds(seeding)} s\n`);
  await importYear({ store, rules, clock, content }, official2027, {
    kind: "person",
    id: "bench",
    name: "bench",
    organisation: null,
  });
  const parts = { store, rules, clock, models: new Models(store), live: new LiveFeed() };
  const from = performance.now();
  const [cpuBefore, databaseBefore] = [process.cpuUsage(), await databaseCpu(store)];
  let slices = 0;
  let longest = 0;
  for (let looked = 1; looked > 0; slices += 1) {
    const began = performance.now();
    looked = await recomputeSlice(parts);
    longest = Math.max(longest, performance.now() - began);
  }
  const [moved] = await store.read("SELECT moved, looked_at FROM calendar_change");
  const [lines] = await store.read("SELECT COUNT(*) AS n FROM journal WHERE type = 'clock.recalculated'");
  process.stdout.write(
    `${String(moved?.["moved"])} of ${String(moved?.["looked_at"])} moved in ${seconds(from)} s, ${slices} transactions, the longest ${Math.round(longest)} ms; ${String(lines?.["n"])} journal lines\n`,
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  const database = (await databaseCpu(store)) - databaseBefore;
  process.stdout.write(
    `processor time: ${((user + system) / 1e6).toFixed(1)} s here, ${database.toFixed(1)} s in the database; load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}\n`,
  );
  process.stdout.write(`${(await verifyJournal(store)).length} journal faults\n`);
} finally {
  await store.close();
  await server.stop();
}

async function databaseCpu(of: Store): Promise<number> {
  const [row] = await of.read("SELECT SUM(CPU_TIME) AS seconds FROM information_schema.USER_STATISTICS");
  return Number(row?.["seconds"] ?? 0);
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1000).toFixed(1);
}
