import type { Actor } from "./actor.ts";
import type { JournalLine } from "./journal.ts";

/** What somebody told a running case by hand: the name of it, until when it is asked for, and why, as far as that was said. */
export interface Told {
  readonly name: { readonly zh: string; readonly en: string };
  /** Day `YYYY-MM-DD`. */
  readonly to: string | null;
  readonly reason: string | null;
}

/** The line of the journal by which the history tells who told a running case what. */
export function toldLine(at: string, actor: Actor, { name, to, reason }: Told): JournalLine {
  return { at, type: "case.told", element: null, actor, payload: { name: { ...name }, to, reason } };
}
