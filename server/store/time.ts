import { performance } from "node:perf_hooks";

/**
 * The time of the database, which is one and the same for all nodes, whatever their own clocks say. It is asked now and then, and
 * goes on in between by a counter that no change of the machine's clock touches. It may be a little behind the database, by as
 * long as the answer took, and is never ahead of it: what is due by this time is due by the database's.
 */
export class DatabaseTime {
  readonly #ask: () => Promise<number>;
  readonly #counter: () => number;
  #at = 0;
  #counted = 0;

  private constructor(ask: () => Promise<number>, counter: () => number) {
    this.#ask = ask;
    this.#counter = counter;
  }

  /**
   * @param ask gives the database's time in milliseconds since 1970
   * @param counter milliseconds that only ever grow, from any beginning
   */
  static async open(
    ask: () => Promise<number>,
    counter: () => number = () => performance.now(),
  ): Promise<DatabaseTime> {
    const time = new DatabaseTime(ask, counter);
    await time.synchronise();
    return time;
  }

  /** Asks the database again. When its time was set back, this one goes back with it. */
  async synchronise(): Promise<void> {
    const at = await this.#ask();
    [this.#at, this.#counted] = [at, this.#counter()];
  }

  /** Milliseconds since 1970. */
  readonly ms = (): number => Math.floor(this.#at + this.#counter() - this.#counted);

  /** As an ISO 8601 instant. */
  readonly now = (): string => new Date(this.ms()).toISOString();
}
