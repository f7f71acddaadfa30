import { newId } from "../store/ids.ts";

interface Change {
  readonly id: string;
  readonly at: string;
  readonly instanceId: string | null;
  readonly taskId: string | null;
}

/** What changed, told after the commit. Listeners fetch to learn more; who may hear it is decided where it is sent. */
export type LiveChange =
  | (Change & {
      readonly type: "task" | "instance" | "sla" | "definition" | "clock";
      /** Organisations that take part in the case; empty where everybody may know. */
      readonly organisations: readonly string[];
    })
  /** These people, and nobody else, have a new notice. */
  | (Change & { readonly type: "notice"; readonly persons: readonly string[] });

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

export class LiveFeed {
  readonly #listeners = new Set<(change: LiveChange) => void>();

  /** Whether anybody hears of changes at this node. */
  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  listen(listener: (change: LiveChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(change: WithoutId<LiveChange>): void {
    const identified = { id: newId(), ...change };
    for (const listener of this.#listeners) listener(identified);
  }
}
