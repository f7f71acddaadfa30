import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createApp } from "./app.ts";
import type { NoticeSettings } from "./notices/settings.ts";
import type { Scanner } from "./attachments/scanner.ts";
import { Runtime } from "./runtime/runtime.ts";

/** How long answers under way may take when the server is told to stop. */
const graceMs = 5_000;

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly demo: boolean;
  /** Folder of attachments; `attachments` in the data folder where it is not given. */
  readonly attachmentFolder?: string | undefined;
  readonly scanner?: Scanner | null;
  /** Ways out of the product; left out, there is no mail. */
  readonly notices?: NoticeSettings;
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
    attachmentFolder: options.attachmentFolder ?? join(options.dataDir, "attachments"),
    scanner: options.scanner ?? null,
    ticking: true,
    ...(options.notices ? { notices: options.notices } : {}),
  });
  const app = createApp(runtime);
  const server = createServer(app.callback());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    runtime,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      app.emit("closing");
      // Answers under way are finished; what then still hangs on is cut.
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
      await runtime.close();
    },
  };
}
