import { pauseReasonName } from "../../../engine/routing/pause-reasons.ts";
import { participantsOf } from "../../identity/participants.ts";
import { daysByLevel, type AttributedDay, type DaysOfLevel } from "../../../engine/calendar/attribution.ts";
import { authorize, mayDo, visibleCases, visibleSupervision } from "../../identity/policy.ts";
import type { ScopeCondition } from "../../identity/scope.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { superviseBy, supervisionRow, type SupervisionAct } from "../../runtime/supervision-actions.ts";
import { json, text } from "../../store/rows.ts";
import type { Parameter, Row } from "../../store/store.ts";
import { clockSentence, limitNames, type LimitNames } from "../instances/history.ts";
import { clockView, cursorOf, organisationOf, readCursor } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import { pageQuery } from "../shared/common.schema.ts";
import { daysOfCases } from "./case-time.ts";
import { presentCard, presentNotice, presentOrder } from "./present-supervision.ts";
import {
  cardPage,
  cardQuery,
  caseTime,
  contestBody,
  daysOfLevels,
  decideBody,
  noticePage,
  orderPage,
  orderQuery,
  replyBody,
  verifyBody,
} from "./supervision.schema.ts";

/** Cases whose days a board sums up: the newest, so that the answer stays quick however many there are. */
const casesOnBoard = 200;

const ofCase = (table: string) =>
  `SELECT ${table}.*, instance.case_number, instance.subject_zh, instance.subject_en FROM ${table} JOIN instance ON instance.id = ${table}.instance_id`;

