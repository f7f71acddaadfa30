import type { Principal } from "../identity/sessions.ts";
import { announce } from "../notices/announce.ts";
import type { PersonActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Transaction } from "../store/store.ts";
import { operateOnCase, operateOnTask } from "../tasks/operate.ts";
import { disclosableBy } from "./disclosed.ts";
import { holdersIn, holdersOf, type Holder } from "./people.ts";

export type CopyRecipient = { readonly person: string } | { readonly organisation: string; readonly role: string };

export interface NewCopies {
  readonly instanceId: string;
  /** The task from which the copy is sent, by one who may act on it; `null` for overseers. */
  readonly task: { readonly id: string; readonly rev: number } | null;
  readonly to: readonly CopyRecipient[];
  readonly note: string;
  /** What readers without rights to the case may see of its form. */
  readonly fields: readonly string[];
}

export interface SentCopies {
  readonly sent: number;
  /** Had a copy before, or were named twice. */
  readonly already: number;
}

/**
 * Copies a case to people. To those of other departments a copy is a disclosure: it shows them the ticked fields alone. Nobody
 * gets a second copy of a case. Errors of the door; 422 for a field that the case does not hold, or when nobody is named.
 */
export async function sendCopies(
  runtime: Runtime,
  principal: Principal,
  copies: NewCopies,
  commandId: string | null,
): Promise<SentCopies> {
  const told = { sent: 0, already: 0 };
  const disclosable = await disclosableTo(runtime, principal, copies);
  const also = async (within: Within, { actor }: { readonly actor: PersonActor }): Promise<readonly JournalLine[]> => {
    const { tx, now } = within;
    requireFields(disclosable, copies.fields);
    const named = await recipients(tx, copies.to, principal.id);
    const known = new Set(
      (await tx.query("SELECT person_id FROM carbon_copy WHERE instance_id = ?", [copies.instanceId])).map((row) =>
        text(row, "person_id"),
      ),
    );
    const fresh = named.filter(({ id }) => !known.has(id));
    told.sent = fresh.length;
    told.already = named.length - fresh.length;
    if (fresh.length === 0) return [];
    await write(within, principal, actor, copies, fresh);
    const names = fresh.map(({ name }) => name);
    return [{ at: now, type: "copy.sent", element: null, actor, payload: { to: names, fields: [...copies.fields] } }];
  };
  const asked = { principal, operation: "copy", reason: null, commandId } as const;
  if (copies.task === null) await operateOnCase(runtime, { ...asked, instanceId: copies.instanceId }, { also });
  else await operateOnTask(runtime, { ...asked, taskId: copies.task.id, rev: copies.task.rev }, { also });
  return told;
}

async function write(
  { tx, instance, now }: Within,
  principal: Principal,
  actor: PersonActor,
  { note, fields }: NewCopies,
  fresh: readonly Holder[],
): Promise<void> {
  const instanceId = text(instance, "id");
  await tx.insertAll(
    "carbon_copy",
    fresh.map(({ id, name }) => ({
      id: newId(),
      instance_id: instanceId,
      person_id: id,
      person_name: name,
      by_id: principal.id,
      by_name: principal.name,
      by_org: actor.organisation ?? "",
      note,
      fields: JSON.stringify(fields),
      at: now,
    })),
  );
  await announce(tx, {
    kind: "case.copied",
    instanceId,
    taskId: null,
    to: fresh.map(({ id }) => ({ person: id })),
    params: { "subject.zh": text(instance, "subject_zh"), "subject.en": text(instance, "subject_en") },
    at: now,
    by: principal.id,
  });
}

async function recipients(tx: Transaction, to: readonly CopyRecipient[], sender: string): Promise<readonly Holder[]> {
  const persons = to.flatMap((recipient) => ("person" in recipient ? [recipient.person] : []));
  const posts = to.flatMap((recipient) => ("role" in recipient ? [recipient] : []));
  const inPosts = await holdersIn(
    tx.query,
    posts.map(({ organisation }) => organisation),
  );
  const byPost = inPosts.filter((holder) =>
    posts.some(({ organisation, role }) =>
      holder.posts.some((post) => post.organisation === organisation && post.role === role),
    ),
  );
  const all = [...(await holdersOf(tx.query, persons)), ...byPost];
  const distinct = [...new Map(all.map((holder) => [holder.id, holder])).values()].filter(({ id }) => id !== sender);
  if (distinct.length > 0) return distinct;
  throw new RuntimeProblem(
    422,
    "COPY_TO_NOBODY",
    { zh: "没有可抄送的人员", en: "There is nobody to copy to" },
    { zh: "请选择在岗人员", en: "Choose people who hold a post" },
  );
}

/** Nobody discloses what they do not see themselves. Whether they may copy at all is asked at the door. */
async function disclosableTo(
  runtime: Runtime,
  principal: Principal,
  { instanceId, fields }: NewCopies,
): Promise<ReadonlySet<string>> {
  const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [instanceId]);
  if (!instance || fields.length === 0) return new Set();
  return new Set((await disclosableBy(runtime, principal, instance)).map(({ name }) => name));
}

function requireFields(known: ReadonlySet<string>, fields: readonly string[]): void {
  const unknown = fields.filter((field) => !known.has(field));
  if (unknown.length === 0) return;
  throw new RuntimeProblem(422, "COPY_FIELD_UNKNOWN", {
    zh: `表单没有这些字段：${unknown.join("、")}`,
    en: `The form has no such fields: ${unknown.join(", ")}`,
  });
}
