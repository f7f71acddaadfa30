import type { OutgoingNotice } from "../outgoing.ts";
import type { NoticeLanguage } from "../texts.ts";
import { robotMarkdown } from "./robot-text.ts";

/** WeCom takes 4,096 bytes of markdown a message. The address of the robot holds its key; there is no further signature. */
const contentBytes = 4_096;
const head = "**接力 Jieli**\n";

export function wecomBody(notices: readonly OutgoingNotice[], language: NoticeLanguage): string {
  const room = contentBytes - Buffer.byteLength(head);
  const content = `${head}${robotMarkdown(notices, language, { bytes: room, lineEnd: "\n" })}`;
  return JSON.stringify({ msgtype: "markdown", markdown: { content } });
}
