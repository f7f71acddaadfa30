import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import { systemActor } from "./actor.ts";
import type { Dispatcher, DispatchParts } from "./dispatch.ts";
import { RuntimeProblem } from "./errors.ts";

const leaseMs = 60_000;

/**
 * Finds what has fallen due and makes it happen, each in its own transaction: breaches of SLA clocks and BPMN timers. Any
 * number of nodes may sweep; a conditional update of the lease decides who fires, and a lease that was left behind expires.
 */
export class TimerSweep {
  readonly #parts: DispatchParts;
  readonly #dispatcher: Dispatcher;
  readonly #owner = newId();

  constructor(parts: DispatchParts, dispatcher: Dispatcher) {
    this.#parts = parts;
    this.#dispatcher = dispatcher;
  }

  /** Everything due now, in due order. Gives the number of breaches and timers. */
  async sweep(): Promise<number> {
    return (await this.#breach()) + (await this.#fire());
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
    const dues = [timer?.["due"], clock?.["due"]].filter((due): due is string => typeof due === "string");
    return dues.sort()[0] ?? null;
  }

  async #breach(): Promise<number> {
    const { store, clock } = this.#parts;
    const overdue = await store.read(
      "SELECT DISTINCT instance_id FROM clock WHERE state = 'running' AND due_at <= ? ORDER BY instance_id LIMIT 500",
      [clock.now()],
    );
    let breaches = 0;
    for (const row of overdue) {
      const instanceId = text(row, "instance_id");
      await apart(instanceId, async () => {
        let found = 0;
        await this.#dispatcher.dispatch({
          instanceId,
          actor: systemActor,
          commandId: null,
          decide: async ({ clocks }) => {
            found = (await clocks.breachOverdue()).length;
            return null;
          },
        });
        breaches += found;
      });
    }
    return breaches;
  }

  async #fire(): Promise<number> {
    const { store, clock } = this.#parts;
    const real = new Date().toISOString();
    const due = await store.read(
      `SELECT timer.* FROM timer JOIN instance ON instance.id = timer.instance_id
       WHERE timer.due_at <= ? AND (timer.lease_until IS NULL OR timer.lease_until < ?) AND instance.status = 'running' ORDER BY timer.due_at, timer.id LIMIT 500`,
      [clock.now(), real],
    );
    let fired = 0;
    for (const timer of due) {
      const id = text(timer, "id");
      const until = new Date(Date.now() + leaseMs).toISOString();
      const claimed = await store.transaction((tx) =>
        tx.execute(
          "UPDATE timer SET lease_owner = ?, lease_until = ? WHERE id = ? AND (lease_until IS NULL OR lease_until < ?)",
          [this.#owner, until, id, real],
        ),
      );
      if (claimed !== 1) continue;
      const instanceId = text(timer, "instance_id");
      await apart(instanceId, async () => {
        if (await this.#fireOne(instanceId, id, text(timer, "wait_id"))) fired += 1;
      });
    }
    return fired;
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

/** A case that fails must not hold up those behind it: the failure is told, the lease runs out, and it is tried again. */
async function apart(instanceId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const told = error instanceof Error ? error.stack : String(error);
    console.error(
      JSON.stringify({
        level: "error",
        at: new Date().toISOString(),
        message: "a due moment failed",
        instanceId,
        error: told,
      }),
    );
  }
}
