import type { Operation } from "../../engine/approval/operations.ts";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import type { ApiBench } from "../api/support.ts";
import {
  everySituation,
  people,
  type OpenSituation,
  type Preparation,
  type SituationName,
  type StepAttributes,
} from "./situations.ts";

/** What an operation is done to, and everything that a row may want to know of it. */
export interface Acting {
  readonly bench: ApiBench;
  readonly at: OpenSituation;
  /** The piece of work that the operation is done to. */
  readonly work: TaskDetail;
}

/**
 * What an operation does to the clock of the step, as the matrix puts it in words: nothing at all; it stops with the step, or with
 * the case; it is paused, or goes on after a pause; it stops because the step is left, to go on when it is entered again.
 */
export type ClockEffect = "untouched" | "stopsWithStep" | "stops" | "pauses" | "goesOn" | "left";

export interface Effect {
  readonly found: unknown;
  readonly expected: unknown;
}

/** One way to do an operation, and what comes of it in every situation. */
export interface Row {
  /** What tells this way from others of the same operation. */
  readonly way?: string;
  readonly account: string;
  readonly prepare?: Preparation;
  /** Attributes of the steps that it depends on. */
  readonly drawn?: (name: SituationName) => Partial<StepAttributes>;
  /** Situations that a process cannot be drawn for: its publication is refused with the code. */
  readonly undrawable?: readonly SituationName[];
  /** The piece of work that it is done to; the step's own task where it is left out. */
  readonly on?: (bench: ApiBench, at: OpenSituation) => Promise<TaskDetail>;
  readonly method?: "post" | "put";
  readonly path: (acting: Acting) => string;
  readonly body: (acting: Acting) => object | Promise<object>;
  /** Type of the journal line that tells of it; `null` for what is one's own and no part of the history. */
  readonly tells: string | null;
  readonly clock: ClockEffect;
  /** What is found afterwards, and what shows that the operation has had its effect. */
  readonly shows: (acting: Acting) => Promise<Effect>;
  /** Situations that refuse it, with the code; it works in all others. */
  readonly refused: Partial<Record<SituationName, string>>;
  /** Code and status of an answer, where a refusal is not the answer's own. */
  readonly refusal?: (body: never) => string | null;
}

export type Table = Readonly<Record<Operation, readonly Row[]>>;

export const colleague = { account: "zheng", id: "u-zheng" } as const;
export const reason = "依法处理";
export const opinion = "依据三定规定，同意按所列范围办理。";

/** Refusals that most operations on a task share. */
export const ended = { ended: "TASK_CLOSED" } as const;
export const notSuspended = { ...ended, suspended: "CASE_STATE_REFUSES" } as const;
export const caseEnded = { ended: "CASE_STATE_REFUSES" } as const;
export const caseNotSuspended = { ...caseEnded, suspended: "CASE_STATE_REFUSES" } as const;
/** Refusals of what only a case in one state takes. */
export const onlyIn = (name: SituationName): Row["refused"] =>
  Object.fromEntries(everySituation.filter((other) => other !== name).map((other) => [other, "CASE_STATE_REFUSES"]));

export const onTask =
  (name: string) =>
  ({ work }: Acting) =>
    `/api/tasks/${work.id}/${name}`;
export const onCase =
  (name: string) =>
  ({ at }: Acting) =>
    `/api/instances/${at.instanceId}/${name}`;

/** A request that has to succeed before the operation can be tried. */
export async function done(bench: ApiBench, account: string, path: string, body: object): Promise<void> {
  const answer = await (await bench.as(account)).post(path, body);
  if (answer.status >= 300) throw new Error(`${account} ${path}: ${answer.text}`);
}

/** The worker takes the step in hand. */
export const claimed: Preparation = async (bench, at) => {
  const { id, rev } = await at.task();
  await done(bench, people.worker, `/api/tasks/${id}/claim`, { rev });
};

/** The worker takes the step in hand and asks a colleague: with the task, as a question, or to co-handle it. */
export function asked(how: "delegate" | "consult" | "co-handle"): Preparation {
  return async (bench, at) => {
    await claimed(bench, at);
    const { id, rev } = await at.task();
    await done(bench, people.worker, `/api/tasks/${id}/${how}`, { rev, to: colleague.id, question: "请核对范围" });
  };
}

/** The worker takes the step in hand and adds a colleague as a signer beside. */
export const signerAdded: Preparation = async (bench, at) => {
  await claimed(bench, at);
  const { id, rev } = await at.task();
  const added = { rev, person: colleague.id, place: "beside", counts: true, reason };
  await done(bench, people.worker, `/api/tasks/${id}/signers`, added);
};

/** The piece of work that the colleague has in the case. */
export async function workOfColleague(bench: ApiBench, { instanceId }: OpenSituation): Promise<TaskDetail> {
  const [row] = await bench.runtime.store.read("SELECT id FROM task WHERE instance_id = ? AND assignee_id = ?", [
    instanceId,
    colleague.id,
  ]);
  return (await (await bench.as("guan")).get(`/api/tasks/${String(row?.["id"])}`)).body;
}

/** The piece of work itself, as it is now. */
export async function again({ bench, work }: Acting): Promise<TaskDetail> {
  return (await (await bench.as("guan")).get(`/api/tasks/${work.id}`)).body;
}

/** Who has the piece of work in hand; `null` where anybody of the role may take it. */
export async function holderOf(acting: Acting): Promise<string | null> {
  return (await again(acting)).assignee?.id ?? null;
}

export async function statusOf({ bench, at }: Acting): Promise<string> {
  return (await (await bench.as("guan")).get(`/api/instances/${at.instanceId}`)).body.status;
}

/** Pieces of work of the case with their kind and state, but for those that others decided before. */
export async function worksOf({ bench, at }: Acting): Promise<readonly string[]> {
  const rows = await bench.runtime.store.read(
    "SELECT kind, state, assignee_id FROM task WHERE instance_id = ? AND assignee_id = ? ORDER BY kind, state",
    [at.instanceId, colleague.id],
  );
  return rows.map((row) => `${String(row["kind"])} ${String(row["state"])}`);
}
