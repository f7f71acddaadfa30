import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createApp } from "./app.ts";
import { Runtime } from "./runtime/runtime.ts";

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly demo: boolean;
}

export interface RunningServer {
  readonly url: string;
  readonly runtime: Runtime;
  readonly close: () => Promise<void>;
}

/** Opens the database, brings it up to date, fires what fell due meanwhile, and listens. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const runtime = await Runtime.open({
    databaseUrl: options.databaseUrl,
    file: join(options.dataDir, "jieli.sqlite"),
    demo: options.demo,
    ticking: true,
  });
  const server = createServer(createApp(runtime).callback());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    runtime,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await runtime.close();
    },
  };
}
