import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MariaDbStartError, type PrivateMariaDb, startPrivateMariaDb } from "./private-server.ts";

const foldersOfServers = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`jieli-mariadb-${process.pid}-`));

async function rows(url: string, sql: string): Promise<unknown> {
  const connection = await mysql.createConnection(url);
  try {
    const [answer] = await connection.query(sql);
    return answer;
  } finally {
    await connection.end();
  }
}

describe("a private MariaDB server", () => {
  let server: PrivateMariaDb;

  beforeAll(async () => {
    server = await startPrivateMariaDb(["--innodb-lock-wait-timeout=2"]);
  });
  afterAll(() => server.stop());

  it("listens on the loopback with an empty database and takes further settings", async () => {
    expect(server.url).toBe(`mysql://root@127.0.0.1:${server.port}/jieli_test_1`);
    expect(server.version).toMatch(/MariaDB/);
    expect(await rows(server.url, "show tables")).toEqual([]);
    expect(await rows(server.url, "select @@innodb_lock_wait_timeout as seconds")).toEqual([{ seconds: 2 }]);
  });

  it("keeps its temporary tables to itself, because a server that starts deletes all that it finds", async () => {
    expect(await rows(server.url, "select @@tmpdir like '%/jieli-mariadb-%' as own")).toEqual([{ own: 1 }]);
  });

  it("gives every caller a database of its own", async () => {
    const other = await server.createDatabase();
    await rows(other, "create table t (id int)");
    expect(await rows(server.url, "show tables")).toEqual([]);
  });

  it("keeps what was committed when it is killed and started again on the same port", async () => {
    await rows(server.url, "create table kept (id int)");
    await rows(server.url, "insert into kept values (7)");
    await server.kill9();
    await expect(rows(server.url, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await server.restart();
    expect(await rows(server.url, "select id from kept")).toEqual([{ id: 7 }]);
  });

  it("says why when it does not start, and leaves nothing behind", async () => {
    const before = foldersOfServers();
    await expect(startPrivateMariaDb(["--no-such-setting=1"])).rejects.toThrow(MariaDbStartError);
    expect(foldersOfServers().filter((name) => !before.includes(name))).toEqual([]);
  });

  it("removes its data when it stops", async () => {
    const before = foldersOfServers();
    const brief = await startPrivateMariaDb();
    const [own] = foldersOfServers().filter((name) => !before.includes(name));
    expect(own).toBeDefined();
    await brief.stop();
    await brief.stop();
    expect(existsSync(`${tmpdir()}/${own}`)).toBe(false);
  });
});
