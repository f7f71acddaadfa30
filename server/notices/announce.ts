import { createHash } from "node:crypto";
import { applicantRoles } from "../identity/policy.ts";
import { newId } from "../store/ids.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import type { NoticeKind } from "./kinds.ts";

/** Who is to be told: one person, or whoever holds a post now. */
export type Recipient =
  | { readonly person: string }
  | { readonly organisation: string; readonly role: string }
  /** Whoever may work on a task of this post: its holders without the person who began the case (`task.work` in the policy). */
  | { readonly organisation: string; readonly role: string; readonly startedBy: string };

export interface Announcement {
  readonly kind: NoticeKind;
  readonly instanceId: string | null;
  readonly taskId: string | null;
  readonly to: readonly Recipient[];
  /** Texts for the templates of the kind; `name.zh` and `name.en` where they differ by language. */
  readonly params: Readonly<Record<string, string>>;
  /** ISO 8601 instant (UTC) by the clock of cases. */
  readonly at: string;
  /** The person whose doing it tells of, who needs no notice; `null` for what nobody did. */
  readonly by: string | null;
}

/**
 * Tells people, within the transaction of what they are told of. It only writes the outbox and each person's message: mail,
 * webhooks and robots follow after the commit (`plan.ts`, `deliver.ts`). The same announcement again, or a person addressed in
 * two capacities, makes no second message.
 */
export async function announce(tx: Transaction, announcement: Announcement): Promise<void> {
  await announceAll(tx, [announcement]);
}

/** Several announcements with a fixed number of statements. */
export async function announceAll(tx: Transaction, announcements: readonly Announcement[]): Promise<void> {
  const byId = new Map(announcements.map((announcement) => [identityOf(announcement), announcement]));
  if (byId.size === 0) return;
  const holders = await holdersOf(tx, announcements);
  const told = await toldBefore(tx, [...byId.keys()]);
  const addressed = [...byId].map(([id, announcement]) => ({
    id,
    announcement,
    persons: personsOf(announcement, holders).filter((person) => !told.persons.has(`${id} ${person}`)),
  }));
  const createdAt = new Date().toISOString();
  await tx.insertAll(
    "announcement",
    addressed
      .filter(({ id }) => !told.announcements.has(id))
      .map(({ id, announcement }) => announcementRow(id, announcement, createdAt)),
  );
  await tx.insertAll(
    "notice_message",
    addressed.flatMap(({ id, announcement: { at }, persons }) =>
      persons.map((person) => ({
        id: newId(),
        announcement_id: id,
        person_id: person,
        at,
        created_at: createdAt,
        read_at: null,
      })),
    ),
  );
}

/** The same event has the same identity, so that it is told once. */
function identityOf({ kind, instanceId, taskId, params, at }: Announcement): string {
  const sorted = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([kind, instanceId, taskId, at, sorted]))
    .digest("hex")
    .slice(0, 40);
}

function announcementRow(id: string, announcement: Announcement, createdAt: string) {
  const organisations = announcement.to.flatMap((recipient) =>
    "organisation" in recipient ? [recipient.organisation] : [],
  );
  return {
    id,
    kind: announcement.kind,
    instance_id: announcement.instanceId,
    task_id: announcement.taskId,
    organisations: JSON.stringify([...new Set(organisations)]),
    params: JSON.stringify(announcement.params),
    at: announcement.at,
    created_at: createdAt,
    planned_at: null,
  };
}

type Holders = ReadonlyMap<string, readonly string[]>;

async function holdersOf(tx: Transaction, announcements: readonly Announcement[]): Promise<Holders> {
  const posts = new Map(
    announcements
      .flatMap(({ to }) => to)
      .flatMap((recipient) =>
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

function personsOf({ to, by }: Announcement, holders: Holders): readonly string[] {
  const persons = to.flatMap((recipient) => {
    if ("person" in recipient) return [recipient.person];
    const held = holders.get(`${recipient.organisation} ${recipient.role}`) ?? [];
    return "startedBy" in recipient && !recipient.role.startsWith(applicantRoles)
      ? held.filter((person) => person !== recipient.startedBy)
      : held;
  });
  return [...new Set(persons)].filter((person) => person !== by);
}

interface Told {
  readonly announcements: ReadonlySet<string>;
  /** Announcement and person. */
  readonly persons: ReadonlySet<string>;
}

async function toldBefore(tx: Transaction, ids: readonly string[]): Promise<Told> {
  const rows = await tx.query(
    `SELECT announcement.id, notice_message.person_id FROM announcement
     LEFT JOIN notice_message ON notice_message.announcement_id = announcement.id
     WHERE announcement.id IN (${placesFor(ids)})`,
    ids,
  );
  const personOf = (row: Row) => `${text(row, "id")} ${optionalText(row, "person_id") ?? ""}`;
  return { announcements: new Set(rows.map((row) => text(row, "id"))), persons: new Set(rows.map(personOf)) };
}
