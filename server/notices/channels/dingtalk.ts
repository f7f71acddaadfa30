import { createHmac } from "node:crypto";
import type { OutgoingNotice } from "../outgoing.ts";
import type { NoticeLanguage } from "../texts.ts";
import { robotMarkdown } from "./robot-text.ts";

/** DingTalk takes 20,000 bytes a message; this leaves room for the frame. */
const textBytes = 18_000;

/**
 * The robot's address with its signature (加签): HMAC-SHA256 of `timestamp\nsecret` under the secret, base64. `timestamp` is in
 * milliseconds and may differ by an hour from DingTalk's clock. Without a secret the robot is guarded by keyword or address.
 */
export function dingtalkAddress(url: string, secret: string, timestamp: number): string {
  if (secret === "") return url;
  const signed = new URL(url);
  signed.searchParams.set("timestamp", String(timestamp));
  signed.searchParams.set("sign", createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64"));
  return signed.href;
}

export function dingtalkBody(notices: readonly OutgoingNotice[], language: NoticeLanguage): string {
  const [first] = notices;
  const title = notices.length === 1 && first ? first.subject[language].slice(0, 60) : "接力 Jieli";
  const text = `#### 接力 Jieli\n\n${robotMarkdown(notices, language, { bytes: textBytes, lineEnd: "\n" })}`;
  return JSON.stringify({ msgtype: "markdown", markdown: { title, text } });
}
