/** A database for one test file: embedded, or on MariaDB when the project says so. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { MariaDbDatabases } from "./mariadb-databases.ts";
import { quickPlace } from "./quick-place.ts";

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
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return testedDatabase === "sqlite" ? embedded(() => undefined) : onServer((server, name) => server.create(name));
}

/** Makes a database of the tested kind as the first start of a demo leaves it: with tables, shipped processes and demo people. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = inject("startedTemplate");
  return testedDatabase === "sqlite"
    ? embedded((file) => copyFileSync(template, file))
    : onServer((server, name) => server.copy(template, name));
}

function embedded(fill: (file: string) => void): TestDatabase {
  const { folder, file, removeFolder } = newFolder();
  fill(file);
  return { kind: "sqlite", databaseUrl: null, file, folder, remove: async () => removeFolder() };
}

async function onServer(make: (server: MariaDbDatabases, name: string) => Promise<string>): Promise<TestDatabase> {
  const { folder, file, removeFolder } = newFolder();
  const server = new MariaDbDatabases(inject("mariadbPort"));
  created += 1;
  // Several files run at once on one server: the process id keeps their names apart.
  const name = `jieli_test_${process.pid}_${process.env["VITEST_POOL_ID"] ?? "0"}_${created}`;
  const databaseUrl = await make(server, name);
  const remove = async () => {
    await server.drop(name);
    removeFolder();
  };
  return { kind: "mariadb", databaseUrl, file, folder, remove };
}

function newFolder() {
  const folder = mkdtempSync(join(quickPlace(), "jieli-test-database-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  return { folder, file: join(folder, "jieli.sqlite"), removeFolder };
}
