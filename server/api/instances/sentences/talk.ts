import type { Sentences } from "./sentence.ts";

export const talkSentences: Sentences = {};
