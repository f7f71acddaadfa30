import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import mysql from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../server/app.ts";
import { signIn } from "../../server/identity/sessions.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { connectionsOfAPool } from "../../server/store/connections.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime } from "../runtime/support.ts";

let database: TestDatabase;
let runtime: Runtime;
let server: Server;
let url: string;
let session: Readonly<Record<string, string>>;
/** Holds what all others wait for. */
let holder: mysql.Connection;

beforeAll(async () => {
  database = await createTestDatabase();
  runtime = await openRuntime(database);
  server = createServer(createApp(runtime).callback());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const caseTime = runtime.clock.now();
  const { token, principal } = await signIn(runtime.store, { account: "wang", password: demoPassword, caseTime });
  session = { cookie: `jieli=${token}`, "x-csrf-token": principal.csrf, "content-type": "application/json" };
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await runtime.close();
  await database.remove();
});
beforeEach(async () => {
  holder = await mysql.createConnection({ uri: database.databaseUrl ?? "" });
  await holder.query("SELECT GET_LOCK(?, 0)", [lock()]);
});
afterEach(() => holder.end());

const lock = () => new URL(database.databaseUrl ?? "").pathname.slice(1);
const waiting = "SELECT GET_LOCK(?, 60), RELEASE_LOCK(?)";

/** Every connection of a kind waits for the holder, as on a database that has become slow. */
const taken = {
  read: () => runtime.store.read(waiting, [lock(), lock()]),
  write: () => runtime.store.transaction((tx) => tx.query(waiting, [lock(), lock()])),
};

/** More requests at once than the queue of the pool takes. */
const crowd = 250;

describe("a database all of whose connections are taken", () => {
  it.each(["read", "write"] as const)(
    "answers 503 with Retry-After when the %s connections are, and serves again as soon as they are free",
    async (kind) => {
      const held = Array.from({ length: connectionsOfAPool }, taken[kind]);
      const log = vi.spyOn(console, "error").mockReturnValue();
      const answers = await Promise.all(Array.from({ length: crowd }, () => ask(kind)));
      expect(log).toHaveBeenCalledTimes(crowd);
      log.mockRestore();
      expect(new Set(answers)).toEqual(new Set(["503 2 STORE_BUSY"]));
      await holder.query("SELECT RELEASE_LOCK(?)", [lock()]);
      await Promise.all(held);
      // Whoever waited in vain has left no connection behind that nobody gives back.
      const again = await Promise.all(Array.from({ length: connectionsOfAPool * 2 }, () => ask(kind)));
      expect(new Set(again)).toEqual(new Set([kind === "read" ? "200 null " : "404 null NOT_FOUND"]));
      await allAtOnce();
    },
  );
});

async function ask(kind: "read" | "write"): Promise<string> {
  const answer =
    kind === "read"
      ? await fetch(`${url}/api/tasks`, { headers: session })
      : await fetch(`${url}/api/instances/no-such-case/comments`, {
          method: "POST",
          headers: session,
          body: JSON.stringify({ body: "在吗", audience: "internal" }),
        });
  const { code } = (await answer.json()) as { code?: string };
  return `${answer.status} ${answer.headers.get("retry-after")} ${code ?? ""}`;
}

/** As many transactions open at the same time as there are connections. */
async function allAtOnce(): Promise<void> {
  let begun = 0;
  let all: () => void = () => undefined;
  const whenAll = new Promise<void>((resolve) => (all = resolve));
  const one = () =>
    runtime.store.transaction(async (tx) => {
      await tx.query("SELECT 1 AS one");
      begun += 1;
      if (begun === connectionsOfAPool) all();
      await whenAll;
    });
  await Promise.all(Array.from({ length: connectionsOfAPool }, one));
}
