import type { LiveEvent } from "../../server/api/events/events.schema.ts";

/** Hears a change, or `null` where changes may have been missed: everything shown may be old. */
export type Listener = (change: LiveEvent | null) => void;

/** Until a stream that the browser gave up is opened again. */
const againMs = 5_000;

/**
 * The server's changes, over one stream for the whole window: browsers open only six connections to a host. It lives as long as
 * anybody listens. When it comes back after a break, all who listen are told that they may have missed something.
 */
export class LiveStream {
  readonly #listeners = new Set<Listener>();
  #source: EventSource | null = null;
  #later: ReturnType<typeof setTimeout> | undefined;
  #isBroken = false;

  /** Gives what ends the listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#source ??= this.#open();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#close();
    };
  }

  #open(): EventSource {
    const source = new EventSource("/api/events");
    source.addEventListener("change", ({ data }) => this.#tell(JSON.parse(String(data)) as LiveEvent));
    source.addEventListener("open", () => {
      if (this.#isBroken) this.#tell(null);
      this.#isBroken = false;
    });
    source.addEventListener("error", () => {
      this.#isBroken = true;
      // The browser tries again by itself, except after an answer that is no stream: a proxy's, while the server is away.
      if (source.readyState === source.CLOSED) this.#later = setTimeout(() => (this.#source = this.#open()), againMs);
    });
    return source;
  }

  #close(): void {
    clearTimeout(this.#later);
    this.#source?.close();
    this.#source = null;
    this.#isBroken = false;
  }

  #tell(change: LiveEvent | null): void {
    for (const listener of this.#listeners) listener(change);
  }
}
