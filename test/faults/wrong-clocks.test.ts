import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addMs } from "../../engine/calendar/dates.ts";
import { Runtime } from "../../server/runtime/runtime.ts";
import { text } from "../../server/store/rows.ts";
import { startPrivateMariaDb, type PrivateMariaDb } from "../mariadb/private-server.ts";
import { seedWaitingCases } from "../support/copied-cases.ts";
import { OfficialsAtWork } from "../support/officials-at-work.ts";
import { ServerProcess } from "../support/server-process.ts";

const hour = 3_600_000;
const skew = pathToFileURL(join(import.meta.dirname, "../support/skewed-date.mjs")).href;
/** An hour ahead and later an hour behind; five minutes behind. */
const wrong = [
  { JIELI_TEST_SKEW_MS: String(hour), JIELI_TEST_JUMP_AFTER_MS: "20000", TZ: "America/St_Johns" },
  { JIELI_TEST_SKEW_MS: String(-hour / 12), TZ: "Asia/Shanghai" },
];

let mariadb: PrivateMariaDb;
let observer: Runtime;
const servers: ServerProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), "jieli-clocks-"));

beforeAll(async () => {
  mariadb = await startPrivateMariaDb();
  observer = await Runtime.open({ databaseUrl: mariadb.url, file: "", demo: true, ticking: false });
  const start = (settings: Readonly<Record<string, string>>) =>
    ServerProcess.start({
      databaseUrl: mariadb.url,
      dataDir: folder,
      settings: { ...settings, NODE_OPTIONS: `--import=${skew}` },
    });
  // One after the other: the first builds what is stale.
  for (const settings of wrong) servers.push(await start(settings));
});
afterAll(async () => {
  for (const server of servers) await server.end("SIGKILL");
  await observer.close();
  await mariadb.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("fire each timer once and by the database's time, and keep every history in order, though each node's clock is wrong", async () => {
  await observer.store.time.synchronise();
  const begun = observer.store.time.now();
  const soon = addMs(begun, 8_000);
  const [due, later] = [
    await seedWaitingCases(observer, 100, soon),
    // What a node that is an hour ahead would take for due.
    await seedWaitingCases(observer, 100, addMs(begun, hour / 2)),
  ];
  const officials = await OfficialsAtWork.on(
    observer,
    servers.map(({ url }) => url),
    4,
  );
  officials.begin();
  const firedOf = async (ids: readonly string[]) => {
    const rows = await observer.store.read(
      `SELECT instance_id, at FROM journal WHERE type = 'timer.fired' AND instance_id IN (${ids.map(() => "?").join(", ")})`,
      ids,
    );
    return rows.map((row) => ({ instance: text(row, "instance_id"), at: text(row, "at") }));
  };
  await expect.poll(() => firedOf(due), { timeout: 90_000 }).toHaveLength(due.length);
  await officials.until(100);
  await officials.stop();
  await observer.store.time.synchronise();
  const over = observer.store.time.now();

  const fired = await firedOf(due);
  expect(new Set(fired.map(({ instance }) => instance)).size).toBe(due.length);
  expect(fired.filter(({ at }) => at < soon)).toEqual([]);
  expect(await firedOf(later)).toEqual([]);
  const lines = await observer.store.read(
    `SELECT instance_id, at FROM journal WHERE instance_id IN (${officials.cases.map(() => "?").join(", ")}) ORDER BY instance_id, seq`,
    officials.cases,
  );
  for (const id of officials.cases) {
    const instants = lines.filter((line) => line["instance_id"] === id).map((line) => text(line, "at"));
    expect(instants).toEqual(instants.toSorted());
    expect(instants.filter((at) => at < begun || at > over)).toEqual([]);
  }
  const decided = await observer.store.read("SELECT at FROM decision_record");
  expect(decided.length).toBe(officials.done["decision.taken"]);
  expect(decided.filter((row) => text(row, "at") < begun || text(row, "at") > over)).toEqual([]);
  expect(officials.failures, "sessions and leases hold on both nodes").toEqual(new Map());
});
