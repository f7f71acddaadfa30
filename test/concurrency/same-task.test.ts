import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../server/app.ts";
import { signIn } from "../../server/identity/sessions.ts";
import { verifyLedger } from "../../server/runtime/decision-record.ts";
import { verifyJournal } from "../../server/runtime/journal.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime, text } from "../runtime/support.ts";
import { startTimed } from "../runtime/timed-process.ts";
import { bpmn, gateway, startEvent } from "../support/bpmn.ts";

/** Races in all, over cases that go on beside each other. */
const races = 1_000;
const cases = 20;

/** A step that comes again after each decision, so that one case stands for many. */
const loop = bpmn(
  `${startEvent()}${gateway("exclusive", "again")}<bpmn:userTask id="review" name="review" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve refuse" jieli:limit="L.REVIEW" jieli:resultVariable="result"/>${gateway("exclusive", "done")}<bpmn:endEvent id="end"/>`,
  `start -> again -> review -> done; done -> again default; done -> end if result = "refuse"`,
  { id: "contended" },
);

interface Node {
  readonly runtime: Runtime;
  readonly server: Server;
  readonly url: string;
}

let database: TestDatabase;
let nodes: readonly [Node, Node];
const sessions = new Map<string, { readonly cookie: string; readonly csrf: string }>();

beforeAll(async () => {
  database = await createTestDatabase();
  nodes = [await open(), await open()];
  for (const account of ["zhang", "zheng", "yang"]) {
    const caseTime = nodes[0].runtime.clock.now();
    const { token, principal } = await signIn(nodes[0].runtime.store, { account, password: demoPassword, caseTime });
    sessions.set(account, { cookie: `jieli=${token}`, csrf: principal.csrf });
  }
});
afterAll(async () => {
  for (const { server, runtime } of nodes) {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await runtime.close();
  }
  await database.remove();
});

async function open(): Promise<Node> {
  const runtime = await openRuntime(database);
  const server = createServer(createApp(runtime).callback());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { runtime, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

interface Answer {
  readonly status: number;
  readonly code: string | null;
  readonly said: string;
}

interface Move {
  readonly account: string;
  readonly path: string;
  readonly body: object;
}

async function send(node: Node, task: OpenTask, { account, path, body }: Move): Promise<Answer> {
  const { cookie, csrf } = sessions.get(account) ?? { cookie: "", csrf: "" };
  const response = await fetch(`${node.url}/api/tasks/${task.id}/${path}`, {
    method: "POST",
    headers: { cookie, "x-csrf-token": csrf, "content-type": "application/json" },
    body: JSON.stringify({ rev: task.rev, ...body }),
  });
  const answer = (await response.json()) as { code?: string; detail?: { zh: string } };
  return { status: response.status, code: answer.code ?? null, said: answer.detail?.zh ?? "" };
}

interface OpenTask {
  readonly id: string;
  readonly rev: number;
}

async function openTask(instanceId: string): Promise<OpenTask> {
  const rows = await nodes[0].runtime.store.read("SELECT id, rev FROM task WHERE instance_id = ? AND state = 'open'", [
    instanceId,
  ]);
  expect(rows.length, "open tasks of one case").toBe(1);
  return { id: text(rows[0], "id"), rev: Number(rows[0]?.["rev"]) };
}

const decide = (account: string): Move => ({
  account,
  path: "complete",
  body: { outcome: "approve", opinion: account },
});
const claim = (account: string): Move => ({ account, path: "claim", body: {} });
const transfer: Move = { account: "yang", path: "transfer", body: { to: "u-zheng", reason: "分工" } };

/** Two moves at the same moment, after what must come before; and what the later one is told. */
const contests = [
  {
    name: "decide/decide",
    before: null,
    moves: [decide("zhang"), decide("zheng")],
    told: /^(张伟|郑洁) 已于 .* 办理此任务（同意）$/,
  },
  { name: "claim/claim", before: null, moves: [claim("zhang"), claim("zheng")], told: /^(张伟|郑洁) 已认领此任务$/ },
  {
    name: "decide/transfer",
    before: claim("zhang"),
    moves: [decide("zhang"), transfer],
    told: /^(张伟 已于 .* 办理此任务（同意）|郑洁 已认领此任务)$/,
  },
] as const;

/** One race on the open task of a case. The nodes change sides every time, so that neither always has the start. */
async function race(instanceId: string, round: number): Promise<number> {
  const contest = contests[round % contests.length] ?? contests[0];
  if (contest.before) expect((await send(nodes[0], await openTask(instanceId), contest.before)).status).toBe(200);
  const task = await openTask(instanceId);
  const [first, second] = round % 2 === 0 ? nodes : ([nodes[1], nodes[0]] as const);
  const answers = await Promise.all([send(first, task, contest.moves[0]), send(second, task, contest.moves[1])]);
  const lost = answers.filter(({ status }) => status !== 200);
  expect(lost.length, `${contest.name} ${JSON.stringify(answers)}`).toBe(1);
  expect([lost[0]?.status, lost[0]?.said]).toEqual([409, expect.stringMatching(contest.told)]);
  const decided = contest.moves.filter(({ path }, index) => path === "complete" && answers[index]?.status === 200);
  return decided.length + (await settle(instanceId, task));
}

/** Decides what a claim or a transfer left open, by whoever has it. */
async function settle(instanceId: string, { id }: OpenTask): Promise<number> {
  const [row] = await nodes[0].runtime.store.read("SELECT state, assignee_id FROM task WHERE id = ?", [id]);
  if (text(row, "state") !== "open") return 0;
  const holder = text(row, "assignee_id").slice(2);
  expect((await send(nodes[1], await openTask(instanceId), decide(holder))).status).toBe(200);
  return 1;
}

describe("two people acting on the same task at the same moment", () => {
  it(`leaves exactly one winner, tells the other who did what, and does nothing by halves, ${races} times over`, async () => {
    const { runtime } = nodes[0];
    const lanes = await Promise.all(Array.from({ length: cases }, () => startTimed(runtime, loop)));
    const decided = await Promise.all(
      lanes.map(async (instanceId, lane) => {
        let count = 0;
        for (let round = 0; round < races / cases; round += 1) count += await race(instanceId, round + lane);
        return count;
      }),
    );
    const total = decided.reduce((sum, count) => sum + count, 0);
    const [records] = await runtime.store.read("SELECT COUNT(*) AS n FROM decision_record");
    const [completed] = await runtime.store.read("SELECT COUNT(*) AS n FROM task WHERE state = 'completed'");
    const [lines] = await runtime.store.read("SELECT COUNT(*) AS n FROM journal WHERE type = 'decision.taken'");
    expect([records, completed, lines].map((row) => Number(row?.["n"]))).toEqual([total, total, total]);
    const clocks = await runtime.store.read(
      "SELECT instance_id FROM clock WHERE limit_code = 'L.REVIEW' AND state = 'running'",
    );
    expect(new Set(clocks.map((row) => row["instance_id"])).size, "one running clock a case").toBe(cases);
    expect(clocks.length).toBe(cases);
    expect(await runtime.watch()).toEqual([]);
    expect(await verifyJournal(runtime.store)).toEqual([]);
    expect(await verifyLedger(runtime.store)).toEqual([]);
    // Under a minute on a quiet machine; a loaded one takes several times as long.
  }, 300_000);
});
