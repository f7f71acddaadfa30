import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../server/app.ts";
import { signIn } from "../../server/identity/sessions.ts";
import { verifyLedger } from "../../server/runtime/decision-record.ts";
import { verifyJournal } from "../../server/runtime/journal.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { optionalText } from "../../server/store/rows.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime, text } from "../runtime/support.ts";
import { startTimed } from "../runtime/timed-process.ts";
import { bpmn, gateway, startEvent } from "../support/bpmn.ts";

/** Races in all, over cases that go on beside each other: fewer than a node has connections, or a slow machine answers “busy”. */
const races = 1_000;
const cases = 8;

/** Two steps that come again after each decision, so that one case stands for many. The second is contended. */
const loop = bpmn(
  `${startEvent()}${gateway("exclusive", "again")}<bpmn:userTask id="prepare" name="prepare" jieli:at="provider" jieli:role="provider-head" jieli:outcomes="approve refuse"/><bpmn:userTask id="review" name="review" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve refuse" jieli:limit="L.REVIEW" jieli:resultVariable="result"/>${gateway("exclusive", "done")}<bpmn:endEvent id="end"/>`,
  `start -> again -> prepare -> review -> done; done -> again default; done -> end if result = "refuse"`,
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
  readonly element: string;
  readonly holder: string | null;
}

async function openTask(instanceId: string): Promise<OpenTask> {
  const rows = await nodes[0].runtime.store.read("SELECT * FROM task WHERE instance_id = ? AND state = 'open'", [
    instanceId,
  ]);
  expect(rows.length, "open tasks of one case").toBe(1);
  const [row] = rows;
  const holder = row ? (optionalText(row, "assignee_id")?.slice(2) ?? null) : null;
  return { id: text(row, "id"), rev: Number(row?.["rev"]), element: text(row, "element"), holder };
}

const decide = (account: string): Move => ({
  account,
  path: "complete",
  body: { outcome: "approve", opinion: account },
});
const claim = (account: string): Move => ({ account, path: "claim", body: {} });
const transfer: Move = { account: "yang", path: "transfer", body: { to: "u-zheng", reason: "分工" } };
const giveBack: Move = {
  account: "zheng",
  path: "return",
  body: {
    to: "previous",
    afterwards: "walkAgain",
    reason: "依据不明",
    defects: [{ place: "依据", what: "未写明", basis: "目录" }],
  },
};
const takeBack: Move = { account: "yang", path: "withdraw", body: { reason: "漏看附件" } };

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
  {
    name: "decide/return",
    before: null,
    moves: [decide("zhang"), giveBack],
    told: /^(张伟 已于 .* 办理此任务（同意）|郑洁 已于 .* 退回案件，此任务已结束)$/,
  },
  {
    name: "decide/take back",
    before: null,
    moves: [decide("zhang"), takeBack],
    told: /^(张伟 已于 .* 办理此任务（同意）|杨帆 已于 .* 撤回上一环节的办理，此任务已结束)$/,
  },
] as const;

interface Raced {
  /** Decisions that were taken, those around the race among them. */
  readonly decided: number;
  /** Who won which contest. */
  readonly won: string;
}

/** One race on the contended step of a case. The nodes change sides every time, so that neither always has the start. */
async function race(instanceId: string, round: number): Promise<Raced> {
  const contest = contests[round % contests.length] ?? contests[0];
  expect((await openTask(instanceId)).element).toBe("prepare");
  await settled(instanceId, "yang");
  if (contest.before) expect((await send(nodes[0], await openTask(instanceId), contest.before)).status).toBe(200);
  const task = await openTask(instanceId);
  const [first, second] = round % 2 === 0 ? nodes : ([nodes[1], nodes[0]] as const);
  const answers = await Promise.all([send(first, task, contest.moves[0]), send(second, task, contest.moves[1])]);
  const lost = answers.filter(({ status }) => status !== 200);
  expect(lost.length, `${contest.name} ${JSON.stringify(answers)}`).toBe(1);
  expect([lost[0]?.status, lost[0]?.said]).toEqual([409, expect.stringMatching(contest.told)]);
  const winner = answers.findIndex(({ status }) => status === 200);
  const decided = contest.moves[winner]?.path === "complete" ? 1 : 0;
  const left = await openTask(instanceId);
  // A claim or a transfer leaves the step open, by whoever has it now.
  if (left.id === task.id) await settled(instanceId, left.holder ?? "");
  return { decided: 1 + decided + (left.id === task.id ? 1 : 0), won: `${contest.name} ${winner}` };
}

/** Decides what is open, without anybody in between. */
async function settled(instanceId: string, account: string): Promise<void> {
  const { status, said } = await send(nodes[1], await openTask(instanceId), decide(account));
  expect(status, said).toBe(200);
}

describe("two people acting on the same task at the same moment", () => {
  it(`leaves exactly one winner, tells the other who did what, and does nothing by halves, ${races} times over`, async () => {
    const { runtime } = nodes[0];
    const lanes = await Promise.all(Array.from({ length: cases }, () => startTimed(runtime, loop)));
    const raced = await Promise.all(
      lanes.map(async (instanceId, lane) => {
        const results: Raced[] = [];
        for (let round = 0; round < races / cases; round += 1) results.push(await race(instanceId, round + lane));
        return results;
      }),
    );
    expect(raced.flat().length).toBe(races);
    // A race that the same side always wins shows nothing.
    expect([...new Set(raced.flat().map(({ won }) => won))].toSorted()).toEqual(
      contests.flatMap(({ name }) => [`${name} 0`, `${name} 1`]).toSorted(),
    );
    const total = raced.flat().reduce((sum, { decided }) => sum + decided, 0);
    const [records] = await runtime.store.read("SELECT COUNT(*) AS n FROM decision_record");
    const [completed] = await runtime.store.read("SELECT COUNT(*) AS n FROM task WHERE state = 'completed'");
    const [lines] = await runtime.store.read("SELECT COUNT(*) AS n FROM journal WHERE type = 'decision.taken'");
    expect([records, completed, lines].map((row) => Number(row?.["n"]))).toEqual([total, total, total]);
    const clocks = await runtime.store.read("SELECT instance_id, state FROM clock WHERE limit_code = 'L.REVIEW'");
    expect(new Set(clocks.map((row) => row["instance_id"])).size, "one clock a case").toBe(cases);
    expect(clocks.length).toBe(cases);
    expect(
      clocks.filter((row) => row["state"] === "running"),
      "the contended step is left",
    ).toEqual([]);
    const reasons = await runtime.store.read(
      "SELECT closed_because, COUNT(*) AS n FROM task WHERE state = 'cancelled' GROUP BY closed_because ORDER BY closed_because",
    );
    const [returns] = await runtime.store.read("SELECT COUNT(*) AS n FROM case_return");
    const [takings] = await runtime.store.read("SELECT COUNT(*) AS n FROM journal WHERE type = 'decision.takenBack'");
    expect(reasons.map((row) => [row["closed_because"], Number(row["n"])])).toEqual([
      ["returned", Number(returns?.["n"])],
      ["takenBack", Number(takings?.["n"])],
    ]);
    expect(await runtime.watch()).toEqual([]);
    expect(await verifyJournal(runtime.store)).toEqual([]);
    expect(await verifyLedger(runtime.store)).toEqual([]);
    // Under a minute on a quiet machine; a loaded one takes several times as long.
  }, 300_000);
});
