import { openRound, type AskedSigner, type Place, type SigningRound } from "../../engine/approval/round.ts";
import { addSigner, excuseSigner, removeSigner } from "../../engine/approval/signers.ts";
import { oneSigns } from "../../engine/approval/policy.ts";
import type { Command } from "../../engine/execution/commands.ts";
import type { DecidedByStep } from "../forms/item-decisions.ts";
import type { Principal } from "../identity/sessions.ts";
import type { Within } from "../runtime/dispatch.ts";
import { admitRecipient, organisationFor, recipientNamed } from "../handing/recipient.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { keepRound, keepRoundAround, roundOf, type StoredRound } from "../runtime/signing-rounds.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { operateOnTask, type Acting } from "./operate.ts";
import { completionOf, decisionsFieldAt, type TaskInCase } from "./completion.ts";
import { itemsOfResult, orConflict, settledLines, withItemsOf, writtenItems } from "./sign.ts";

export interface SignerRequest {
  readonly principal: Principal;
  readonly taskId: string;
  readonly rev: number;
  readonly reason: string;
  readonly commandId: string | null;
}

export interface AddedSigner {
  readonly person: string;
  readonly place: Place;
  /** Whether the vote counts; otherwise it is an opinion. */
  readonly counts: boolean;
}

/**
 * Adds a signer (加签) before, beside or after whoever has the task. Errors of the door, 409 with the code of `SigningError`,
 * 422 for somebody who may not sign this case.
 */
export async function addSignerToTask(runtime: Runtime, request: SignerRequest, added: AddedSigner): Promise<void> {
  await operateOnTask(
    runtime,
    { ...request, operation: "addSigner" },
    {
      also: async (within, { task, actor }) => {
        const signs = await admitSigner(within, task, request.principal, added.person);
        const { stored, signer } = await roundWith(within, task);
        const after = orConflict(() => addSigner(stored.round, signer, { ...added, ...signs }));
        await keepRound(within.tx, stored, after, await stepRow(within, task), within.now);
        const payload = {
          person: signs.person.name,
          place: added.place,
          counts: added.counts,
          reason: request.reason,
        };
        return [lineOf(within, task, "signer.added", actor, payload)];
      },
    },
  );
}

/** Who is to sign, with the post in which they do. Throws 422 for somebody who may not sign in this case. */
async function admitSigner({ tx, instance }: Within, task: Row, giver: Principal, id: string) {
  const { query } = tx;
  const recipient = await recipientNamed(query, id);
  await admitRecipient({ query, instance, task, operation: "addSigner", giver: giver.id }, recipient);
  const organisation = organisationFor(task, recipient);
  const held = recipient.posts.filter((post) => post.organisation === organisation).map(({ role }) => role);
  const role = held.find((code) => code === text(task, "role")) ?? held[0] ?? "";
  return { person: { id, name: recipient.name }, organisation, role };
}

/** Takes out a signer who was added and has not signed (减签). `taskId` is the piece of work of that signer. */
export async function removeSignerFromTask(runtime: Runtime, request: SignerRequest): Promise<void> {
  await changeSigner(runtime, request, "removeSigner", removeSigner);
}

/** Goes on without a signer who is away. `taskId` is the piece of work of that signer. */
export async function excuseSignerOfTask(runtime: Runtime, request: SignerRequest): Promise<void> {
  await changeSigner(runtime, request, "excuse", excuseSigner);
}

async function changeSigner(
  runtime: Runtime,
  request: SignerRequest,
  operation: "removeSigner" | "excuse",
  changed: (round: SigningRound, signer: string) => SigningRound,
): Promise<void> {
  let lines: readonly JournalLine[] = [];
  await operateOnTask(
    runtime,
    { ...request, operation },
    {
      decide: async (within, { task, actor }) => {
        const { tx, now } = within;
        const stored = await roundOf(tx, text(task, "instance_id"), text(task, "wait_id"));
        const signer = optionalText(task, "signer");
        if (!stored || signer === null) throw notASigner();
        const after = withItemsOf(
          runtime.content,
          task,
          orConflict(() => changed(stored.round, signer)),
        );
        await keepRound(tx, stored, after, task, now);
        const type = operation === "removeSigner" ? "signer.removed" : "signer.excused";
        const payload = { person: optionalText(task, "assignee_name"), reason: request.reason };
        lines = [lineOf(within, task, type, actor, payload)];
        if (!after.result) return null;
        const inCase = { instance: within.instance, state: within.state, task };
        const items = itemsOfResult(after.result, await decisionsFieldAt(runtime, inCase));
        lines = [...lines, ...settledLines(now, task, after, items)];
        return completion(inCase, after.result.outcome, items);
      },
      also: async () => lines,
    },
  );
}

/** Nobody's form goes with a result that the rule alone brought about, only what the votes decided on the items. */
function completion(inCase: Omit<TaskInCase, "query">, outcome: string | null, items: DecidedByStep | null): Command {
  if (items) return completionOf(inCase, { outcome, written: writtenItems(items), items });
  return { type: "completeTask", wait: text(inCase.task, "wait_id"), outcome, variables: {} };
}

/** The round of the task's step; where one person signs it, that person becomes the first signer of a round of their own. */
async function roundWith(
  { tx, now }: Within,
  task: Row,
): Promise<{ readonly stored: StoredRound; readonly signer: string }> {
  const known = await roundOf(tx, text(task, "instance_id"), text(task, "wait_id"));
  const signer = optionalText(task, "signer");
  if (known && signer !== null) return { stored: known, signer };
  const round = openRound(oneSigns, [holderAsSigner(task)]);
  return { stored: await keepRoundAround(tx, round, task, now), signer: "s1" };
}

function holderAsSigner(task: Row): AskedSigner {
  const id = optionalText(task, "assignee_id");
  if (id === null) throw notTaken();
  const person = { id, name: optionalText(task, "assignee_name") ?? "" };
  const [organisation, role] = [text(task, "organisation_id"), text(task, "role")];
  return { person, organisation, role, weight: 1, required: true, veto: false };
}

/** The row as it stands now, from which added signers get theirs. */
async function stepRow({ tx }: Within, task: Row): Promise<Row> {
  const [row] = await tx.query("SELECT * FROM task WHERE id = ?", [text(task, "id")]);
  if (!row) throw new Error(`task ${text(task, "id")} is gone`);
  return row;
}

function lineOf(
  { now }: Within,
  task: Row,
  type: string,
  actor: Acting<Row>["actor"],
  payload: JournalLine["payload"],
): JournalLine {
  return { at: now, type, element: text(task, "element"), actor, payload: { task: text(task, "id"), ...payload } };
}

function notTaken(): RuntimeProblem {
  return new RuntimeProblem(
    409,
    "TASK_NOT_TAKEN",
    { zh: "任务尚无承办人", en: "Nobody has taken the task yet" },
    { zh: "请先认领，再加签", en: "Claim it first, then add a signer" },
  );
}

function notASigner(): RuntimeProblem {
  return new RuntimeProblem(409, "SIGNER_NOT_ADDED", {
    zh: "此任务不是会签任务",
    en: "This task is not a signer's part of a round",
  });
}
