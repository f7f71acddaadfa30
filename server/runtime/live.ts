import { newId } from "../store/ids.ts";

/** What changed, told after the commit. Listeners fetch to learn more; who may hear it is decided where it is sent. */
export interface LiveChange {
  readonly id: string;
  readonly at: string;
  readonly type: "task" | "instance" | "sla" | "definition" | "clock";
  readonly instanceId: string | null;
  readonly taskId: string | null;
  /** Organisations that take part in the case; empty where everybody may know. */
  readonly organisations: readonly string[];
}

export class LiveFeed {
  readonly #listeners = new Set<(change: LiveChange) => void>();

  listen(listener: (change: LiveChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(change: Omit<LiveChange, "id">): void {
    const identified = { id: newId(), ...change };
    for (const listener of this.#listeners) listener(identified);
  }
}
