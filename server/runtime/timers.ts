import { addMs } from "../../engine/calendar/dates.ts";
import { deemedEffect } from "../../engine/calendar/deemed-effect.ts";
import type { Command } from "../../engine/execution/commands.ts";
import { rootVariables } from "../../engine/execution/variables.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import { systemActor } from "./actor.ts";
import type { StoredClock } from "./clock-rows.ts";
import type { Dispatcher, DispatchParts, Within } from "./dispatch.ts";
import { RuntimeProblem } from "./errors.ts";
import { sideBySide } from "./side-by-side.ts";
import { tellFailure } from "./told-failure.ts";
import { climbLadders, type SupervisionParts } from "./supervision.ts";

const leaseMs = 60_000;
/** Timers that a node takes with one statement. */
const claimedAtOnce = 50;
/** Cases whose timers a node fires side by side: enough to hide the waits for the database, few enough to leave connections to people. */
const firedAtOnce = 4;

/**
 * Finds what has fallen due and makes it happen, each in its own transaction: breaches of SLA clocks, rungs of the
 * ladder of supervision, and BPMN timers. Any
 * number of nodes may sweep; a conditional update of the lease decides who fires, and a lease that was left behind expires.
 */
export class TimerSweep {
  readonly #parts: DispatchParts & SupervisionParts;
  readonly #dispatcher: Dispatcher;
  readonly #owner = newId();

  constructor(parts: DispatchParts & SupervisionParts, dispatcher: Dispatcher) {
    this.#parts = parts;
    this.#dispatcher = dispatcher;
  }

  /** Everything due now, in due order. Gives the number of breaches and timers. */
  async sweep(): Promise<number> {
    return (await this.#breach()) + (await this.#climb()) + (await this.#fire());
  }

  /** The next moment at which something falls due; `null` when nothing will. */
  async nextDue(): Promise<string | null> {
    const { store } = this.#parts;
    const [timer] = await store.read(
      "SELECT MIN(timer.due_at) AS due FROM timer JOIN instance ON instance.id = timer.instance_id WHERE timer.due_at IS NOT NULL AND instance.status = 'running'",
    );
    const [clock] = await store.read(
      "SELECT MIN(due_at) AS due FROM clock WHERE state = 'running' AND due_at IS NOT NULL",
    );
    const [rung] = await store.read(
      "SELECT MIN(clock.rung_at) AS due FROM clock JOIN instance ON instance.id = clock.instance_id WHERE clock.rung_at IS NOT NULL AND instance.status <> 'suspended'",
    );
    const dues = [timer?.["due"], clock?.["due"], rung?.["due"]].filter(
      (due): due is string => typeof due === "string",
    );
    return dues.sort()[0] ?? null;
  }

  async #breach(): Promise<number> {
    const { store, clock } = this.#parts;
    const overdue = await store.read(
      "SELECT DISTINCT instance_id FROM clock WHERE state = 'running' AND due_at <= ? ORDER BY instance_id LIMIT 500",
      [clock.now()],
    );
    return this.#each(overdue, breachOverdue);
  }

