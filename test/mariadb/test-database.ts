/** An empty database for one test file: embedded, or on MariaDB when the project says so. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { inject } from "vitest";

export interface TestDatabase {
  readonly kind: "sqlite" | "mariadb";
  /** What `Store.open` and `startServer` take: null means the embedded database in `file`. */
  readonly databaseUrl: string | null;
  readonly file: string;
  /** A folder of this database's own, for uploads and the like. */
  readonly folder: string;
  /** Removes the database and the folder; close the store first. */
  remove(): Promise<void>;
}

/** The database that this run of the tests is about: the environment variable is set by vitest.config.ts. */
export const testedDatabase: TestDatabase["kind"] =
  process.env["JIELI_TEST_DATABASE"] === "mariadb" ? "mariadb" : "sqlite";

let created = 0;

/** Makes an empty database of the tested kind. Migrations are the caller's business. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "jieli-test-database-"));
  const file = join(folder, "jieli.sqlite");
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  if (testedDatabase === "sqlite") {
    return { kind: "sqlite", databaseUrl: null, file, folder, remove: async () => removeFolder() };
  }
  const port = inject("mariadbPort");
  created += 1;
  // Several files run at once on one server: the process id keeps their names apart.
  const name = `jieli_test_${process.pid}_${process.env["VITEST_POOL_ID"] ?? "0"}_${created}`;
  await run(port, `create database ${name} character set utf8mb4 collate utf8mb4_bin`);
  const remove = async () => {
    await run(port, `drop database if exists ${name}`);
    removeFolder();
  };
  return { kind: "mariadb", databaseUrl: `mysql://root@127.0.0.1:${port}/${name}`, file, folder, remove };
}

async function run(port: number, sql: string): Promise<void> {
  const connection = await mysql.createConnection({ host: "127.0.0.1", port, user: "root" });
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
