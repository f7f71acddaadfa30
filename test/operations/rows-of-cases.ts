import { Readable } from "node:stream";
import { upload } from "../../server/attachments/attachments.ts";
import type { ApiBench } from "../api/support.ts";
import { openSteps, people } from "./situations.ts";
import {
  caseEnded,
  caseNotSuspended,
  claimed,
  done,
  onCase,
  onlyIn,
  reason,
  statusOf,
  type Acting,
  type Row,
  type Table,
} from "./row.ts";

const [first, second] = people.overseers;
const because = () => ({ reason });
const overseer = { account: first } as const;

const endsAs =
  (status: string): Row["shows"] =>
  async (acting) => ({
    found: [await statusOf(acting), await openSteps(acting.bench, acting.at.instanceId)],
    expected: [status, []],
  });

/** Rows that somebody wrote about the case. */
async function written({ bench, at }: Acting, table: "comment" | "carbon_copy" | "watcher" | "attachment" | "urge") {
  const person = table === "carbon_copy" ? "by_id" : "person_id";
  const rows = await bench.runtime.store.read(`SELECT ${person} AS person FROM ${table} WHERE instance_id = ?`, [
    at.instanceId,
  ]);
  return rows.map((row) => row["person"]);
}

/** An upload of the worker that belongs to no case yet. */
async function uploaded(bench: ApiBench): Promise<string> {
  const content = Buffer.from("核对说明");
  const row = await upload(
    bench.runtime.attachments,
    { id: "u-zhang", name: "张伟", posts: [], standsInFor: [] } as never,
    {
      name: "说明.txt",
      content: Readable.from([content]),
      announcedBytes: content.length,
    },
  );
  return String(row["id"]);
}