export const supervisionRoutes = [
  defineRoute({
    method: "get",
    path: "/api/supervision/cards",
    summary: "Yellow and red cards, and notified criticism, of my organisations and the regions that I oversee",
    query: cardQuery,
    answer: cardPage,
    handle: async ({ runtime, principal, query }) => {
      const scope = cardScope(runtime, principal);
      const filters = {
        "card.state": query.state,
        "card.measure": query.measure,
        "card.organisation_id": query.organisation,
      };
      const { rows, nextCursor } = await page(runtime, "card", "issued_at", { scope, filters, query });
      return { items: rows.map((row) => presentCard(runtime, principal, row)), nextCursor };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/supervision/cards/:id/contest",
    summary: "Contest a card against my organisation, in time and with reasons",
    params: idParams,
    body: contestBody,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      const card = await required(runtime, "card", params.id);
      authorize(principal, { type: "card.contest", organisation: text(card, "organisation_id") }, runtime.content);
      return act(runtime, principal, { id: params.id, act: { type: "contestCard", ...body }, commandId });
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/supervision/cards/:id/decide",
    summary: "Uphold or withdraw a contested card; never of one's own organisation",
    params: idParams,
    body: decideBody,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      const card = await required(runtime, "card", params.id);
      const action = { organisation: text(card, "organisation_id"), region: text(card, "region") };
      authorize(principal, { type: "card.decide", ...action }, runtime.content);
      return act(runtime, principal, { id: params.id, act: { type: "decideCard", ...body }, commandId });
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/supervision/orders",
    summary: "Supervisory orders that my organisations gave or received, and those of the regions that I oversee",
    query: orderQuery,
    answer: orderPage,
    handle: async ({ runtime, principal, query }) => {
      const scope = orderScope(runtime, principal);
      const filters = { "supervisory_order.state": query.state };
      const { rows, nextCursor } = await page(runtime, "supervisory_order", "opened_at", { scope, filters, query });
      return { items: rows.map((row) => presentOrder(runtime, principal, row)), nextCursor };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/supervision/orders/:id/reply",
    summary: "Answer a supervisory order",
    params: idParams,
    body: replyBody,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      const order = await required(runtime, "supervisory_order", params.id);
      authorize(principal, { type: "order.reply", organisation: text(order, "target_org") }, runtime.content);
      return act(runtime, principal, { id: params.id, act: { type: "replyOrder", ...body }, commandId });
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/supervision/orders/:id/verify",
    summary: "Accept the answer and close the order, or send it back",
    params: idParams,
    body: verifyBody,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      const order = await required(runtime, "supervisory_order", params.id);
      authorize(principal, { type: "order.verify", asker: text(order, "asker_org") }, runtime.content);
      return act(runtime, principal, { id: params.id, act: { type: "verifyOrder", ...body }, commandId });
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/supervision/notices",
    summary: "Reminders and notices to the roles that I hold, newest first",
    query: pageQuery,
    answer: noticePage,
    handle: async ({ runtime, principal, query }) => {
      const pairs = principal.posts.map(() => "(notice.organisation_id = ? AND notice.role = ?)");
      const scope: ScopeCondition = {
        sql: pairs.length === 0 ? "1 = 0" : `(${pairs.join(" OR ")})`,
        parameters: principal.posts.flatMap(({ organisation, role }) => [organisation, role]),
      };
      const { rows, nextCursor } = await page(runtime, "notice", "at", { scope, filters: {}, query });
      return { items: rows.map((row) => presentNotice(runtime, row)), nextCursor };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/supervision/notices/:id/receive",
    summary: "Sign for a notice",
    params: idParams,
    handle: async ({ runtime, principal, params, commandId }) => {
      const notice = await required(runtime, "notice", params.id);
      const to = { organisation: text(notice, "organisation_id"), role: text(notice, "role") };
      authorize(principal, { type: "notice.receive", ...to }, runtime.content);
      return act(runtime, principal, { id: params.id, act: { type: "receiveNotice" }, commandId });
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/instances/:id/time",
    summary: "The time of a case: its clock ledger, who used the days, cards and orders",
    params: idParams,
    answer: caseTime,
    handle: async ({ runtime, principal, params }) => timeOf(runtime, principal, params.id),
  }),
  defineRoute({
    method: "get",
    path: "/api/sla/days",
    summary: "Who used the days, by level, over the newest cases of the regions that I oversee",
    answer: daysOfLevels,
    handle: async ({ runtime, principal }) => {
      authorize(principal, { type: "sla.view" }, runtime.content);
      const scope = visibleCases(principal, runtime.content);
      const rows = await runtime.store.read(
        `SELECT * FROM instance WHERE ${scope.sql} ORDER BY started_at DESC LIMIT ${casesOnBoard}`,
        scope.parameters,
      );
      const days = [...(await daysOfCases(runtime, rows)).values()];
      return { cases: rows.length, byLevel: daysByLevel(days.flat()).map((of: DaysOfLevel) => ({ ...of })) };
    },
  }),
];

function cardScope(runtime: Runtime, principal: Principal): ScopeCondition {
  const columns = { organisations: ["card.organisation_id"], region: "card.region" };
  return visibleSupervision(principal, runtime.content, columns);
}

function orderScope(runtime: Runtime, principal: Principal): ScopeCondition {
  const columns = {
    organisations: ["supervisory_order.target_org", "supervisory_order.asker_org"],
    region: "supervisory_order.target_region",
  };
  return visibleSupervision(principal, runtime.content, columns);
}

interface PageOf {
  readonly scope: ScopeCondition;
  readonly filters: Readonly<Record<string, string | undefined>>;
  readonly query: { readonly cursor?: string | undefined; readonly limit: number };
}

/** Newest first, by keyset. */
async function page(
  runtime: Runtime,
  table: "card" | "supervisory_order" | "notice",
  by: string,
  { scope, filters, query }: PageOf,
): Promise<{ rows: readonly Row[]; nextCursor: string | null }> {
  const conditions = [scope.sql];
  const parameters: Parameter[] = [...scope.parameters];
  for (const [column, value] of Object.entries(filters)) {
    if (value === undefined) continue;
    conditions.push(`${column} = ?`);
    parameters.push(value);
  }
  const after = readCursor(query.cursor);
  if (after) {
    conditions.push(`(${table}.${by} < ? OR (${table}.${by} = ? AND ${table}.id < ?))`);
    parameters.push(after[0], after[0], after[1]);
  }
  const rows = await runtime.store.read(
    `${ofCase(table)} WHERE ${conditions.join(" AND ")} ORDER BY ${table}.${by} DESC, ${table}.id DESC LIMIT ${query.limit + 1}`,
    parameters,
  );
  return {
    rows: rows.slice(0, query.limit),
    nextCursor: rows.length > query.limit ? cursorOf(rows[query.limit - 1], by) : null,
  };
}

async function required(runtime: Runtime, table: "card" | "supervisory_order" | "notice", id: string): Promise<Row> {
  const row = await supervisionRow(runtime, table, id);
  if (!row) throw notFound();
  return row;
}

async function act(
  runtime: Runtime,
  principal: Principal,
  asked: { readonly id: string; readonly act: SupervisionAct; readonly commandId: string | null },
): Promise<undefined> {
  const organisation = principal.posts[0]?.organisation ?? null;
  await superviseBy(runtime, { kind: "person", id: principal.id, name: principal.name, organisation }, asked);
  return undefined;
}

async function timeOf(runtime: Runtime, principal: Principal, id: string) {
  const { store, content } = runtime;
  const [instance] = await store.read("SELECT * FROM instance WHERE id = ?", [id]);
  if (!instance) throw notFound();
  const involved = await participantsOf(runtime.store.read, id);
  if (!mayDo(principal, { type: "case.view", ...involved }, content)) throw notFound();
  const days = (await daysOfCases(runtime, [instance])).get(id) ?? [];
  const [cards, orders] = await Promise.all(
    (["card", "supervisory_order"] as const).map((table) =>
      store.read(`${ofCase(table)} WHERE ${table}.instance_id = ? ORDER BY ${table}.id`, [id]),
    ),
  );
  const clocks = await store.read("SELECT * FROM clock WHERE instance_id = ?", [id]);
  const limits = limitNames(clocks.map((clock) => clockView(runtime, clock)));
  const lines = await store.read(
    "SELECT * FROM journal WHERE instance_id = ? AND (type LIKE 'clock.%' OR type LIKE 'ladder.%' OR type LIKE 'deemed.%') ORDER BY seq",
    [id],
  );
  return {
    lines: lines.flatMap((line) => timeLineOf(line, limits)),
    days: days.map((day) => dayView(runtime, day)),
    byLevel: daysByLevel(days).map((of: DaysOfLevel) => ({ ...of })),
    cards: (cards ?? []).map((row) => presentCard(runtime, principal, row)),
    orders: (orders ?? []).map((row) => presentOrder(runtime, principal, row)),
  };
}

interface TimePayload {
  readonly clock?: string;
  readonly limit?: string;
  readonly reason?: unknown;
  readonly dueBefore?: string | null;
  readonly dueAt?: string | null;
}

function timeLineOf(row: Row, limits: LimitNames) {
  const payload = json<TimePayload & Readonly<Record<string, unknown>>>(row, "payload");
  const sentence = clockSentence(text(row, "type"), payload, limits);
  if (!sentence) return [];
  return [
    {
      clockId: payload.clock ?? "",
      at: text(row, "at"),
      type: text(row, "type"),
      limitCode: payload.limit ?? "",
      reason: typeof payload.reason === "string" ? payload.reason : null,
      dueBefore: payload.dueBefore ?? null,
      dueAt: payload.dueAt ?? null,
      sentence,
    },
  ];
}

function dayView(runtime: Runtime, { date, use }: AttributedDay) {
  return {
    date,
    kind: use.kind,
    organisation: use.kind === "handling" ? organisationOf(runtime, use.organisation) : null,
    reason: use.kind === "paused" ? use.reason : null,
    reasonName: use.kind === "paused" ? pauseReasonName(use.reason) : null,
  };
}
