import type { Note } from "../engine/interchange/notes.ts";
import { translate, type Translation } from "../engine/interchange/translate.ts";
import type { Vocabulary } from "./vocabulary.ts";

export type ImportNote = Note;
export type ImportedFile = Extract<Translation, { type: "translated" }>;

/** Opens a file of whatever engine: the same translation that the server and the command line do. */
export async function importFile(xml: string, vocabulary: Vocabulary): Promise<Translation> {
  return translate(xml, { roles: new Set(vocabulary.names.roles), actors: new Map() });
}
