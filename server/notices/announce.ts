import { createHash } from "node:crypto";
import type { Authors } from "../identity/authors.ts";
import type { Transaction } from "../store/store.ts";
import type { NoticeKind } from "./kinds.ts";

/** Who is to be told: one person, whoever holds a post, or whoever watches the case, when people are looked for (`reach.ts`). */
export type Recipient =
  | { readonly person: string }
  | { readonly organisation: string; readonly role: string }
  /** Whoever may work on a task of this post: its holders without those who applied (`task.work` in the policy). */
  | ({ readonly organisation: string; readonly role: string } & Authors)
  | { readonly watchers: true };

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
 * Has people told, within the transaction of what they are told of. It writes one row into the outbox: who the people are, and
 * mail, webhooks and robots, follow after the commit (`plan.ts`, decision 0017). The same announcement again changes nothing.
 */
export async function announce(tx: Transaction, announcement: Announcement): Promise<void> {
  await announceAll(tx, [announcement]);
}

/** Several announcements in one statement. */
export async function announceAll(tx: Transaction, announcements: readonly Announcement[]): Promise<void> {
  const rows = announcements
    .filter(({ to }) => to.length > 0)
    .map((announcement) => ({
      id: identityOf(announcement),
      kind: announcement.kind,
      instance_id: announcement.instanceId,
      task_id: announcement.taskId,
      organisations: JSON.stringify(organisationsOf(announcement)),
      recipients: JSON.stringify(announcement.to),
      by_id: announcement.by,
      params: JSON.stringify(announcement.params),
      at: announcement.at,
      created_at: new Date(momentAfterLast(tx.time.ms())).toISOString(),
      planned_at: null,
    }));
  await tx.insertMissing("announcement", rows);
}

let lastMoment = 0;

/** Now, and at least a millisecond after what this process had told before, so that people read it in the order of its happening. */
function momentAfterLast(now: number): number {
  lastMoment = Math.max(now, lastMoment + 1);
  return lastMoment;
}

/** The same event told to the same people has the same identity, so that it is told once. */
function identityOf({ kind, instanceId, taskId, to, params, at }: Announcement): string {
  const sorted = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([kind, instanceId, taskId, at, sorted, to]))
    .digest("hex")
    .slice(0, 40);
}

/** Organisations of which a role is addressed: their robots are told, too. */
function organisationsOf({ to }: Announcement): readonly string[] {
  return [...new Set(to.flatMap((recipient) => ("organisation" in recipient ? [recipient.organisation] : [])))];
}
