import type { Variables } from "../../engine/expressions/json.ts";
import { systemActor } from "./actor.ts";
import type { Within } from "./dispatch.ts";
import type { JournalLine } from "./journal.ts";

export interface JobResult {
  readonly variables: Variables;
  readonly lines: readonly JournalLine[];
}

/** What an internal job gives back to the case, and the lines it adds to the journal. Runs in the transaction that completes the job. */
export type JobHandler = (within: Within, variables: Variables, wait: string) => Promise<JobResult>;

export const nothingDone: JobResult = { variables: {}, lines: [] };

/** A result that tells one thing in the journal. */
export function told(now: string, type: string, payload: JournalLine["payload"], variables: Variables = {}): JobResult {
  return { variables, lines: [{ at: now, type, element: null, actor: systemActor, payload }] };
}

/** A member of an object among the variables; `null` where there is none. */
export function memberOf(variables: Variables, object: string, name: string): Variables[string] | null {
  const value = variables[object];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return (value as Variables)[name] ?? null;
}

/** A text among the variables; `null` where it is none or empty. */
export function textIn(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
