/** Vitest global set-up of the project `api-mariadb`: one private server for all its files, each with databases of its own. */
import type { TestProject } from "vitest/node";
import { startPrivateMariaDb } from "./private-server.ts";
import { quickPlace } from "./quick-place.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly mariadbPort: number;
  }
}

/** Commits outlive the end of the server as ever; but nothing waits for the disk, because these tests cut no power. */
const notWaitingForDisks = ["--innodb-flush-log-at-trx-commit=2", "--innodb-flush-method=nosync", "--debug-no-sync"];

export default async function startShared(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPrivateMariaDb(notWaitingForDisks, quickPlace());
  project.provide("mariadbPort", server.port);
  return () => server.stop();
}
