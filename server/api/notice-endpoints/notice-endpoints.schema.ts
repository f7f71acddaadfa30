import { z } from "zod";
import { endpointGroups } from "../../notices/kinds.ts";
import { instant, organisationRef, pageOf, pageQuery, personRef } from "../shared/common.schema.ts";

export const endpointType = z.enum(["webhook", "wecom", "dingtalk"]);
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const endpoint = z.object({
  name: z.string().trim().min(1).max(80),
  /** Whose roles a robot speaks for; `null` for a webhook. */
  organisationId: z.string().max(64).nullable(),
  groups: z.array(z.enum(endpointGroups)).min(1).max(endpointGroups.length),
  language: z.enum(["zh", "en"]),
  /** Of a robot: when its group is left alone (+08:00). */
  quiet: z.object({ from: timeOfDay, to: timeOfDay }).nullable(),
  restDaysQuiet: z.boolean(),
  isActive: z.boolean(),
});

const url = z.url({ protocol: /^https?$/ }).max(1_000);
/** Of a webhook `whsec_` and 24 to 64 bytes in base64, as Standard Webhooks says; of DingTalk what its settings show, or nothing. */
const secret = z.string().max(200);
export const newEndpointBody = endpoint.extend({ type: endpointType, url, secret }).strict();
/** `null` leaves address or secret as they are: neither is ever sent back. */
export const endpointBody = endpoint.extend({ url: url.nullable(), secret: secret.nullable() }).strict();

export const endpointView = endpoint.omit({ organisationId: true }).extend({
  id: z.string(),
  type: endpointType,
  organisation: organisationRef.nullable(),
  /** Without what follows `?`, where robots carry their key. */
  address: z.string(),
  hasSecret: z.boolean(),
  createdBy: personRef,
  createdAt: instant,
  waiting: z.number().int(),
  dead: z.number().int(),
});
export type NoticeEndpoint = z.infer<typeof endpointView>;
export const endpointList = z.object({
  items: z.array(endpointView),
  groups: z.array(z.enum(endpointGroups)).readonly(),
  /** Organisations that a robot can speak for. */
  organisations: z.array(organisationRef),
  mail: z.object({ isConfigured: z.boolean(), from: z.string().nullable() }),
  publicUrl: z.string().nullable(),
});
export type NoticeEndpoints = z.infer<typeof endpointList>;

export const testResult = z.object({ isTaken: z.boolean(), error: z.string().nullable() });

export const deliveryQuery = pageQuery.extend({
  state: z.enum(["waiting", "sent", "overtaken", "dead"]).optional(),
  channel: z.enum(["mail", "webhook", "wecom", "dingtalk"]).optional(),
});
/** One way of one announcement. It holds no address and no content. */
export const deliveryView = z.object({
  id: z.string(),
  channel: z.enum(["mail", "webhook", "wecom", "dingtalk"]),
  kind: z.string(),
  caseNumber: z.string().nullable(),
  person: personRef.nullable(),
  endpoint: z.object({ id: z.string(), name: z.string() }).nullable(),
  state: z.enum(["waiting", "sent", "overtaken", "dead"]),
  attempts: z.number().int(),
  lastError: z.string().nullable(),
  createdAt: instant,
  nextAt: instant,
  sentAt: instant.nullable(),
});
export type NoticeDelivery = z.infer<typeof deliveryView>;
export const deliveryPage = pageOf(deliveryView);
