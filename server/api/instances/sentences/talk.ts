import type { Sentences } from "./sentence.ts";

export const talkSentences: Sentences = {
  "attachment.added": (payload) => ({
    zh: `添加附件“${String(payload["name"])}”`,
    en: `attached “${String(payload["name"])}”`,
  }),
};
