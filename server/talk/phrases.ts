import type { Principal } from "../identity/sessions.ts";
import { organisationsOf } from "../identity/posts.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Row, Store } from "../store/store.ts";

/** Enough for anybody, and a list that one can still read. */
const mostPhrases = 100;

export interface NewPhrase {
  readonly owner: "person" | "organisation";
  readonly ownerId: string;
  /** Outcome that it belongs to; `null` for every one. */
  readonly outcome: string | null;
  readonly body: string;
  readonly at: string;
}

/** One's own phrases and those of one's organisations for an outcome, the most used first. */
export async function phrasesFor(store: Store, principal: Principal, outcome: string | null): Promise<readonly Row[]> {
  const organisations = organisationsOf(principal.posts);
  const places = organisations.map(() => "?").join(", ");
  const ours = organisations.length === 0 ? "" : ` OR (owner = 'organisation' AND owner_id IN (${places}))`;
  const fits = outcome === null ? "" : " AND (outcome IS NULL OR outcome = ?)";
  return store.read(
    `SELECT * FROM phrase WHERE ((owner = 'person' AND owner_id = ?)${ours})${fits} ORDER BY uses DESC, created_at DESC, id`,
    [principal.id, ...organisations, ...(outcome === null ? [] : [outcome])],
  );
}

/** Keeps a phrase; the same one again changes nothing. Rights are the caller's question. */
export async function keepPhrase(store: Store, principal: Principal, phrase: NewPhrase): Promise<void> {
  const { owner, ownerId, outcome, body, at } = phrase;
  await store.transaction(async (tx) => {
    const known = await tx.query("SELECT body FROM phrase WHERE owner = ? AND owner_id = ?", [owner, ownerId]);
    if (known.some((row) => text(row, "body") === body)) return;
    if (known.length >= mostPhrases)
      throw new RuntimeProblem(409, "PHRASES_FULL", {
        zh: `常用语不能超过 ${mostPhrases} 条`,
        en: `There are ${mostPhrases} phrases already; delete one first`,
      });
    await tx.insert("phrase", {
      id: newId(),
      owner,
      owner_id: ownerId,
      outcome,
      body,
      uses: 0,
      created_by: principal.id,
      created_at: at,
    });
  });
}

export async function phraseOf(store: Store, id: string): Promise<Row> {
  const [row] = await store.read("SELECT * FROM phrase WHERE id = ?", [id]);
  if (!row) throw notFound();
  return row;
}

export async function dropPhrase(store: Store, id: string): Promise<void> {
  await store.transaction((tx) => tx.execute("DELETE FROM phrase WHERE id = ?", [id]));
}

/** Counts a use, by which phrases are ordered. */
export async function countUse(store: Store, id: string): Promise<void> {
  await store.transaction((tx) => tx.execute("UPDATE phrase SET uses = uses + 1 WHERE id = ?", [id]));
}
