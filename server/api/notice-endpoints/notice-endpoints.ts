import type { z } from "zod";
import { authorize } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import { ChannelError } from "../../notices/channels/channel-error.ts";
import { callEndpoint } from "../../notices/deliver.ts";
import { endpointGroups, type EndpointGroup } from "../../notices/kinds.ts";
import { notFound, RuntimeProblem } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { newId } from "../../store/ids.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { organisationOf } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import {
  endpointBody,
  endpointList,
  endpointType,
  endpointView,
  newEndpointBody,
  testResult,
  type NoticeEndpoint,
} from "./notice-endpoints.schema.ts";

export function administer(runtime: Runtime, principal: Principal): void {
  authorize(principal, { type: "notices.administer" }, runtime.content);
}

export const noticeEndpointRoutes = [
  defineRoute({
    method: "get",
    path: "/api/notice-endpoints",
    summary: "Webhooks, group robots, and whether mail is set up",
    answer: endpointList,
    handle: async ({ runtime, principal }) => {
      administer(runtime, principal);
      const { settings } = runtime.notices;
      return {
        items: await endpointsOf(runtime, null),
        groups: endpointGroups,
        organisations: [...runtime.content.organisations.keys()].map((id) => organisationOf(runtime, id)),
        mail: { isConfigured: settings.mail !== null, from: settings.mail?.from ?? null },
        publicUrl: settings.publicUrl,
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/notice-endpoints",
    summary: "Register a webhook or a group robot",
    body: newEndpointBody,
    answer: endpointView,
    status: 201,
    handle: async ({ runtime, principal, body }) => {
      administer(runtime, principal);
      requireFitting(runtime, body, body.secret);
      const id = newId();
      const now = runtime.clock.now();
      const { type, url, secret } = body;
      const row = { id, type, url, secret, ...columnsOf(body), created_by: principal.id, created_at: now };
      await runtime.store.transaction((tx) => tx.insert("notice_endpoint", { ...row, updated_at: now }));
      return endpointOf(runtime, id);
    },
  }),
  defineRoute({
    method: "put",
    path: "/api/notice-endpoints/:id",
    summary: "Change a webhook or a group robot; an address or secret that is not given stays",
    params: idParams,
    body: endpointBody,
    answer: endpointView,
    handle: async ({ runtime, principal, params, body }) => {
      administer(runtime, principal);
      const known = await endpointOf(runtime, params.id);
      requireFitting(runtime, { ...body, type: known.type }, body.secret);
      const kept = {
        ...(body.url === null ? {} : { url: body.url }),
        ...(body.secret === null ? {} : { secret: body.secret }),
      };
      const values = { ...columnsOf(body), ...kept, updated_at: runtime.clock.now() };
      const sets = Object.keys(values).map((column) => `${column} = ?`);
      await runtime.store.transaction((tx) =>
        tx.execute(`UPDATE notice_endpoint SET ${sets.join(", ")} WHERE id = ?`, [...Object.values(values), params.id]),
      );
      return endpointOf(runtime, params.id);
    },
  }),
  defineRoute({
    method: "delete",
    path: "/api/notice-endpoints/:id",
    summary: "Remove a webhook or a group robot; what still waits for it is given up",
    params: idParams,
    handle: async ({ runtime, principal, params }) => {
      administer(runtime, principal);
      await endpointOf(runtime, params.id);
      await runtime.store.transaction(async (tx) => {
        await tx.execute("DELETE FROM notice_endpoint WHERE id = ?", [params.id]);
        await tx.execute(
          "UPDATE notice_delivery SET state = 'dead', last_error = 'ENDPOINT_OFF: the endpoint was removed' WHERE endpoint_id = ? AND state = 'waiting'",
          [params.id],
        );
      });
      return undefined;
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/notice-endpoints/:id/test",
    summary: "Send a message that says it is a test",
    params: idParams,
    answer: testResult,
    handle: async ({ runtime, principal, params }) => {
      administer(runtime, principal);
      const [row] = await runtime.store.read("SELECT * FROM notice_endpoint WHERE id = ?", [params.id]);
      if (!row) throw notFound();
      try {
        await callEndpoint(row, [trial(runtime)], runtime.notices.settings);
        return { isTaken: true, error: null };
      } catch (error) {
        if (!(error instanceof ChannelError)) throw error;
        return { isTaken: false, error: error.message };
      }
    },
  }),
];

function trial(runtime: Runtime) {
  const subject = { zh: "接力通知测试", en: "Test of Jieli notices" };
  const nothing = { caseNumber: null, step: null, group: null };
  const { publicUrl } = runtime.notices.settings;
  return { announcementId: newId(), kind: "test", at: runtime.clock.now(), subject, link: publicUrl, ...nothing };
}

type Endpoint = z.infer<typeof endpointBody>;

function columnsOf(body: Omit<Endpoint, "url" | "secret">) {
  return {
    name: body.name,
    organisation_id: body.organisationId,
    groups_told: JSON.stringify(body.groups),
    language: body.language,
    quiet_from: body.quiet?.from ?? null,
    quiet_to: body.quiet?.to ?? null,
    rest_days_quiet: body.restDaysQuiet ? 1 : 0,
    active: body.isActive ? 1 : 0,
  };
}

/** A robot speaks for an organisation that exists, a webhook for none; a webhook's secret is long enough to be one. */
function requireFitting(
  runtime: Runtime,
  { type, organisationId }: { type: z.infer<typeof endpointType>; organisationId: string | null },
  secret: string | null,
): void {
  const isKnown = organisationId !== null && runtime.content.organisations.has(organisationId);
  if (type === "webhook" ? organisationId !== null : !isKnown)
    throw invalid("organisationId", {
      zh: "机器人须属于一个单位，网络钩子不属于任何单位",
      en: "A robot belongs to an organisation, a webhook to none",
    });
  if (type === "webhook" && secret !== null && !isStrong(secret))
    throw invalid("secret", {
      zh: "密钥须为 whsec_ 加 24 至 64 字节的 Base64",
      en: "The secret is whsec_ and 24 to 64 bytes in base64",
    });
}

function isStrong(secret: string): boolean {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ""), "base64").length;
  return secret.startsWith("whsec_") && bytes >= 24 && bytes <= 64;
}

function invalid(field: string, message: { zh: string; en: string }): RuntimeProblem {
  const problems = [{ code: "FIELD_INVALID", place: `body.${field}`, message }];
  const detail = { zh: "请求内容不符合要求", en: "The request is not valid" };
  return new RuntimeProblem(422, "REQUEST_INVALID", detail, null, problems);
}

async function endpointOf(runtime: Runtime, id: string): Promise<NoticeEndpoint> {
  const [found] = await endpointsOf(runtime, id);
  if (!found) throw notFound();
  return found;
}

async function endpointsOf(runtime: Runtime, id: string | null): Promise<NoticeEndpoint[]> {
  const rows = await runtime.store.read(
    `SELECT notice_endpoint.*, person.name AS creator,
       (SELECT COUNT(*) FROM notice_delivery WHERE endpoint_id = notice_endpoint.id AND state = 'waiting') AS waiting,
       (SELECT COUNT(*) FROM notice_delivery WHERE endpoint_id = notice_endpoint.id AND state = 'dead') AS dead
     FROM notice_endpoint LEFT JOIN person ON person.id = notice_endpoint.created_by
     ${id === null ? "" : "WHERE notice_endpoint.id = ?"} ORDER BY notice_endpoint.created_at, notice_endpoint.id`,
    id === null ? [] : [id],
  );
  return rows.map((row) => present(runtime, row));
}

function present(runtime: Runtime, row: Row): NoticeEndpoint {
  const organisation = optionalText(row, "organisation_id");
  const [from, to] = [optionalText(row, "quiet_from"), optionalText(row, "quiet_to")];
  const { origin, pathname } = new URL(text(row, "url"));
  return {
    id: text(row, "id"),
    type: endpointType.parse(text(row, "type")),
    name: text(row, "name"),
    organisation: organisation === null ? null : organisationOf(runtime, organisation),
    address: `${origin}${pathname}`,
    hasSecret: text(row, "secret") !== "",
    groups: [...json<readonly EndpointGroup[]>(row, "groups_told")],
    language: text(row, "language") === "en" ? "en" : "zh",
    quiet: from !== null && to !== null ? { from, to } : null,
    restDaysQuiet: integer(row, "rest_days_quiet") === 1,
    isActive: integer(row, "active") === 1,
    createdBy: { id: text(row, "created_by"), name: optionalText(row, "creator") ?? text(row, "created_by") },
    createdAt: text(row, "created_at"),
    waiting: integer(row, "waiting"),
    dead: integer(row, "dead"),
  };
}
