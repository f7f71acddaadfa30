/**
 * Vitest global set-up of the projects that run on a database: one database as the first start of a demo leaves it, of which each
 * test file takes copies. Starting on an empty database takes seconds; `test/runtime/first-start.test.ts` does it for real.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { Runtime } from "../../server/runtime/runtime.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { quickHash } from "../support/quick-hash.ts";
import { testBegins } from "../support/test-time.ts";
import { quickPlace } from "./quick-place.ts";
import { MariaDbDatabases } from "./mariadb-databases.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The file of the embedded database, or the name of the database on the shared server. */
    readonly startedTemplate: string;
  }
}

const templateName = "jieli_test_template";

export default async function makeTemplate(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(quickPlace(), "jieli-test-template-"));
  const [file, whole] = [join(folder, "jieli.sqlite"), join(folder, "template.sqlite")];
  const port =
    project.config.env["JIELI_TEST_DATABASE"] === "mariadb" ? project.getProvidedContext().mariadbPort : null;
  const databaseUrl = port === null ? null : await new MariaDbDatabases(port).create(templateName);
  const demo = { demo: true, demoTime: () => testBegins, ticking: false };
  const runtime = await Runtime.open({ databaseUrl, file, ...demo });
  const password = quickHash(demoPassword);
  await runtime.store.transaction((tx) => tx.execute("UPDATE person SET password = ?", [password]));
  // The file alone holds no more than what was moved into it from the log beside it.
  if (port === null) await runtime.store.read("VACUUM INTO ?", [whole]);
  await runtime.close();
  project.provide("startedTemplate", port === null ? whole : templateName);
  return () => rmSync(folder, { recursive: true, force: true });
}
