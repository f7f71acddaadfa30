import type { Sentences } from "./sentence.ts";

export const returningSentences: Sentences = {};
