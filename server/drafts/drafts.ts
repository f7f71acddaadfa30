import { RuntimeProblem } from "../runtime/errors.ts";
import { isDuplicateKey } from "../store/duplicate-key.ts";
import { integer, optionalText, text } from "../store/rows.ts";
import type { Row, Store, Transaction } from "../store/store.ts";

/** Far above any form, far below a file. */
const longest = 200_000;

export interface DraftWrite {
  readonly personId: string;
  readonly place: string;
  readonly instanceId: string | null;
  readonly taskId: string | null;
  readonly content: Readonly<Record<string, unknown>>;
  /** The tab that writes. */
  readonly writer: string;
  /** Revision on which the tab typed; 0 where it found none. */
  readonly seenRev: number;
  /** By the machine's clock: a draft follows its author, not the case. */
  readonly at: string;
}

export interface SavedDraft {
  readonly rev: number;
  readonly savedAt: string;
  /** What another tab or machine had written meanwhile and this write replaced. */
  readonly overwrote: { readonly content: Readonly<Record<string, unknown>>; readonly savedAt: string } | null;
}

/** Saves what somebody has typed. The last writer wins, and is given what it replaced. Throws 422 for one that is too long. */
export async function saveDraft(store: Store, draft: DraftWrite): Promise<SavedDraft> {
  const content = JSON.stringify(draft.content);
  if (content.length > longest)
    throw new RuntimeProblem(422, "DRAFT_TOO_LONG", { zh: "草稿过长", en: "The draft is too long" });
  const save = () => store.transaction((tx) => write(tx, draft, content));
  try {
    return await save();
  } catch (error) {
    // Two tabs that save the first time at the same moment: the second finds the row of the first.
    if (!isDuplicateKey(error)) throw error;
    return save();
  }
}

async function write(tx: Transaction, draft: DraftWrite, content: string): Promise<SavedDraft> {
  const id = idOf(draft.personId, draft.place);
  const [before] = await tx.query(`SELECT * FROM draft WHERE id = ? ${tx.forUpdate}`, [id]);
  const row = { content, writer: draft.writer, updated_at: draft.at };
  if (!before) {
    const { personId, place, instanceId, taskId } = draft;
    const whose = { person_id: personId, place, instance_id: instanceId, task_id: taskId };
    await tx.insert("draft", { id, ...whose, ...row, rev: 1 });
    return { rev: 1, savedAt: draft.at, overwrote: null };
  }
  const rev = integer(before, "rev") + 1;
  await tx.execute("UPDATE draft SET content = ?, writer = ?, updated_at = ?, rev = ? WHERE id = ?", [
    row.content,
    row.writer,
    row.updated_at,
    rev,
    id,
  ]);
  return { rev, savedAt: draft.at, overwrote: overwritten(before, draft, content) };
}

function overwritten(before: Row, { writer, seenRev }: DraftWrite, content: string): SavedDraft["overwrote"] {
  const sawIt = integer(before, "rev") === seenRev || text(before, "writer") === writer;
  if (sawIt || text(before, "content") === content) return null;
  return { content: contentOf(before), savedAt: text(before, "updated_at") };
}

export async function draftAt(store: Store, personId: string, place: string): Promise<Row | null> {
  const [row] = await store.read("SELECT * FROM draft WHERE id = ?", [idOf(personId, place)]);
  return row ?? null;
}

/** One's drafts, the newest first, with the task and the case that they belong to. */
export async function draftsOf(store: Store, personId: string): Promise<readonly Row[]> {
  return store.read(
    `SELECT draft.id, draft.place, draft.content, draft.updated_at, draft.instance_id, draft.task_id,
       task.name AS step_zh, task.name_en AS step_en, task.state AS task_state,
       instance.case_number, instance.subject_zh, instance.subject_en
     FROM draft LEFT JOIN task ON task.id = draft.task_id LEFT JOIN instance ON instance.id = draft.instance_id
     WHERE draft.person_id = ? ORDER BY draft.updated_at DESC, draft.id LIMIT 200`,
    [personId],
  );
}

/** Removes a draft, as when it was sent; one that does not exist is no error. */
export async function dropDraft(tx: Transaction, personId: string, place: string): Promise<void> {
  await tx.execute("DELETE FROM draft WHERE id = ?", [idOf(personId, place)]);
}

export function contentOf(row: Row): Readonly<Record<string, unknown>> {
  return JSON.parse(optionalText(row, "content") ?? "{}") as Readonly<Record<string, unknown>>;
}

function idOf(personId: string, place: string): string {
  return `${personId}:${place}`;
}
