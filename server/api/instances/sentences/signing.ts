import type { Sentences } from "./sentence.ts";

export const signingSentences: Sentences = {};
