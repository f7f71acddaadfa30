import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPrivateMariaDb, type PrivateMariaDb } from "../mariadb/private-server.ts";
import { runCommand, ServerProcess } from "../support/server-process.ts";

let mariadb: PrivateMariaDb;
beforeAll(async () => {
  mariadb = await startPrivateMariaDb();
});
afterAll(() => mariadb.stop());

describe.each(["SQLite", "MariaDB"])("the main job over HTTP on %s", (kind) => {
  const place = async () => ({
    dataDir: mkdtempSync(join(tmpdir(), "jieli-fault-")),
    databaseUrl: kind === "MariaDB" ? await mariadb.createDatabase() : null,
  });

  it("crosses three levels with one breach and is delivered", async () => {
    const { dataDir, databaseUrl } = await place();
    const server = await ServerProcess.start({ dataDir, databaseUrl });
    const { code, output } = await runCommand(["demo", "--url", server.url]);
    await server.end("SIGTERM");
    rmSync(dataDir, { recursive: true, force: true });
    expect(output).toMatch(/demo:case ok: 15 steps, 3 levels, 1 breach, delivered/);
    expect(code).toBe(0);
  });

  it.each([3, 5, 10])(
    "has the same outcome when the server is killed after %i steps and started again",
    async (steps) => {
      const { dataDir, databaseUrl } = await place();
      const first = await ServerProcess.start({ dataDir, databaseUrl });
      const paused = await runCommand(["demo", "--url", first.url, "--pause-after", String(steps)]);
      const id = /--resume (\S+)/.exec(paused.output)?.[1] ?? "";
      expect(id, paused.output).not.toBe("");
      await first.end("SIGKILL");
      const second = await ServerProcess.start({ dataDir, databaseUrl, port: first.port });
      const { output } = await runCommand(["demo", "--url", second.url, "--resume", id, "--from", String(steps)]);
      await second.end("SIGKILL");
      rmSync(dataDir, { recursive: true, force: true });
      expect(output).toMatch(/demo:case ok: 15 steps, 3 levels, 1 breach, delivered/);
    },
  );
});
