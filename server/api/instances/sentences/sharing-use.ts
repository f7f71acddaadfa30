import type { Sentences } from "./sentence.ts";

export const sharingUseSentences: Sentences = {};
