import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { verifyLedger } from "../../server/runtime/decision-record.ts";
import { verifyJournal } from "../../server/runtime/journal.ts";
import { Runtime } from "../../server/runtime/runtime.ts";
import { text } from "../../server/store/rows.ts";
import { startPrivateMariaDb, type PrivateMariaDb } from "../mariadb/private-server.ts";
import { OfficialsAtWork } from "../support/officials-at-work.ts";
import { ServerProcess } from "../support/server-process.ts";

/** Requests that are answered between two faults. */
const between = 60;
const casesAtOnce = 6;
/** How often each fault happens, where a few times are not enough. */
const runs = Number(process.env["FAULT_RUNS"] ?? 0);

let mariadb: PrivateMariaDb;
let observer: Runtime;
let officials: OfficialsAtWork;
const servers: ServerProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), "jieli-officials-"));

const start = (port?: number) =>
  ServerProcess.start({ databaseUrl: mariadb.url, dataDir: folder, ...(port === undefined ? {} : { port }) });

beforeAll(async () => {
  mariadb = await startPrivateMariaDb();
  observer = await Runtime.open({ databaseUrl: mariadb.url, file: "", demo: true, ticking: false });
  // One after the other: the first builds what is stale.
  servers.push(await start());
  servers.push(await start());
  officials = await OfficialsAtWork.on(
    observer,
    servers.map(({ url }) => url),
    casesAtOnce,
  );
});
afterAll(async () => {
  for (const server of servers) await server.end("SIGKILL");
  await observer.close();
  await mariadb.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Works while the faults happen, and then looks whether each answered request stands in the history once, and nothing else. */
async function working(times: number, fault: (time: number) => Promise<void>): Promise<ReadonlySet<string>> {
  officials.failures.clear();
  officials.begin();
  for (let time = 0; time < times; time += 1) {
    await officials.until(between);
    await fault(time);
  }
  await officials.until(between);
  await officials.stop();
  const counted = await observer.store.read(
    `SELECT type, COUNT(*) AS n FROM journal WHERE instance_id IN (${officials.cases.map(() => "?").join(", ")}) GROUP BY type`,
    officials.cases,
  );
  const told = new Map(counted.map((row) => [text(row, "type"), Number(row["n"])]));
  expect(Object.fromEntries(Object.keys(officials.done).map((type) => [type, told.get(type) ?? 0]))).toEqual(
    officials.done,
  );
  const [records] = await observer.store.read("SELECT COUNT(*) AS n FROM decision_record");
  expect(Number(records?.["n"])).toBe(officials.done["decision.taken"]);
  const open = await observer.store.read("SELECT instance_id FROM task WHERE state = 'open'");
  expect(new Set(open.map((row) => text(row, "instance_id"))), "no case is stuck").toEqual(new Set(officials.cases));
  expect(await observer.watch()).toEqual([]);
  expect(await verifyJournal(observer.store)).toEqual([]);
  expect(await verifyLedger(observer.store)).toEqual([]);
  return new Set(officials.failures.keys());
}

function countOf(failures: ReadonlyMap<string, number>): number {
  return [...failures.values()].reduce((sum, count) => sum + count, 0);
}

async function restarted(which: number, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  const server = servers[which];
  if (!server) throw new Error(`no server ${which}`);
  await server.end(signal);
  servers[which] = await start(server.port);
}

it("lose nothing and do nothing twice when a server is killed in the midst of their work", async () => {
  const failures = await working(Math.max(2, runs), (time) => restarted(time % 2, "SIGKILL"));
  expect(failures).not.toContain("500");
});

it("have no request fail that a server had taken when it was told to stop", async () => {
  const failures = await working(Math.max(2, runs), (time) => restarted(time % 2, "SIGTERM"));
  expect([...failures].filter((why) => why !== "ECONNREFUSED")).toEqual([]);
});

it("are told to try again while the database is down, and lose nothing when it is killed", async () => {
  const failures = await working(Math.max(1, runs), async () => {
    await mariadb.kill9();
    // Away for longer than the servers wait for it by themselves.
    const before = countOf(officials.failures);
    await expect.poll(() => countOf(officials.failures), { timeout: 30_000 }).toBeGreaterThan(before);
    await mariadb.restart();
  });
  expect([...failures]).toEqual(["503"]);
});
