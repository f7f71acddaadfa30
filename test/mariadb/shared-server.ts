/** Vitest global set-up of the project `api-mariadb`: one private server for all its files, each with databases of its own. */
import type { TestProject } from "vitest/node";
import { startPrivateMariaDb } from "./private-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly mariadbPort: number;
  }
}

export default async function startShared(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPrivateMariaDb();
  project.provide("mariadbPort", server.port);
  return () => server.stop();
}
