import type { Query } from "../store/store.ts";
import { followEvents, type CaseClock } from "../../engine/calendar/case-clocks.ts";
import type { Command } from "../../engine/execution/commands.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { step } from "../../engine/execution/step.ts";
import { clockRow } from "../runtime/clock-rows.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { CaseAt } from "./case-at.ts";

/** A clock before and after something that is only imagined; `before` is `null` for one that would start. */
export interface ClockEffect {
  readonly before: CaseClock | null;
  readonly after: CaseClock;
}

export interface Foreseen {
  readonly events: readonly EngineEvent[];
  /** The case as it would stand then. */
  readonly state: InstanceState;
  readonly clocks: readonly ClockEffect[];
}

/** What a command would do, by the very functions that would do it, on a copy: nothing is written. Throws `CommandError`. */
export async function foresee(runtime: Runtime, query: Query, at: CaseAt, command: Command): Promise<Foreseen> {
  const stepped = step(at.model, at.state, command, at.context);
  const rows = await query("SELECT * FROM clock WHERE instance_id = ? ORDER BY started_at, id", [
    text(at.instance, "id"),
  ]);
  const before = rows.map(clockRow);
  const setting = {
    now: at.context.now,
    calendarOf: (region: string) => runtime.rules.calendar(region),
    nextId: newId,
  };
  const { clocks } = followEvents(before, stepped.events, setting, stepped.state);
  const effects = clocks.map((after) => ({ before: before.find(({ id }) => id === after.id) ?? null, after }));
  const moved = effects.filter(({ before: was, after }) => was?.ledger !== after.ledger);
  return { events: stepped.events, state: stepped.state, clocks: moved };
}
