import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isOpen, resume, signIn, signOut } from "../../server/identity/sessions.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { startServer, type RunningServer } from "../../server/start.ts";

let folder: string;
let server: RunningServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jieli-stopping-"));
  server = await startServer({ port: 0, host: "127.0.0.1", databaseUrl: null, dataDir: folder, demo: true });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const asWang = { account: "wang", password: demoPassword, caseTime: "2026-11-23T01:00:00.000Z" };

describe("a server that is told to stop", () => {
  it("ends the event streams that browsers hold open, and then itself", async () => {
    const { token } = await signIn(server.runtime.store, asWang);
    const stream = await fetch(`${server.url}/api/events`, { headers: { cookie: `jieli=${token}` } });
    const reader = stream.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain(": open");
    await server.close();
    expect((await reader?.read())?.done).toBe(true);
    server = await startServer({ port: 0, host: "127.0.0.1", databaseUrl: null, dataDir: folder, demo: true });
  });
});

describe("a session that has ended", () => {
  it("is open to no stream and no call", async () => {
    const { store } = server.runtime;
    const { token } = await signIn(store, asWang);
    expect([await isOpen(store, token), (await resume(store, token, asWang.caseTime))?.account]).toEqual([
      true,
      "wang",
    ]);
    await signOut(store, token);
    expect([await isOpen(store, token), await resume(store, token, asWang.caseTime)]).toEqual([false, null]);
  });

  it("is one that nobody used for half an hour, or that is eight hours old", async () => {
    const { store } = server.runtime;
    for (const column of ["seen_at", "created_at"]) {
      const { token } = await signIn(store, asWang);
      const long = column === "seen_at" ? 31 : 8 * 60 + 1;
      await store.transaction((tx) =>
        tx.execute(`UPDATE session SET ${column} = ?`, [new Date(Date.now() - long * 60_000).toISOString()]),
      );
      expect([column, await isOpen(store, token), await resume(store, token, asWang.caseTime)]).toEqual([
        column,
        false,
        null,
      ]);
    }
  });
});
