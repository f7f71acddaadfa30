import { createRequire } from "node:module";
import { DataSource } from "typeorm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Supplements1764470000000 } from "../../migrations/1764470000000-supplements.ts";
import { Store } from "../../server/store/store.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";

/** Requests for a supplement of before they had rows of their own: returns, and decisions that the process draws. */
let database: TestDatabase;
let store: Store;
let source: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  store = await Store.open(database);
  const { databaseUrl, file } = database;
  source = new DataSource(
    databaseUrl === null
      ? { type: "better-sqlite3", driver: createRequire(import.meta.url)("libsql"), database: file }
      : { type: "mariadb", url: databaseUrl, charset: "utf8mb4_bin", timezone: "Z" },
  );
  await source.initialize();
});
afterAll(async () => {
  await source.destroy();
  await store.close();
  await database.remove();
});

const place = { organisation_id: "nm-data", region: "520102", level: "county", role: "authority-reviewer" };

async function task(id: string, instance_id: string, more: Readonly<Record<string, string | null>>): Promise<void> {
  const names = { element: "check", name: "审查", name_en: "check" };
  const row = { ...place, ...names, wait_id: `w-${id}`, token: "t1", outcomes: "", kind: "decide", clock_id: null };
  const times = { created_at: "2026-01-05T01:00:00.000Z", sort_at: "9", rev: 1, transfers: 0 };
  await store.transaction((tx) =>
    tx.insert("task", { ...row, ...times, id, instance_id, state: "completed", ...more }),
  );
}
const decided = (
  id: string,
  instance: string,
  completed_at: string,
  more: Readonly<Record<string, string | null>> = {},
) => task(id, instance, { outcome: "supplement", completed_at, assignee_id: "u-chen", assignee_name: "陈静", ...more });
async function returned(id: string, instance_id: string, at: string, supplement: number): Promise<void> {
  await task(`task-${id}`, instance_id, { state: "cancelled", outcome: null, completed_at: at });
  const whence = { element: "check", target: "supply", kind: "applicant", afterwards: "backToMe", ...place };
  const said = { reason: "请补正", defects: "[]", way_back: "[]", snapshot: "{}", fallen: "[]", state: "corrected" };
  const row = { id, instance_id, task_id: `task-${id}`, supplement, by_id: "u-chen", by_name: "陈静", at };
  const { region: _region, level: _level, ...kept } = { ...whence, ...said, ...row };
  await store.transaction((tx) => tx.insert("case_return", kept));
}

it("are taken over in the order in which they were asked for, the second with the permit that it used", async () => {
  const moment = (day: number) => `2026-01-0${day}T01:00:00.000Z`;
  await decided("decided-1", "case-1", moment(6));
  await decided("decided-2", "case-1", moment(8), { assignee_id: null, assignee_name: null });
  await returned("returned-1", "case-1", moment(7), 1);
  const permit = { instance_id: "case-1", reason: "新法规施行", by_id: "u-guan", by_name: "管宁" };
  for (const [id, at, used] of [
    ["first", moment(7), moment(7)],
    ["second", moment(8), moment(8)],
    ["left", moment(9), null],
  ])
    await store.transaction((tx) =>
      tx.insert("second_supplement", { ...permit, id: `${id}`, at: `${at}`, used_at: used ?? null }),
    );
  // None of these asked the applicant for anything that counts.
  await returned("returned-2", "case-2", moment(6), 0);
  await decided("fell", "case-2", moment(6), { fallen_at: moment(7) });
  await task("approved", "case-2", { outcome: "approve", completed_at: moment(6) });
  const runner = source.createQueryRunner();
  const migration = new Supplements1764470000000();
  await migration.down(runner);
  await migration.up(runner);
  await runner.release();
  const rows = await store.read("SELECT * FROM supplement_request ORDER BY instance_id, ordinal");
  const told = rows.map((row) => [
    row["id"],
    row["task_id"],
    row["ordinal"],
    row["violation"],
    row["permit_id"],
    row["by_id"],
  ]);
  expect(told).toEqual([
    ["decided-1", "decided-1", 1, 0, null, "u-chen"],
    ["returned-1", "task-returned-1", 2, 1, "first", "u-chen"],
    ["decided-2", "decided-2", 3, 1, "second", "system"],
  ]);
  expect(rows[1]).toMatchObject({
    element: "check",
    organisation_id: "nm-data",
    at: moment(7),
    permitted_by: "管宁",
    permit_reason: "新法规施行",
  });
});
