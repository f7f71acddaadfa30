import { bindAttachments } from "../attachments/bind.ts";
import type { Content } from "../content/load-content.ts";
import type { Principal } from "../identity/sessions.ts";
import { dropDraft } from "../drafts/drafts.ts";
import { announce } from "../notices/announce.ts";
import type { Within } from "../runtime/dispatch.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { digestOf } from "../store/digest.ts";
import { newId } from "../store/ids.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";
import { operateOnCase } from "../tasks/operate.ts";
import { holdersIn, holdersOf, maySeeCase, oversees, partiesOf, type CaseParties, type Holder } from "./people.ts";
import { addWatchers, watchersOf } from "./watchers.ts";

/** `internal`: the author's side of the case, and those who oversee it. `all`: everybody who may see the case. */
export type Audience = "internal" | "all";

export interface NewComment {
  readonly instanceId: string;
  readonly body: string;
  readonly audience: Audience;
  /** Persons who are called to it. */
  readonly mentions: readonly string[];
  readonly attachmentIds: readonly string[];
}

interface Voice {
  readonly audience: Audience;
  /** Organisation for which the author spoke. */
  readonly organisation: string;
}

/**
 * The applicant's department and all those who handle its application are the two sides: what one side says internally, the
 * other does not read.
 */
export function mayHear(
  content: Content,
  reader: Holder,
  parties: CaseParties,
  { audience, organisation }: Voice,
): boolean {
  if (!maySeeCase(content, reader, parties)) return false;
  if (audience === "all" || oversees(content, reader, parties)) return true;
  const ofApplicant = organisation === parties.applicant;
  return reader.posts.some(
    (post) =>
      parties.participants.includes(post.organisation) && (post.organisation === parties.applicant) === ofApplicant,
  );
}

/** Says something about a case. Errors of the door; 422 for a mention of somebody who could not read it. */
export async function addComment(
  runtime: Runtime,
  principal: Principal,
  comment: NewComment,
  commandId: string | null,
): Promise<void> {
  const { instanceId, body, audience } = comment;
  await operateOnCase(
    runtime,
    { instanceId, principal, operation: "comment", reason: null, commandId },
    {
      also: async (within, { actor }) => {
        const { tx, now } = within;
        const parties = await requireParties(tx.query, instanceId);
        const organisation = organisationOf(principal, parties);
        const voice = { audience, organisation };
        const called = await requireHearing(within, runtime.content, comment, { parties, voice });
        const id = newId();
        await tx.insert("comment", {
          id,
          instance_id: instanceId,
          person_id: principal.id,
          person_name: principal.name,
          organisation_id: organisation,
          audience,
          body,
          mentions: JSON.stringify(called.map(({ id: person, name }) => ({ id: person, name }))),
          at: now,
          withdrawn_at: null,
        });
        await tell(within, runtime.content, { parties, voice, called, by: principal.id });
        await addWatchers(tx, instanceId, called, "mention", now);
        await dropDraft(tx, principal.id, `comment.${instanceId}`);
        const files = { ids: comment.attachmentIds, instanceId, taskId: null, actor, at: now };
        return [
          {
            at: now,
            type: "comment.added",
            element: null,
            actor,
            // The text stays out of the journal, where both sides read; its digest shows that it was not changed.
            payload: { comment: id, audience, digest: digestOf(body), mentions: called.length },
          },
          ...(await bindAttachments(tx, runtime.content, files)),
        ];
      },
    },
  );
}

/** Takes one's own comment back, within the minutes that the rules give. A trace stays; the text goes. */
export async function withdrawComment(
  runtime: Runtime,
  principal: Principal,
  target: { readonly instanceId: string; readonly commentId: string },
  commandId: string | null,
): Promise<void> {
  const { instanceId, commentId } = target;
  const { withdrawMinutes } = runtime.content.talk.comments;
  await operateOnCase(
    runtime,
    { instanceId, principal, operation: "comment", reason: null, commandId },
    {
      also: async ({ tx, now }, { actor }) => {
        const [row] = await tx.query("SELECT * FROM comment WHERE id = ? AND instance_id = ? AND person_id = ?", [
          commentId,
          instanceId,
          principal.id,
        ]);
        if (!row) throw notFound();
        if (optionalText(row, "withdrawn_at") !== null) return [];
        if (Date.parse(now) - Date.parse(text(row, "at")) > withdrawMinutes * 60_000)
          throw new RuntimeProblem(
            409,
            "COMMENT_TOO_LATE",
            {
              zh: `评论发表超过 ${withdrawMinutes} 分钟，不能撤回`,
              en: `A comment can be withdrawn for ${withdrawMinutes} minutes only`,
            },
            { zh: "请另发评论更正", en: "Correct it by another comment" },
          );
        await tx.execute("UPDATE comment SET withdrawn_at = ?, body = '', mentions = '[]' WHERE id = ?", [
          now,
          commentId,
        ]);
        return [{ at: now, type: "comment.withdrawn", element: null, actor, payload: { comment: commentId } }];
      },
    },
  );
}

