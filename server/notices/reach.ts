import type { Content } from "../content/load-content.ts";
import { hasApplied } from "../identity/authors.ts";
import { applicantRoles } from "../identity/policy.ts";
import { newId } from "../store/ids.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { holdersOf as personsWithPosts, maySeeCase, partiesOf } from "../talk/people.ts";
import type { Recipient } from "./announce.ts";
import { standInsTold } from "./stand-ins.ts";

export interface ReachParts {
  readonly tx: Transaction;
  readonly content: Content;
  /** By the clock of cases. */
  readonly now: string;
}

/** An announcement with the people who are told of it in their own name. */
export interface Addressed {
  readonly row: Row;
  readonly id: string;
  /** The person who did it, who is told by nobody. */
  readonly by: string | null;
  readonly persons: readonly string[];
}

/** Whose substitute was told of which announcement in their stead, as `coveredKey`. */
export type Covered = ReadonlySet<string>;

export function coveredKey(announcementId: string, person: string): string {
  return `${announcementId} ${person}`;
}

/**
 * Finds the people whom announcements are for, and writes each their message: in their own name, because they watch the case, or
 * in the stead of somebody who is away. The caller plans each announcement once, so nobody is told twice.
 */
export async function reachPeople(parts: ReachParts, announcements: readonly Row[]): Promise<Covered> {
  const waiting = announcements.filter((row) => optionalText(row, "recipients") !== null);
  if (waiting.length === 0) return new Set();
  const recipients = new Map(waiting.map((row) => [text(row, "id"), json<readonly Recipient[]>(row, "recipients")]));
  const holders = await postHolders(parts.tx, [...recipients.values()].flat());
  const direct = waiting.map((row): Addressed => {
    const [id, by] = [text(row, "id"), optionalText(row, "by_id")];
    const named = (recipients.get(id) ?? []).flatMap((recipient) => personsOf(recipient, holders));
    return { row, id, by, persons: [...new Set(named)].filter((person) => person !== by) };
  });
  const forWatchers = direct.filter(({ id }) => recipients.get(id)?.some((recipient) => "watchers" in recipient));
  const watching = await watchersTold(parts, forWatchers, direct);
  const standIns = await standInsTold(parts, direct);
  await writeMessages(parts.tx, [
    ...[...direct, ...watching].flatMap(({ row, persons }) =>
      persons.map((person) => ({ row, person, substitution: null })),
    ),
    ...standIns.map(({ told: { row }, substitute, substitution }) => ({ row, person: substitute, substitution })),
  ]);
  return new Set(standIns.map(({ told, person }) => coveredKey(told.id, person)));
}

interface Message {
  readonly row: Row;
  readonly person: string;
  readonly substitution: string | null;
}

async function writeMessages(tx: Transaction, messages: readonly Message[]): Promise<void> {
  const createdAt = tx.time.now();
  const inOrder = [...messages].sort((a, b) => (text(a.row, "created_at") < text(b.row, "created_at") ? -1 : 1));
  // People read them in the order of their ids, and those of the same millisecond come in any.
  const ids = inOrder.map(newId).sort();
  await tx.insertAll(
    "notice_message",
    inOrder.map(({ row, person, substitution }, index) => ({
      id: ids[index] ?? newId(),
      announcement_id: text(row, "id"),
      person_id: person,
      substitution_id: substitution,
      at: text(row, "at"),
      created_at: createdAt,
      read_at: null,
    })),
  );
}

type Holders = ReadonlyMap<string, readonly string[]>;

async function postHolders(tx: Transaction, recipients: readonly Recipient[]): Promise<Holders> {
  const posts = new Map(
    recipients.flatMap((recipient) =>
      "organisation" in recipient
        ? [[`${recipient.organisation} ${recipient.role}`, [recipient.organisation, recipient.role]] as const]
        : [],
    ),
  );
  if (posts.size === 0) return new Map();
  const rows = await tx.query(
    `SELECT person_id, organisation_id, role FROM post
     WHERE ${[...posts].map(() => "(organisation_id = ? AND role = ?)").join(" OR ")} ORDER BY id`,
    [...posts.values()].flat(),
  );
  const holders = new Map<string, string[]>();
  for (const row of rows) {
    const post = `${text(row, "organisation_id")} ${text(row, "role")}`;
    holders.set(post, [...(holders.get(post) ?? []), text(row, "person_id")]);
  }
  return holders;
}

function personsOf(recipient: Recipient, holders: Holders): readonly string[] {
  if ("watchers" in recipient) return [];
  if ("person" in recipient) return [recipient.person];
  const held = holders.get(`${recipient.organisation} ${recipient.role}`) ?? [];
  return "startedBy" in recipient && !recipient.role.startsWith(applicantRoles)
    ? held.filter((person) => !hasApplied(recipient, person))
    : held;
}

/**
 * Those who watch the cases, as far as they may still see them. Whoever is told of the same moment of the case anyway hears of
 * it once.
 */
async function watchersTold(
  { tx, content }: ReachParts,
  announcements: readonly Addressed[],
  direct: readonly Addressed[],
): Promise<readonly Addressed[]> {
  const told = new Set(direct.flatMap(({ row, persons }) => persons.map((person) => momentOf(row, person))));
  const watching = new Map<string, readonly string[]>();
  for (const instance of new Set(announcements.flatMap(({ row }) => optionalText(row, "instance_id") ?? [])))
    watching.set(instance, await seeingWatchers(tx, content, instance));
  return announcements.map((announcement) => ({
    ...announcement,
    persons: (watching.get(optionalText(announcement.row, "instance_id") ?? "") ?? []).filter(
      (person) => person !== announcement.by && !told.has(momentOf(announcement.row, person)),
    ),
  }));
}

function momentOf(row: Row, person: string): string {
  return `${optionalText(row, "instance_id") ?? ""} ${text(row, "at")} ${person}`;
}

async function seeingWatchers(tx: Transaction, content: Content, instanceId: string): Promise<readonly string[]> {
  const rows = await tx.query("SELECT person_id FROM watcher WHERE instance_id = ? ORDER BY at, id", [instanceId]);
  const parties = rows.length > 0 ? await partiesOf(tx.query, instanceId) : null;
  if (!parties) return [];
  const persons = await personsWithPosts(
    tx.query,
    rows.map((row) => text(row, "person_id")),
  );
  return persons.filter((holder) => maySeeCase(content, holder, parties)).map(({ id }) => id);
}
