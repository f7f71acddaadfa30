/**
 * How long it takes until all timers that fall due at one moment have fired, each in its own transaction, over several server
 * processes on a private MariaDB. Run: `node scripts/bench.mjs due-timers [TIMERS] [NODES]` (10,000 over 3 by default).
 */
import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { addMs } from "../engine/calendar/dates.ts";
import { verifyJournal } from "../server/runtime/journal.ts";
import { Runtime } from "../server/runtime/runtime.ts";
import { startPrivateMariaDb } from "../test/mariadb/private-server.ts";
import { ServerProcess } from "../test/support/server-process.ts";
import { seedWaitingCases } from "../test/support/copied-cases.ts";
import { printBars, whole } from "./report.ts";

const timers = Number(process.argv[2] ?? 10_000);
const nodes = Number(process.argv[3] ?? 3);
const mostMs = 15_000;
const never = "9999-01-01T00:00:00.000Z";

const folder = mkdtempSync(join(tmpdir(), "jieli-bench-"));
const mariadb = await startPrivateMariaDb(["--userstat=1"]);
const databaseUrl = mariadb.url;
// A node without ticks: it seeds and looks, and fires nothing.
const observer = await Runtime.open({ databaseUrl, file: "", demo: true, ticking: false });
const servers: ServerProcess[] = [];
try {
  for (let node = 0; node < nodes; node += 1)
    servers.push(await ServerProcess.start({ databaseUrl, dataDir: join(folder, String(node)) }));
  await seedWaitingCases(observer, timers, never);
  await observer.store.time.synchronise();
  const dueAt = addMs(observer.store.time.now(), 2_000);
  await observer.store.transaction((tx) => tx.execute("UPDATE timer SET due_at = ? WHERE due_at = ?", [dueAt, never]));
  const before = { nodes: cpuOfNodes(), database: await databaseCpu(), statements: await statements() };
  await untilAllFired(dueAt);
  const [last] = await observer.store.read("SELECT MAX(at) AS at FROM journal WHERE type = 'timer.fired'");
  const tookMs = Date.parse(String(last?.["at"])) - Date.parse(dueAt);
  const perTimer = (total: number) => (total / timers).toFixed(2);
  process.stdout.write(
    `${mariadb.version}: ${whole(timers)} timers over ${nodes} nodes: ${(tookMs / 1000).toFixed(1)} s from due to the last fired, ` +
      `${whole((1000 * timers) / tookMs)}/s; each ${perTimer(cpuOfNodes() - before.nodes)} ms of processor in the nodes, ` +
      `${perTimer((await databaseCpu()) - before.database)} in the database, ${perTimer((await statements()) - before.statements)} statements; ` +
      `load ${loadavg()
        .map((load) => load.toFixed(1))
        .join(" ")}\n`,
  );
  const [times] = await observer.store.read(
    "SELECT COUNT(*) AS fired, COUNT(DISTINCT instance_id) AS cases, SUM(at < ?) AS early FROM journal WHERE type = 'timer.fired'",
    [dueAt],
  );
  const [fired, cases, early] = ["fired", "cases", "early"].map((name) => Number(times?.[name]));
  const faults = await verifyJournal(observer.store);
  printBars([
    {
      statement: "each fires exactly once",
      measured: `${fired} of ${cases} cases`,
      passes: fired === timers && cases === timers,
    },
    { statement: "none fires early", measured: String(early), passes: early === 0 },
    { statement: "the journals are whole", measured: `${faults.length} faults`, passes: faults.length === 0 },
    {
      statement: `all within ${mostMs / 1000} s`,
      measured: `${(tookMs / 1000).toFixed(1)} s`,
      passes: tookMs < mostMs,
    },
  ]);
} finally {
  for (const server of servers) await server.end("SIGKILL");
  await observer.close();
  await mariadb.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function untilAllFired(dueAt: string): Promise<void> {
  for (;;) {
    const [row] = await observer.store.read("SELECT COUNT(*) AS n FROM timer WHERE due_at = ?", [dueAt]);
    if (Number(row?.["n"]) === 0) return;
    await wait(500);
  }
}

/** Milliseconds of processor time that the nodes have used so far. */
function cpuOfNodes(): number {
  return servers.reduce((sum, { pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    // utime and stime, in hundredths of a second.
    return sum + (Number(fields[11]) + Number(fields[12])) * 10;
  }, 0);
}

async function databaseCpu(): Promise<number> {
  const [row] = await observer.store.read("SELECT SUM(CPU_TIME) * 1000 AS ms FROM information_schema.USER_STATISTICS");
  return Number(row?.["ms"] ?? 0);
}

async function statements(): Promise<number> {
  const [row] = await observer.store.read("SHOW GLOBAL STATUS LIKE 'Questions'");
  return Number(row?.["Value"] ?? 0);
}
