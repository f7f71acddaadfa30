import type { Sentences } from "./sentence.ts";

export const itemsSentences: Sentences = {};
