import type { WorkingDayCalendar } from "../../engine/calendar/working-days.ts";
import { ConflictError } from "../store/retry.ts";
import { newId } from "../store/ids.ts";
import { integer, json, optionalText, text } from "../store/rows.ts";
import type { Row, Store, Transaction } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import type { Content } from "../content/load-content.ts";
import { isChosen } from "./choices.ts";
import { kindOf, noticeKinds, type NoticeGroup } from "./kinds.ts";
import { coveredKey, reachPeople, type Covered } from "./reach.ts";
import { nextDigestMoment, nextLoudMoment, type QuietHours } from "./quiet-hours.ts";

/** Announcements of one transaction. */
const atOnce = 100;

export interface PlanParts {
  readonly store: Store;
  readonly content: Content;
  readonly now: string;
  /** Working days where an organisation sits. */
  readonly calendarOf: (organisation: string | null) => WorkingDayCalendar;
  readonly hasMail: boolean;
}

/**
 * Turns announcements into people's messages and deliveries by channel, as people and administrators have chosen at this moment.
 * Announcement, messages and deliveries change in one transaction, so a crash or a second node neither loses one nor makes it
 * twice. Gives how many announcements were planned.
 */
export async function planDeliveries(parts: PlanParts): Promise<number> {
  let planned = 0;
  for (let more = atOnce; more === atOnce; planned += more) more = await planSome(parts);
  return planned;
}

async function planSome(parts: PlanParts): Promise<number> {
  const [waiting] = await parts.store.read("SELECT id FROM announcement WHERE planned_at IS NULL LIMIT 1");
  if (!waiting) return 0;
  return parts.store.transaction(async (tx) => {
    // Writes before it reads: SQLite lets no reader become a writer once another has written.
    await tx.execute("UPDATE announcement SET planned_at = NULL WHERE planned_at IS NULL AND id = ?", [
      text(waiting, "id"),
    ]);
    const announcements = await tx.query(
      `SELECT * FROM announcement WHERE planned_at IS NULL ORDER BY created_at, id LIMIT ${atOnce}`,
    );
    const ids = announcements.map((row) => text(row, "id"));
    if (ids.length === 0) return 0;
    const taken = await tx.execute(
      `UPDATE announcement SET planned_at = ? WHERE planned_at IS NULL AND id IN (${placesFor(ids)})`,
      [parts.now, ...ids],
    );
    if (taken !== ids.length) throw new ConflictError("another node plans these announcements");
    const covered = await reachPeople({ tx, content: parts.content, now: parts.now }, announcements);
    const byId = new Map(announcements.map((row) => [text(row, "id"), row]));
    await tx.insertAll("notice_delivery", [
      ...(parts.hasMail ? await mails(tx, parts, { byId, covered }) : []),
      ...(await toEndpoints(tx, parts, announcements)),
    ]);
    return ids.length;
  });
}

interface Reached {
  readonly byId: ReadonlyMap<string, Row>;
  readonly covered: Covered;
}

async function mails(tx: Transaction, parts: PlanParts, { byId: announcements, covered }: Reached) {
  const rows = await tx.query(
    `SELECT notice_message.announcement_id, notice_preference.*,
       (SELECT MIN(post.organisation_id) FROM post WHERE post.person_id = notice_message.person_id) AS organisation_id
     FROM notice_message JOIN notice_preference ON notice_preference.person_id = notice_message.person_id
     WHERE notice_preference.mail IS NOT NULL AND notice_message.announcement_id IN (${placesFor([...announcements.keys()])})
     ORDER BY notice_message.id`,
    [...announcements.keys()],
  );
  return rows.flatMap((row) => {
    const announcement = announcements.get(text(row, "announcement_id"));
    const spec = announcement && specOf(announcement);
    const kind = announcement && kindOf(text(announcement, "kind"));
    if (!announcement || !spec || !kind || !isChosen(text(row, "choices"), kind, "mail")) return [];
    if (isLeftToSubstitute(row, covered)) return [];
    const when = mailMoment(row, { ...parts, at: text(announcement, "at") }, spec.isUrgent);
    return [delivery({ announcement, channel: "mail", person: text(row, "person_id"), endpoint: null, ...when })];
  });
}

