import type { Payload, Sentences } from "./sentence.ts";

const list = (value: unknown, comma: string) => (Array.isArray(value) ? value.map(String).join(comma) : "");
const isInternal = (payload: Payload) => payload["audience"] === "internal";
const noted = ({ note }: Payload, colon: string) => (typeof note === "string" && note !== "" ? `${colon}${note}` : "");

export const talkSentences: Sentences = {
  "attachment.added": (payload) => ({
    zh: `添加附件“${String(payload["name"])}”`,
    en: `attached “${String(payload["name"])}”`,
  }),
  "comment.added": (payload) => ({
    zh: isInternal(payload) ? "发表内部评论" : "发表评论",
    en: isInternal(payload) ? "commented internally" : "commented",
  }),
  "comment.withdrawn": () => ({ zh: "撤回评论", en: "withdrew a comment" }),
  "copy.sent": (payload) => ({
    zh: `抄送给 ${list(payload["to"], "、")}`,
    en: `copied to ${list(payload["to"], ", ")}`,
  }),
  "case.urged": (payload, { zh, en }) => ({
    zh: `催办“${zh}”${noted(payload, "：")}`,
    en: `urged about “${en}”${noted(payload, ": ")}`,
  }),
  "task.opened": (_payload, { zh, en }) => ({ zh: `已阅“${zh}”`, en: `opened “${en}”` }),
};
