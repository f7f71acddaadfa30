import { addDuration, parseDuration } from "../../engine/execution/iso-8601.ts";
import type { Store } from "../store/store.ts";

/** The time by which cases run. Injected everywhere; sessions and leases use the database's (`store.time`). */
export interface ClockSource {
  readonly now: () => string;
}

const settingName = "clock.offsetMs";

/** A clock of demos and tests: another clock (milliseconds since 1970) plus an offset that only grows and that survives a restart. */
export class MovableClock implements ClockSource {
  readonly #store: Store;
  readonly #base: () => number;
  #offsetMs: number;

  private constructor(store: Store, base: () => number, offsetMs: number) {
    this.#store = store;
    this.#base = base;
    this.#offsetMs = offsetMs;
  }

  static async open(store: Store, base: () => number = store.time.ms): Promise<MovableClock> {
    const [row] = await store.read("SELECT value FROM setting WHERE name = ?", [settingName]);
    return new MovableClock(store, base, Number(row?.["value"] ?? 0));
  }

  readonly now = (): string => new Date(this.#base() + this.#offsetMs).toISOString();

  /** Moves on to `instant`; never back. */
  async moveTo(instant: string): Promise<void> {
    const offsetMs = Date.parse(instant) - this.#base();
    if (offsetMs <= this.#offsetMs) return;
    this.#offsetMs = offsetMs;
    await this.#store.transaction(async (tx) => {
      const changed = await tx.execute("UPDATE setting SET value = ? WHERE name = ?", [String(offsetMs), settingName]);
      if (changed === 0) await tx.insert("setting", { name: settingName, value: String(offsetMs) });
    });
  }

  after(duration: string): string | null {
    const parsed = parseDuration(duration);
    return parsed ? addDuration(this.now(), parsed) : null;
  }
}
