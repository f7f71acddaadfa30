import type { Problem } from "../../engine/model/problems.ts";
import { RouteError } from "../../engine/routing/errors.ts";
import { checkRules } from "../../engine/routing/publish-check.ts";
import { parseRulePack, type RulePack } from "../../engine/routing/rule-pack.ts";
import { isDuplicateKey } from "../store/duplicate-key.ts";
import { newId } from "../store/ids.ts";
import { integer, json, text } from "../store/rows.ts";
import type { Row, Store, Transaction } from "../store/store.ts";
import { notFound, RuntimeProblem } from "./errors.ts";
import type { Rules } from "./rules.ts";

export interface Author {
  readonly id: string;
  readonly name: string;
}

export interface PackDraft {
  readonly pack: unknown;
  readonly comment: string;
  readonly author: Author;
  /** Instant of writing; the pack may not come into force before this day in China. */
  readonly now: string;
  readonly today: string;
}

/** How many packs have been published in this database; other nodes see by it that there is something new. */
export async function publicationsSoFar(store: Store): Promise<number> {
  const [row] = await store.read("SELECT value FROM counter WHERE name = 'rule-packs'");
  return row ? integer(row, "value") : 0;
}

export async function publishedPacks(store: Pick<Store, "read">): Promise<readonly RulePack[]> {
  const rows = await store.read("SELECT content FROM rule_pack WHERE state = 'published' ORDER BY published_at, id");
  return rows.map((row) => json<RulePack>(row, "content"));
}

/** Published versions beside the shipped ones; a later one of the same region and day replaces the earlier. */
export function mergePacks(shipped: readonly RulePack[], published: readonly RulePack[]): readonly RulePack[] {
  const byDay = new Map([...shipped, ...published].map((pack) => [`${pack.region} ${pack.effectiveFrom}`, pack]));
  return [...byDay.values()];
}

/** Writes a draft after checking it against the layers above and below. Throws `RuntimeProblem` RULES_REFUSED with each finding. */
export async function draftPack(store: Store, rules: Rules, draft: PackDraft): Promise<string> {
  const pack = readPack(draft.pack);
  requireSound(pack, (await rules.current(draft.now)).packs, rules, draft.today);
  const id = newId();
  await store.transaction((tx) =>
    tx.insert("rule_pack", {
      id,
      region: pack.region,
      version: pack.version,
      state: "draft",
      content: JSON.stringify(pack),
      effective_from: pack.effectiveFrom,
      comment: draft.comment,
      author_id: draft.author.id,
      author_name: draft.author.name,
      created_at: draft.now,
      published_by: null,
      publisher_name: null,
      published_at: null,
    }),
  );
  return id;
}

/** Replaces the content of one's own draft. A published version is never changed. */
export async function amendDraft(store: Store, rules: Rules, id: string, draft: PackDraft): Promise<void> {
  const pack = readPack(draft.pack);
  requireSound(pack, (await rules.current(draft.now)).packs, rules, draft.today);
  const changed = await store.transaction((tx) =>
    tx.execute(
      "UPDATE rule_pack SET region = ?, version = ?, content = ?, effective_from = ?, comment = ?, created_at = ? WHERE id = ? AND state = 'draft' AND author_id = ?",
      [
        pack.region,
        pack.version,
        JSON.stringify(pack),
        pack.effectiveFrom,
        draft.comment,
        draft.now,
        id,
        draft.author.id,
      ],
    ),
  );
  if (changed === 0) throw notADraft();
}

/**
 * Brings a draft into force by a second person. Publications take turns, so that two that break each other's bounds cannot both
 * pass. Running cases keep the set they started with.
 */
export async function publishDraft(
  store: Store,
  rules: Rules,
  id: string,
  { by, now, today }: { readonly by: Author; readonly now: string; readonly today: string },
): Promise<void> {
  await requireCounter(store);
  await store.transaction(async (tx) => {
    await tx.execute("UPDATE counter SET value = value + 1 WHERE name = 'rule-packs'");
    const [row] = await tx.query("SELECT * FROM rule_pack WHERE id = ?", [id]);
    if (!row) throw notFound();
    if (text(row, "state") !== "draft") throw notADraft();
    if (text(row, "author_id") === by.id) throw ownDraft();
    const pack = json<RulePack>(row, "content");
    requireSound(pack, await packsNow(tx, rules), rules, today);
    await tx.execute(
      "UPDATE rule_pack SET state = 'published', published_by = ?, publisher_name = ?, published_at = ? WHERE id = ? AND state = 'draft'",
      [by.id, by.name, now, id],
    );
  });
  await rules.current(now);
}

