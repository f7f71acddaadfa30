import type { EngineEvent } from "../../engine/execution/events.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { systemActor, type Actor } from "./actor.ts";
import type { JournalLine } from "./journal.ts";
import { actorOf, type SteppedCase } from "./stepping.ts";

/** The journal of a step. What the system did on its own stands before what followed from it, so that the history says why. */
export function linesOf(stepped: SteppedCase, actor: Actor): readonly JournalLine[] {
  const lines = stepped.events.map((event, index) => lineOf(event, actorOf(stepped, index, actor)));
  return [...lines.slice(0, stepped.automaticFrom), ...stepped.lines, ...lines.slice(stepped.automaticFrom)];
}

/** Variables stay in the state and the forms; the journal keeps what happened, not the data again. */
function lineOf(event: EngineEvent, actor: Actor): JournalLine {
  const { seq, at, type, element, ...rest } = event;
  const payload = Object.fromEntries(
    Object.entries(rest).filter(([key]) => key !== "variables" && key !== "decision" && key !== "explanation"),
  ) as Record<string, Json>;
  return { at, type, element, actor: personal.has(type) ? actor : systemActor, payload: { ...payload, event: seq } };
}

/** What a person did themselves; everything that follows from it the system did. */
const personal: ReadonlySet<EngineEvent["type"]> = new Set([
  "task.completed",
  "process.started",
  "process.cancelled",
  "process.suspended",
  "process.resumed",
  "process.migrated",
  "tokens.moved",
  "incident.resolved",
]);
