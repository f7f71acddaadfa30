import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import { openSituation, people, situations, type OpenSituation, type SituationName } from "../operations/situations.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

/** One operation of the table: who does it, how, and the journal line that tells of it. */
interface Row {
  readonly operation: string;
  readonly account: string;
  /** Whether the worker has the task in hand before. */
  readonly claimed: boolean;
  readonly path: (task: TaskDetail, at: OpenSituation) => string;
  readonly body: (task: TaskDetail) => object;
  readonly tells: string;
  /** Situations that refuse it, with status and code; it works in all others. */
  readonly refused: Partial<Record<SituationName, readonly [number, string]>>;
}

const onTask = (name: string) => (task: TaskDetail) => `/api/tasks/${task.id}/${name}`;
const onCase = (name: string) => (_task: TaskDetail, at: OpenSituation) => `/api/instances/${at.instanceId}/${name}`;
const whileSuspended = { suspended: [409, "CASE_STATE_REFUSES"] } as const;
const worker = { account: people.worker, claimed: true } as const;
const colleague = "u-zheng";

const table: readonly Row[] = [
  {
    operation: "decide",
    ...worker,
    path: onTask("complete"),
    tells: "decision.taken",
    refused: whileSuspended,
    body: ({ rev }) => ({ rev, outcome: "approve", opinion: "依据三定规定，同意按所列范围办理。" }),
  },
  {
    operation: "claim",
    ...worker,
    claimed: false,
    path: onTask("claim"),
    tells: "task.claimed",
    body: ({ rev }) => ({ rev }),
    refused: whileSuspended,
  },
  {
    operation: "release",
    ...worker,
    path: onTask("release"),
    tells: "task.released",
    refused: whileSuspended,
    body: ({ rev }) => ({ rev }),
  },
  {
    operation: "assign",
    account: people.head,
    claimed: false,
    path: onTask("assign"),
    tells: "task.assigned",
    body: ({ rev }) => ({ rev, to: colleague }),
    refused: {},
  },
  {
    operation: "transfer",
    ...worker,
    path: onTask("transfer"),
    tells: "task.transferred",
    refused: {},
    body: ({ rev }) => ({ rev, to: colleague, reason: "轮岗" }),
  },
  {
    operation: "delegate",
    ...worker,
    path: onTask("delegate"),
    tells: "work.asked",
    refused: whileSuspended,
    body: ({ rev }) => ({ rev, to: colleague, question: "请核对范围" }),
  },
  {
    operation: "consult",
    ...worker,
    path: onTask("consult"),
    tells: "work.asked",
    refused: whileSuspended,
    body: ({ rev }) => ({ rev, to: colleague, question: "是否必要？" }),
  },
  {
    operation: "co-handle",
    ...worker,
    path: onTask("co-handle"),
    tells: "work.asked",
    body: ({ rev }) => ({ rev, to: colleague, question: "请核对样例" }),
    refused: whileSuspended,
  },
  {
    operation: "add a signer",
    ...worker,
    path: onTask("signers"),
    tells: "signer.added",
    refused: whileSuspended,
    body: ({ rev }) => ({ rev, person: colleague, place: "before", counts: true }),
  },
  {
    operation: "comment",
    ...worker,
    path: onCase("comments"),
    tells: "comment.added",
    refused: {},
    body: () => ({ body: "已核对", audience: "internal" }),
  },
  {
    operation: "copy",
    ...worker,
    path: onCase("copies"),
    tells: "copy.sent",
    refused: {},
    body: ({ id, rev }) => ({ task: { id, rev }, to: [{ person: "u-yang" }] }),
  },
];

/** Puts the task into the worker's hands, also where the situation no longer lets them claim it. */
async function inHand(at: OpenSituation): Promise<void> {
  const { id } = await at.task();
  await bench.runtime.store.transaction((tx) =>
    tx.execute("UPDATE task SET assignee_id = 'u-zhang', assignee_name = '张伟' WHERE id = ?", [id]),
  );
}

describe.each(table)("$operation", ({ account, claimed, path, body, tells, refused }) => {
  it.each(situations)("%s", async (name) => {
    const at = await openSituation(bench, name);
    if (claimed) await inHand(at);
    const task = await at.task();
    const answer = await (await bench.as(account)).post(path(task, at), body(task));
    const expected = refused[name];
    if (expected) {
      expect([answer.status, answer.body.code]).toEqual(expected);
      // Why it is not possible is said in both languages.
      expect([answer.body.detail.zh.length > 0, answer.body.detail.en.length > 0]).toEqual([true, true]);
      return;
    }
    expect(answer.status, answer.text).toBeLessThan(300);
    const { history } = (await (await bench.as("guan")).get(`/api/instances/${at.instanceId}`)).body as {
      history: { type: string; sentence: { zh: string; en: string } }[];
    };
    const told = history.find(({ type }) => type === tells);
    expect(told, `${tells} among ${[...new Set(history.map(({ type }) => type))].join(", ")}`).toBeDefined();
    expect(told?.sentence.zh).not.toBe(told?.sentence.en);
    await expectAccountable(at.instanceId);
  });
});

/** Whatever was done, somebody answers for each open step: it is assigned, somebody may take it, or it waits for another's work. */
async function expectAccountable(instanceId: string): Promise<void> {
  const open = await bench.runtime.store.read(
    "SELECT assignee_id, organisation_id, role FROM task WHERE instance_id = ? AND state = 'open'",
    [instanceId],
  );
  for (const { assignee_id: assignee, organisation_id: organisation, role } of open) {
    const holders = await bench.runtime.store.read("SELECT id FROM post WHERE organisation_id = ? AND role = ?", [
      String(organisation),
      String(role),
    ]);
    expect(assignee !== null || holders.length > 0).toBe(true);
  }
}