/** The packs as they would stand with this draft among the published ones. */
export async function packsWith(store: Store, rules: Rules, pack: RulePack): Promise<readonly RulePack[]> {
  return mergePacks(rules.shippedPacks, [...(await publishedPacks(store)), pack]);
}

/** The counter orders publications and tells other nodes of them; it exists from the first one on. */
async function requireCounter(store: Store): Promise<void> {
  const [known] = await store.read("SELECT value FROM counter WHERE name = 'rule-packs'");
  if (known) return;
  try {
    await store.transaction((tx) => tx.insert("counter", { name: "rule-packs", value: 0 }));
  } catch (error) {
    // Another node made it meanwhile, which is as good.
    if (!isDuplicateKey(error)) throw error;
  }
}

async function packsNow(tx: Transaction, rules: Rules): Promise<readonly RulePack[]> {
  return mergePacks(rules.shippedPacks, await publishedPacks({ read: tx.query }));
}

function readPack(data: unknown): RulePack {
  try {
    return parseRulePack(data, "pack");
  } catch (error) {
    if (!(error instanceof RouteError)) throw error;
    throw refused([{ code: error.code, severity: "error", element: error.place, message: error.sentence }]);
  }
}

function requireSound(pack: RulePack, others: readonly RulePack[], rules: Rules, today: string): void {
  if (pack.effectiveFrom < today) throw inThePast(pack, today);
  const before = new Set(checkRules({ ...rules.checked, packs: others }).map(({ message }) => message.en));
  const replaced = others.filter(
    ({ region, effectiveFrom }) => region !== pack.region || effectiveFrom !== pack.effectiveFrom,
  );
  const problems = checkRules({ ...rules.checked, packs: [...replaced, pack] });
  const caused = problems.filter(({ message }) => !before.has(message.en));
  if (caused.length > 0) throw refused(caused);
}

function refused(problems: readonly Problem[]): RuntimeProblem {
  return new RuntimeProblem(
    422,
    "RULES_REFUSED",
    {
      zh: `规则包有 ${problems.length} 处错误，未保存`,
      en: `The rule pack has ${problems.length} error(s) and was not saved`,
    },
    { zh: "请逐条更正", en: "Correct each" },
    problems.map(({ code, element, message }) => ({ code, place: element, message })),
  );
}

function inThePast(pack: RulePack, today: string): RuntimeProblem {
  return new RuntimeProblem(
    422,
    "EFFECTIVE_IN_THE_PAST",
    {
      zh: `生效日 ${pack.effectiveFrom} 早于今天（${today}）`,
      en: `It would come into force on ${pack.effectiveFrom}, before today (${today})`,
    },
    { zh: "请选择今天或以后的日期", en: "Choose today or a later day" },
  );
}

function notADraft(): RuntimeProblem {
  return new RuntimeProblem(
    409,
    "NOT_A_DRAFT",
    { zh: "该版本已发布，或不是您的草稿", en: "This version is published already, or is not your draft" },
    { zh: "请另建新版本", en: "Write a new version" },
  );
}

function ownDraft(): RuntimeProblem {
  return new RuntimeProblem(
    409,
    "SECOND_PERSON_NEEDED",
    { zh: "起草人不能发布自己的规则包", en: "The author of a rule pack cannot publish it" },
    { zh: "请由另一位设计员复核发布", en: "Let another designer review and publish it" },
  );
}

/** Versions that designers wrote, the newest first. */
export async function writtenPacks(store: Store, region: string | null): Promise<readonly Row[]> {
  return region === null
    ? store.read("SELECT * FROM rule_pack ORDER BY created_at DESC, id DESC LIMIT 200")
    : store.read("SELECT * FROM rule_pack WHERE region = ? ORDER BY created_at DESC, id DESC LIMIT 200", [region]);
}
