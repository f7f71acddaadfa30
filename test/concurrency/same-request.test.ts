import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createApp } from "../../server/app.ts";
import { Runtime } from "../../server/runtime/runtime.ts";
import { newId } from "../../server/store/ids.ts";
import { ApiBench, Person } from "../api/support.ts";
import { historyOf } from "../operations/observed.ts";
import type { Acting, Row, Table } from "../operations/row.ts";
import { rowsOfCases } from "../operations/rows-of-cases.ts";
import { rowsOfTasks } from "../operations/rows-of-tasks.ts";
import { everySituation, openSituation } from "../operations/situations.ts";
import { CommitLosingProxy } from "../support/commit-losing-proxy.ts";
import { testTime } from "../support/test-time.ts";

/** Copies of one request under way at the same moment, over two nodes, before a late one. */
const copies = 3;

interface Node {
  readonly runtime: Runtime;
  readonly server: Server;
}

let bench: ApiBench;
let other: Node;
/** A node that reaches the database by way of the proxy. */
let remote: Node;
let proxy: CommitLosingProxy;
beforeAll(async () => {
  bench = await ApiBench.open();
  proxy = await CommitLosingProxy.before(bench.databaseUrl ?? "");
  other = await serve(bench.databaseUrl);
  remote = await serve(proxy.url);
});
afterAll(async () => {
  for (const { server, runtime } of [other, remote]) {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await runtime.close();
  }
  await proxy.close();
  await bench.close();
});

async function serve(databaseUrl: string | null): Promise<Node> {
  const runtime = await Runtime.open({ databaseUrl, file: "", demo: true, demoTime: testTime, ticking: false });
  const server = createServer(createApp(runtime, { checkAnswers: true }).callback());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { runtime, server };
}

async function at({ server }: Node, account: string): Promise<Person> {
  const { cookie, csrf } = await bench.as(account);
  return new Person(server, cookie, csrf);
}

const table: Table = { ...rowsOfTasks, ...rowsOfCases };
/** What is sent with POST; the draft that is put has the same content however often it comes. */
const ways = Object.entries(table).flatMap(([operation, rows]) =>
  rows
    .filter(({ method }: Row) => method !== "put")
    .map((row: Row) => ({ name: `${operation}${row.way === undefined ? "" : ` ${row.way}`}`, row })),
);

/** The same request, with the same key, as a client sends it that has heard no answer. */
async function sendAll(acting: Acting, { account, path, body }: Row, key: Readonly<Record<string, string>>) {
  const [person, onOther] = [await bench.as(account), await at(other, account)];
  const [where, content] = [path(acting), await body(acting)];
  const send = (copy: number) => (copy % 2 === 0 ? person : onOther).post(where, content, key);
  const atOnce = await Promise.all(Array.from({ length: copies }, (_, copy) => send(copy)));
  return [...atOnce, await send(copies)];
}

async function opened(row: Row): Promise<Acting> {
  const name = everySituation.find((situation) => row.refused[situation] === undefined) ?? "single";
  const situation = await openSituation(bench, name, row.drawn?.(name) ?? {}, row.prepare ?? null);
  const work = row.on ? await row.on(bench, situation) : await situation.task();
  return { bench, at: situation, work };
}

async function expectOnce(acting: Acting, row: Row, told: number): Promise<void> {
  const lines = (await historyOf(bench, acting.at.instanceId)).slice(told);
  expect(lines.filter(({ type }) => type === row.tells).length).toBe(row.tells === null ? 0 : 1);
  const { found, expected } = await row.shows(acting);
  expect(found).toEqual(expected);
}

describe("one request that comes several times with the same Idempotency-Key", () => {
  it.each(ways)("$name: has its effect once, and every copy is told so", async ({ row }) => {
    const acting = await opened(row);
    const told = await historyOf(bench, acting.at.instanceId);
    const answers = await sendAll(acting, row, { "idempotency-key": newId() });
    expect(
      answers.map(({ status }) => status < 300),
      answers.map(({ text }) => text).join("\n"),
    ).toEqual(answers.map(() => true));
    for (const { body } of row.refusal ? answers : []) expect(row.refusal?.(body as never) ?? null).toBeNull();
    await expectOnce(acting, row, told.length);
  });
});

/** One of each kind: a step of the engine, custody, a round of signers, a return, what is only written, the case itself. */
const kinds = [
  "decide",
  "claim",
  "transfer",
  "addSigner beside",
  "return",
  "withdraw",
  "comment",
  "suspend",
  "restart",
];
const someWays = ways.filter(({ name }) => kinds.includes(name));

describe("a request whose COMMIT the database has carried out and whose answer is lost", () => {
  it("is tried with one of each kind", () => {
    expect(someWays.map(({ name }) => name).toSorted()).toEqual(kinds.toSorted());
  });

  it.each(someWays)("$name: is answered with what it came to, though the client sent no key", async ({ row }) => {
    const acting = await opened(row);
    const told = await historyOf(bench, acting.at.instanceId);
    const person = await at(remote, row.account);
    const [path, body, lost] = [row.path(acting), await row.body(acting), proxy.lost];
    proxy.loseNextCommit();
    const answer = await person.post(path, body);
    expect(proxy.lost).toBe(lost + 1);
    expect(answer.status, answer.text).toBeLessThan(300);
    await expectOnce(acting, row, told.length);
  });

  it.each(someWays)(
    "$name: is told to try again while the database is away, and then has its effect once",
    async ({ row }) => {
      const acting = await opened(row);
      const told = await historyOf(bench, acting.at.instanceId);
      const person = await at(remote, row.account);
      const [path, body, key] = [row.path(acting), await row.body(acting), { "idempotency-key": newId() }];
      const log = vi.spyOn(console, "error").mockReturnValue();
      proxy.loseNextCommit({ andGoDown: true });
      const first = await person.post(path, body, key);
      proxy.comeUp();
      log.mockRestore();
      expect([first.status, first.headers["retry-after"]], first.text).toEqual([503, "2"]);
      const second = await person.post(path, body, key);
      expect(second.status, second.text).toBeLessThan(300);
      await expectOnce(acting, row, told.length);
    },
  );
});
