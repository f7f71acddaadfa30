import { bodyOf, subjectOf } from "../../notices/texts.ts";
import { choicesSchema, isChosen, known } from "../../notices/choices.ts";
import { kindOf, noticeGroups, noticeKinds, type NoticeKind } from "../../notices/kinds.ts";
import {
  isOvertaken,
  paramsOf,
  pathOf,
  steadColumns,
  steadJoin,
  toldColumns,
  toldJoins,
} from "../../notices/outgoing.ts";
import type { ScopeCondition } from "../../identity/scope.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row, Transaction } from "../../store/store.ts";
import { placesFor } from "../../store/update-each.ts";
import { cursorOf, readCursor } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import {
  noticePage,
  noticeQuery,
  preferencesBody,
  preferencesView,
  readAllBody,
  unreadCount,
  type NoticePreferences,
  type PersonalNotice,
} from "./notices.schema.ts";
import type { z } from "zod";

/** A bell that shows more says no more. */
const mostCounted = 100;

/** What people see before they choose anything: a night and rest days without mail. */
const presets = { language: "zh", mail: null, quiet: { from: "20:00", to: "08:00" }, restDaysQuiet: true } as const;

/** What people choose by: the groups, and the kinds of each. */
const groupsView = noticeGroups.map((group) => ({
  group,
  kinds: kindsWhere((kind) => noticeKinds[kind].group === group),
}));