  /** Rungs of the ladder of supervision. A suspended case is left in peace until it goes on; what was violated is followed up after its end as well. */
  async #climb(): Promise<number> {
    const { store, clock } = this.#parts;
    const due = await store.read(
      `SELECT DISTINCT clock.instance_id FROM clock JOIN instance ON instance.id = clock.instance_id
       WHERE clock.rung_at <= ? AND instance.status <> 'suspended' ORDER BY clock.instance_id LIMIT 500`,
      [clock.now()],
    );
    return this.#each(due, async (within) => {
      const happened = await climbLadders(within, this.#parts);
      return { happened, command: null };
    });
  }

  /** Does the work for each case, in a transaction of its own. Gives how much happened. */
  async #each(rows: readonly Row[], work: (within: Within) => Promise<DueWork>): Promise<number> {
    let total = 0;
    for (const row of rows) {
      const instanceId = text(row, "instance_id");
      await apart(instanceId, async () => {
        let happened = 0;
        await this.#dispatcher.dispatch({
          instanceId,
          actor: systemActor,
          commandId: null,
          decide: async (within) => {
            const done = await work(within);
            happened = done.happened;
            return done.command;
          },
        });
        total += happened;
      });
    }
    return total;
  }

  async #fire(): Promise<number> {
    const { store, clock } = this.#parts;
    const due = await store.read(
      `SELECT timer.id, timer.instance_id, timer.wait_id FROM timer JOIN instance ON instance.id = timer.instance_id
       WHERE timer.due_at <= ? AND (timer.lease_until IS NULL OR timer.lease_until < ?) AND instance.status = 'running'
       ORDER BY timer.due_at, timer.id LIMIT 500`,
      [clock.now(), store.time.now()],
    );
    let fired = 0;
    for (let from = 0; from < due.length; from += claimedAtOnce) {
      const claimed = await this.#claim(due.slice(from, from + claimedAtOnce));
      await sideBySide(byCase(claimed), firedAtOnce, async (timers) => {
        for (const timer of timers) {
          const instanceId = text(timer, "instance_id");
          await apart(instanceId, async () => {
            if (await this.#fireOne(instanceId, text(timer, "id"), text(timer, "wait_id"))) fired += 1;
          });
        }
      });
    }
    return fired;
  }

  /** Keeps for this node those of the timers that no other node has. */
  async #claim(timers: readonly Row[]): Promise<readonly Row[]> {
    const ids = timers.map((timer) => text(timer, "id")).toSorted();
    const places = placesFor(ids);
    return this.#parts.store.transaction(async (tx) => {
      const real = tx.time.now();
      const until = addMs(real, leaseMs);
      const claimed = await tx.execute(
        `UPDATE timer SET lease_owner = ?, lease_until = ? WHERE id IN (${places}) AND (lease_until IS NULL OR lease_until < ?)`,
        [this.#owner, until, ...ids, real],
      );
      if (claimed === 0 || claimed === ids.length) return claimed === 0 ? [] : timers;
      const own = await tx.query(
        `SELECT id FROM timer WHERE lease_owner = ? AND lease_until = ? AND id IN (${places})`,
        [this.#owner, until, ...ids],
      );
      const mine = new Set(own.map((row) => text(row, "id")));
      return timers.filter((timer) => mine.has(text(timer, "id")));
    });
  }

  /** Fires unless a person was quicker: then the row is gone, or the engine refuses, and nothing happens. */
  async #fireOne(instanceId: string, timerId: string, wait: string): Promise<boolean> {
    try {
      const { events } = await this.#dispatcher.dispatch({
        instanceId,
        actor: systemActor,
        commandId: null,
        decide: async ({ tx, now }) => {
          const [still] = await tx.query("SELECT due_at FROM timer WHERE id = ? AND due_at <= ?", [timerId, now]);
          return still ? { type: "fireTimer", wait } : null;
        },
      });
      return events.length > 0;
    } catch (error) {
      if (error instanceof RuntimeProblem && error.status === 409) return false;
      throw error;
    }
  }
}

/** Timers of one case fire in the order in which they fall due. */
function byCase(timers: readonly Row[]): readonly (readonly Row[])[] {
  const cases = new Map<string, Row[]>();
  for (const timer of timers) {
    const instanceId = text(timer, "instance_id");
    cases.set(instanceId, [...(cases.get(instanceId) ?? []), timer]);
  }
  return [...cases.values()];
}

interface DueWork {
  readonly happened: number;
  readonly command: Command | null;
}

/**
 * Marks every running clock whose due moment has passed. Where the rule pack gives silence an effect, the step is completed
 * with an outcome of its own, by the system; one step at a time, so that none is lost.
 */
async function breachOverdue(within: Within): Promise<DueWork> {
  const { clocks, state } = within;
  let happened = 0;
  let command: Command | null = null;
  for (const clock of clocks.overdue) {
    const effect = deemedEffect(clock.resolved, () => rootVariables(state));
    if (effect.type === "deemed" && command) continue;
    await clocks.breach(clock);
    happened += 1;
    if (effect.type === "forbidden") clocks.note(clock, "deemed.forbidden", { reason: effect.reason });
    if (effect.type !== "deemed") continue;
    command = await deemed(within, clock, effect.outcome);
    clocks.note(clock, command ? "deemed.taken" : "deemed.impossible", { outcome: effect.outcome });
  }
  return { happened, command };
}

/** Completes the step that stands under the clock; `null` when the process has no way for such an outcome. */
async function deemed({ tx, instance, state }: Within, clock: StoredClock, outcome: string): Promise<Command | null> {
  const wait = Object.values(state.waits).find(({ type, token }) => type === "task" && clock.tokens.includes(token));
  if (!wait) return null;
  const [task] = await tx.query("SELECT outcomes FROM task WHERE instance_id = ? AND wait_id = ? AND kind = 'decide'", [
    text(instance, "id"),
    wait.id,
  ]);
  if (!task || !text(task, "outcomes").split(" ").includes(outcome)) return null;
  return { type: "completeTask", wait: wait.id, outcome, variables: {} };
}

/** A case that fails must not hold up those behind it: the failure is told, the lease runs out, and it is tried again. */
async function apart(instanceId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    tellFailure("a due moment failed", error, { instanceId });
  }
}
