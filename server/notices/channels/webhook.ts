import { createHmac, randomBytes } from "node:crypto";
import type { OutgoingNotice } from "../outgoing.ts";

const prefix = "whsec_";

/** A secret as Standard Webhooks writes it: 24 random bytes in base64 after `whsec_`. */
export function newWebhookSecret(): string {
  return `${prefix}${randomBytes(24).toString("base64")}`;
}

export interface SignedRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One event in the structured mode of CloudEvents 1.0, signed as Standard Webhooks 1.0 describes: HMAC-SHA256 over
 * `id.timestamp.body`. The id is that of the announcement, the same with every try, so a receiver can drop what it has.
 * `timestamp` is in Unix seconds.
 */
export function signedEvent(
  notice: OutgoingNotice,
  { secret, source, timestamp }: { readonly secret: string; readonly source: string; readonly timestamp: number },
): SignedRequest {
  const body = JSON.stringify({
    specversion: "1.0",
    id: notice.announcementId,
    source,
    type: `jieli.${notice.kind}`,
    time: notice.at,
    ...(notice.caseNumber === null ? {} : { subject: notice.caseNumber }),
    datacontenttype: "application/json",
    data: { caseNumber: notice.caseNumber, step: notice.step, text: notice.subject, link: notice.link },
  });
  return {
    body,
    headers: {
      "content-type": "application/cloudevents+json; charset=utf-8",
      "webhook-id": notice.announcementId,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": `v1,${signature(secret, `${notice.announcementId}.${timestamp}.${body}`)}`,
    },
  };
}

function signature(secret: string, content: string): string {
  const key = secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), "base64") : Buffer.from(secret);
  return createHmac("sha256", key).update(content).digest("base64");
}