export const noticeRoutes = [
  defineRoute({
    method: "get",
    path: "/api/notices",
    summary: "What I was told, the newest first",
    query: noticeQuery,
    answer: noticePage,
    handle: async ({ runtime, principal, query }) => {
      const after = readCursor(query.cursor);
      const unread = query.unread === "true" ? await callingUnread(runtime, principal.id) : null;
      const rows = await runtime.store.read(
        `SELECT notice_message.id, notice_message.at, notice_message.read_at, ${toldColumns}, ${steadColumns}
         FROM notice_message JOIN announcement ON announcement.id = notice_message.announcement_id ${toldJoins} ${steadJoin}
         WHERE notice_message.person_id = ?${unread ? ` AND ${unread.sql}` : ""}
           ${after ? "AND (notice_message.at < ? OR (notice_message.at = ? AND notice_message.id < ?))" : ""}
         ORDER BY notice_message.at DESC, notice_message.id DESC LIMIT ?`,
        [
          runtime.clock.now(),
          principal.id,
          ...(unread?.parameters ?? []),
          ...(after ? [after[0], after[0], after[1]] : []),
          query.limit + 1,
        ],
      );
      const shown = rows.slice(0, query.limit);
      return {
        items: shown.map(present),
        nextCursor: rows.length > shown.length ? cursorOf(shown.at(-1), "at") : null,
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/notices/unread",
    summary: "How many of my notices I have not read",
    answer: unreadCount,
    handle: async ({ runtime, principal }) => ({ unread: await unreadOf(runtime, principal.id) }),
  }),
  defineRoute({
    method: "post",
    path: "/api/notices/:id/read",
    summary: "I have read this",
    params: idParams,
    handle: async ({ runtime, principal, params }) => {
      const [mine] = await runtime.store.read("SELECT id FROM notice_message WHERE id = ? AND person_id = ?", [
        params.id,
        principal.id,
      ]);
      if (!mine) throw notFound();
      await runtime.store.transaction((tx) =>
        tx.execute("UPDATE notice_message SET read_at = ? WHERE id = ? AND read_at IS NULL", [
          runtime.clock.now(),
          params.id,
        ]),
      );
      return undefined;
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/notices/read-all",
    summary: "I have read everything up to a moment",
    body: readAllBody,
    handle: async ({ runtime, principal, body }) => {
      await runtime.store.transaction((tx) =>
        tx.execute("UPDATE notice_message SET read_at = ? WHERE person_id = ? AND read_at IS NULL AND at <= ?", [
          runtime.clock.now(),
          principal.id,
          body.until,
        ]),
      );
      return undefined;
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/notices/preferences",
    summary: "What I am told, by which channel, and when",
    answer: preferencesView,
    handle: async ({ runtime, principal }) => preferencesOf(runtime, principal.id),
  }),
  defineRoute({
    method: "put",
    path: "/api/notices/preferences",
    summary: "Choose what I am told, by which channel, and when",
    body: preferencesBody,
    answer: preferencesView,
    handle: async ({ runtime, principal, body }) => {
      await runtime.store.transaction((tx) => keep(tx, principal.id, body, runtime.clock.now()));
      return preferencesOf(runtime, principal.id);
    },
  }),
];

function present(row: Row): PersonalNotice {
  const told = { kind: text(row, "kind"), params: paramsOf(row) };
  const kind = kindOf(told.kind);
  return {
    id: text(row, "id"),
    kind: told.kind,
    at: text(row, "at"),
    isRead: optionalText(row, "read_at") !== null,
    isOvertaken: isOvertaken(row),
    inSteadOf:
      optionalText(row, "stead_id") === null ? null : { id: text(row, "stead_id"), name: text(row, "stead_name") },
    isUrgent: kind !== null && noticeKinds[kind].isUrgent,
    subject: { zh: subjectOf(told, "zh"), en: subjectOf(told, "en") },
    body: { zh: bodyOf(told, "zh"), en: bodyOf(told, "en") },
    path: pathOf(row),
  };
}

async function unreadOf(runtime: Runtime, person: string): Promise<number> {
  const { sql, parameters } = await callingUnread(runtime, person);
  const rows = await runtime.store.read(
    `SELECT notice_message.id FROM notice_message JOIN announcement ON announcement.id = notice_message.announcement_id
     LEFT JOIN task ON task.id = announcement.task_id ${steadJoin}
     WHERE notice_message.person_id = ? AND ${sql} LIMIT ${mostCounted}`,
    [person, ...parameters],
  );
  return rows.length;
}

/**
 * What is unread and still calls, as a condition on `notice_message` joined with its announcement, task and substitution: without
 * the kinds that a person keeps out of the product, calls to tasks that are closed, and what was told in a stead that ended.
 */
async function callingUnread(runtime: Runtime, person: string): Promise<ScopeCondition> {
  const [preference] = await runtime.store.read("SELECT choices FROM notice_preference WHERE person_id = ?", [person]);
  const stored = preference ? text(preference, "choices") : null;
  const silent = kindsWhere((kind) => !isChosen(stored, kind, "product"));
  const calls = kindsWhere((kind) => noticeKinds[kind].group === "tasks");
  return {
    sql: `notice_message.read_at IS NULL
       AND (substitution.id IS NULL OR (substitution.revoked_at IS NULL AND substitution.ends_at > ?))
       AND NOT (announcement.kind IN (${placesFor(calls)}) AND COALESCE(task.state, '') IN ('completed', 'cancelled'))
       ${silent.length > 0 ? `AND announcement.kind NOT IN (${placesFor(silent)})` : ""}`,
    parameters: [runtime.clock.now(), ...calls, ...silent],
  };
}

function kindsWhere(matches: (kind: NoticeKind) => boolean): readonly NoticeKind[] {
  return (Object.keys(noticeKinds) as NoticeKind[]).filter(matches);
}

async function preferencesOf(runtime: Runtime, person: string): Promise<NoticePreferences> {
  const installation = { hasMail: runtime.notices.settings.mail !== null, groups: groupsView };
  const [row] = await runtime.store.read("SELECT * FROM notice_preference WHERE person_id = ?", [person]);
  if (!row) return { ...presets, digestAt: null, whileAway: "both", choices: {}, ...installation };
  const [from, to] = [optionalText(row, "quiet_from"), optionalText(row, "quiet_to")];
  return {
    language: text(row, "language") === "en" ? "en" : "zh",
    mail: optionalText(row, "mail"),
    quiet: from !== null && to !== null ? { from, to } : null,
    restDaysQuiet: integer(row, "rest_days_quiet") === 1,
    digestAt: optionalText(row, "digest_at"),
    whileAway: optionalText(row, "while_away") === "substitute" ? "substitute" : "both",
    choices: choicesSchema.parse(known(json(row, "choices"))),
    ...installation,
  };
}

async function keep(
  tx: Transaction,
  person: string,
  chosen: z.infer<typeof preferencesBody>,
  now: string,
): Promise<void> {
  await tx.execute("DELETE FROM notice_preference WHERE person_id = ?", [person]);
  await tx.insert("notice_preference", {
    person_id: person,
    language: chosen.language,
    mail: chosen.mail,
    quiet_from: chosen.quiet?.from ?? null,
    quiet_to: chosen.quiet?.to ?? null,
    rest_days_quiet: chosen.restDaysQuiet ? 1 : 0,
    digest_at: chosen.digestAt,
    while_away: chosen.whileAway,
    choices: JSON.stringify(chosen.choices),
    updated_at: now,
  });
}