/** What this reader may read of what was said about a case, oldest first. Throws 404 for who may not see the case. */
export async function commentsFor(runtime: Runtime, principal: Principal, instanceId: string): Promise<readonly Row[]> {
  const query = runtime.store.read;
  const parties = await requireParties(query, instanceId);
  if (!maySeeCase(runtime.content, principal, parties)) throw notFound();
  return heardOf(runtime, principal, instanceId, parties);
}

/** Ids of the comments that this reader may know of: of what was said among others not even that it was said. */
export async function heardComments(
  runtime: Runtime,
  principal: Principal,
  instanceId: string,
): Promise<ReadonlySet<string>> {
  const parties = await partiesOf(runtime.store.read, instanceId);
  const heard = parties ? await heardOf(runtime, principal, instanceId, parties) : [];
  return new Set(heard.map((row) => text(row, "id")));
}

async function heardOf(
  runtime: Runtime,
  principal: Principal,
  instanceId: string,
  parties: CaseParties,
): Promise<readonly Row[]> {
  const rows = await runtime.store.read("SELECT * FROM comment WHERE instance_id = ? ORDER BY at, id", [instanceId]);
  return rows.filter((row) =>
    mayHear(runtime.content, principal, parties, {
      audience: text(row, "audience") as Audience,
      organisation: text(row, "organisation_id"),
    }),
  );
}

/** Who can be called to a comment of this audience by this author. */
export async function mentionable(
  runtime: Runtime,
  principal: Principal,
  instanceId: string,
  audience: Audience,
): Promise<readonly Holder[]> {
  const query = runtime.store.read;
  const parties = await requireParties(query, instanceId);
  if (!maySeeCase(runtime.content, principal, parties)) throw notFound();
  const voice = { audience, organisation: organisationOf(principal, parties) };
  const own = principal.posts.map(({ organisation }) => organisation);
  const found = await holdersIn(query, [...parties.participants, ...own]);
  return found
    .filter(({ id }) => id !== principal.id)
    .filter((holder) => mayHear(runtime.content, holder, parties, voice));
}

async function requireParties(query: Query, instanceId: string): Promise<CaseParties> {
  const parties = await partiesOf(query, instanceId);
  if (!parties) throw notFound();
  return parties;
}

async function requireHearing(
  { tx }: Within,
  content: Content,
  { mentions }: NewComment,
  { parties, voice }: { readonly parties: CaseParties; readonly voice: Voice },
): Promise<readonly Holder[]> {
  const distinct = [...new Set(mentions)];
  const holders = await holdersOf(tx.query, distinct);
  const called = holders.filter((holder) => mayHear(content, holder, parties, voice));
  if (called.length === distinct.length) return called;
  throw new RuntimeProblem(
    422,
    "MENTION_CANNOT_READ",
    { zh: "被提醒的人员无权看到这条评论", en: "Somebody who is mentioned could not read this comment" },
    { zh: "请更换可见范围或提醒对象", en: "Choose another audience or other people" },
  );
}

/** Those who are called are told that they are; those who watch, that something was said, if they may read it. */
async function tell(
  { tx, now, instance }: Within,
  content: Content,
  said: {
    readonly parties: CaseParties;
    readonly voice: Voice;
    readonly called: readonly Holder[];
    readonly by: string;
  },
): Promise<void> {
  const { parties, voice, called, by } = said;
  const watching = await holdersOf(tx.query, await watchersOf(tx, text(instance, "id")));
  const hearing = watching.filter((holder) => mayHear(content, holder, parties, voice));
  const quiet = new Set(called.map(({ id }) => id));
  const about = {
    instanceId: text(instance, "id"),
    taskId: null,
    params: { "subject.zh": text(instance, "subject_zh"), "subject.en": text(instance, "subject_en") },
    at: now,
    by,
  };
  await announce(tx, { ...about, kind: "case.mentioned", to: called.map(({ id }) => ({ person: id })) });
  const others = hearing.filter(({ id }) => !quiet.has(id)).map(({ id }) => ({ person: id }));
  if (others.length > 0) await announce(tx, { ...about, kind: "case.commented", to: others });
}

function organisationOf(principal: Principal, { participants }: CaseParties): string {
  const own = principal.posts.map(({ organisation }) => organisation);
  return own.find((organisation) => participants.includes(organisation)) ?? own[0] ?? "";
}