/** While somebody is away who wants it so, the substitute alone gets the mail; the message in the product stays. */
function isLeftToSubstitute(row: Row, covered: Covered): boolean {
  const isCovered = covered.has(coveredKey(text(row, "announcement_id"), text(row, "person_id")));
  return isCovered && optionalText(row, "while_away") === "substitute";
}

interface When {
  readonly nextAt: string;
  readonly gathered: boolean;
}

function mailMoment(row: Row, parts: PlanParts & { readonly at: string }, isUrgent: boolean): When {
  const time = optionalText(row, "digest_at");
  if (isUrgent || time === null) return quietMoment(row, parts, isUrgent);
  const calendar = parts.calendarOf(optionalText(row, "organisation_id"));
  const onRestDays = integer(row, "rest_days_quiet") === 1;
  return { nextAt: nextDigestMoment(calendar, { time, onRestDays }, parts.at), gathered: true };
}

/** What is held back goes out together when the quiet hours end. */
function quietMoment(row: Row, { now, calendarOf }: PlanParts, isUrgent: boolean): When {
  if (isUrgent) return { nextAt: now, gathered: false };
  const nextAt = nextLoudMoment(calendarOf(optionalText(row, "organisation_id")), quietHoursOf(row), now);
  return { nextAt, gathered: nextAt > now };
}

function quietHoursOf(row: Row): QuietHours {
  return {
    from: optionalText(row, "quiet_from"),
    to: optionalText(row, "quiet_to"),
    onRestDays: integer(row, "rest_days_quiet") === 1,
  };
}

async function toEndpoints(tx: Transaction, parts: PlanParts, announcements: readonly Row[]) {
  const endpoints = await tx.query("SELECT * FROM notice_endpoint WHERE active = 1 ORDER BY id");
  return announcements.flatMap((announcement) => {
    const spec = specOf(announcement);
    const organisations = json<readonly string[]>(announcement, "organisations");
    return endpoints
      .filter((endpoint) => spec && isTold(endpoint, spec.group, organisations))
      .map((endpoint) => {
        const channel = text(endpoint, "type");
        // Machines do not sleep; a robot speaks to people, and only so often a minute.
        const when =
          channel === "webhook"
            ? { nextAt: parts.now, gathered: false }
            : { ...quietMoment(endpoint, parts, spec?.isUrgent ?? false), gathered: true };
        return delivery({ announcement, channel, person: null, endpoint: text(endpoint, "id"), ...when });
      });
  });
}

/** A webhook is told of everything of its groups, a robot of what goes to a role of its organisation. */
function isTold(endpoint: Row, group: NoticeGroup, organisations: readonly string[]): boolean {
  const organisation = optionalText(endpoint, "organisation_id");
  if (!json<readonly string[]>(endpoint, "groups_told").includes(group)) return false;
  return organisation === null || organisations.includes(organisation);
}

function specOf(announcement: Row) {
  const kind = kindOf(text(announcement, "kind"));
  return kind === null ? null : noticeKinds[kind];
}

function delivery(planned: {
  readonly announcement: Row;
  readonly channel: string;
  readonly person: string | null;
  readonly endpoint: string | null;
  readonly nextAt: string;
  readonly gathered: boolean;
}) {
  return {
    id: newId(),
    announcement_id: text(planned.announcement, "id"),
    channel: planned.channel,
    person_id: planned.person,
    endpoint_id: planned.endpoint,
    gathered: planned.gathered ? 1 : 0,
    batch_id: null,
    state: "waiting",
    next_at: planned.nextAt,
    attempts: 0,
    last_error: null,
    lease_owner: null,
    lease_until: null,
    created_at: text(planned.announcement, "at"),
    sent_at: null,
  };
}
