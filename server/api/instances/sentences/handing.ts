import type { Sentences } from "./sentence.ts";

export const handingSentences: Sentences = {};