/** Operations on the whole case. */
export const rowsOfCases = {
  withdrawApplication: [
    {
      account: people.applicant,
      path: onCase("withdraw"),
      body: because,
      tells: "application.withdrawn",
      clock: "stops",
      refused: caseEnded,
      shows: endsAs("cancelled"),
    },
  ],
  jump: [
    {
      ...overseer,
      way: "asked for",
      path: onCase("jump"),
      body: () => ({ element: "settle", reason }),
      tells: "jump.asked",
      clock: "untouched",
      refused: caseEnded,
      shows: async ({ bench, at }) => {
        const { jump } = (await (await bench.as(second)).get(`/api/instances/${at.instanceId}/control`)).body;
        return { found: [jump.element, jump.mine], expected: ["settle", false] };
      },
    },
    {
      account: second,
      way: "confirmed",
      prepare: async (bench, { instanceId }) =>
        done(bench, first, `/api/instances/${instanceId}/jump`, { element: "settle", reason }),
      path: onCase("jump/settle"),
      body: () => ({ accepted: true, reason }),
      tells: "jump.done",
      clock: "left",
      refused: caseEnded,
      shows: async ({ bench, at }) => {
        // In a suspended case the step that it was led to is opened when the case goes on.
        if (at.name === "suspended") await done(bench, first, `/api/instances/${at.instanceId}/resume`, { reason });
        return { found: await openSteps(bench, at.instanceId), expected: ["settle"] };
      },
    },
    {
      account: second,
      way: "refused",
      prepare: async (bench, { instanceId }) =>
        done(bench, first, `/api/instances/${instanceId}/jump`, { element: "settle", reason }),
      path: onCase("jump/settle"),
      body: () => ({ accepted: false, reason }),
      tells: "jump.refused",
      clock: "untouched",
      refused: caseEnded,
      shows: async ({ bench, at }) => ({
        found: (await openSteps(bench, at.instanceId)).includes(at.work),
        expected: true,
      }),
    },
  ],
  terminate: [
    {
      ...overseer,
      path: onCase("terminate"),
      body: because,
      tells: "case.terminated",
      clock: "stops",
      refused: caseEnded,
      shows: endsAs("cancelled"),
    },
  ],
  suspend: [
    {
      ...overseer,
      path: onCase("suspend"),
      body: () => ({ reason, cause: "dispute" }),
      tells: "case.suspendedUntil",
      clock: "pauses",
      refused: caseNotSuspended,
      shows: async (acting) => ({ found: await statusOf(acting), expected: "suspended" }),
    },
  ],
  resume: [
    {
      ...overseer,
      path: onCase("resume"),
      body: because,
      tells: "case.resumed",
      clock: "goesOn",
      refused: onlyIn("suspended"),
      shows: async (acting) => ({ found: await statusOf(acting), expected: "running" }),
    },
  ],
  repair: [
    {
      ...overseer,
      path: onCase("operations"),
      body: () => ({ type: "setVariables", scope: null, variables: { corrected: true }, reason }),
      tells: "case.operated",
      clock: "untouched",
      refused: caseEnded,
      shows: async ({ bench, at }) => {
        const { scopes } = (await (await bench.as(first)).get(`/api/instances/${at.instanceId}/state`)).body;
        const root = scopes.find(({ parent }: { parent: string | null }) => parent === null);
        return { found: root.variables.corrected, expected: true };
      },
    },
  ],
  restart: [
    {
      ...overseer,
      path: onCase("restart"),
      body: () => ({ reason, basis: "mediation" }),
      tells: "case.restarted",
      clock: "untouched",
      refused: onlyIn("ended"),
      shows: async ({ bench, at }) => {
        const { restartedAs } = (await (await bench.as(first)).get(`/api/instances/${at.instanceId}/control`)).body;
        return {
          found: [restartedAs.length, await openSteps(bench, restartedAs[0]?.instanceId)],
          expected: [1, ["sign"]],
        };
      },
    },
  ],
  urge: [
    {
      ...overseer,
      path: onCase("urges"),
      body: () => ({ note: "请尽快办理" }),
      tells: "case.urged",
      clock: "untouched",
      refused: { ...caseNotSuspended, pausedClock: "CLOCK_PAUSED_REFUSES" },
      shows: async (acting) => ({ found: await written(acting, "urge"), expected: ["u-guan"] }),
    },
  ],
  copy: [
    {
      ...overseer,
      way: "by an overseer",
      path: onCase("copies"),
      body: () => ({ to: [{ person: "u-yang" }] }),
      tells: "copy.sent",
      clock: "untouched",
      refused: {},
      shows: async (acting) => ({ found: await written(acting, "carbon_copy"), expected: ["u-guan"] }),
    },
    {
      account: people.worker,
      way: "from the task",
      prepare: claimed,
      path: onCase("copies"),
      body: ({ work: { id, rev } }) => ({ task: { id, rev }, to: [{ person: "u-yang" }] }),
      tells: "copy.sent",
      clock: "untouched",
      refused: { ended: "TASK_CLOSED" },
      shows: async (acting) => ({ found: await written(acting, "carbon_copy"), expected: ["u-zhang"] }),
    },
  ],
  comment: [
    {
      account: people.worker,
      path: onCase("comments"),
      body: () => ({ body: "已核对", audience: "internal" }),
      tells: "comment.added",
      clock: "untouched",
      refused: {},
      shows: async (acting) => ({ found: await written(acting, "comment"), expected: ["u-zhang"] }),
    },
  ],
  attach: [
    {
      account: people.worker,
      path: onCase("attachments"),
      body: async ({ bench }) => ({ attachmentIds: [await uploaded(bench)] }),
      tells: "attachment.added",
      clock: "untouched",
      refused: caseEnded,
      shows: async (acting) => ({ found: await written(acting, "attachment"), expected: ["u-zhang"] }),
    },
  ],
  watch: [
    {
      account: people.worker,
      path: onCase("watch"),
      body: () => ({ watching: true }),
      tells: null,
      clock: "untouched",
      refused: {},
      shows: async (acting) => ({ found: await written(acting, "watcher"), expected: ["u-zhang"] }),
    },
  ],
} as const satisfies Partial<Table>;
