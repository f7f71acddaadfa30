import type { DraftAnswer, SavedDraft } from "../../../server/api/drafts/drafts.schema.ts";
import { api } from "../../api/client.ts";

export type Content = Readonly<Record<string, unknown>>;

/** One draft on the server, as one screen writes it: in turn, only what changed, and nothing while it is being sent. */
export class DraftKeeper {
  readonly #path: string;
  readonly #writer = crypto.randomUUID();
  #kept: string;
  #seenRev = 0;
  #sending = false;
  #turn: Promise<unknown> = Promise.resolve();

  /** `typed` is what stands on the screen before anybody types, as JSON. */
  constructor(key: string, typed: string) {
    this.#path = `/api/drafts/${encodeURIComponent(key)}`;
    this.#kept = typed;
  }

  /** What was typed before, if any. */
  async load(): Promise<DraftAnswer["draft"]> {
    return (await api.get<DraftAnswer>(this.#path)).draft;
  }

  /** Takes over what was loaded, unless somebody has begun to type: then the server is to say what is replaced. */
  takes(draft: NonNullable<DraftAnswer["draft"]>, typed: string): boolean {
    if (typed !== this.#kept) return false;
    this.#kept = JSON.stringify(draft.content);
    this.#seenRev = draft.rev;
    return true;
  }

  /** Saves what is typed now; `null` when there is nothing to save. */
  async save(typed: string): Promise<SavedDraft | null> {
    const saved = this.#turn.then(() => this.#write(typed));
    // A failed turn is the caller's to tell; the next one is not held up by it.
    this.#turn = saved.catch(() => undefined);
    return saved;
  }

  /** Sends the whole, which ends the draft: nothing is saved meanwhile or after it; after a failure saving goes on. */
  async whileSending<T>(send: () => Promise<T>): Promise<T> {
    this.#sending = true;
    await this.#turn;
    try {
      return await send();
    } catch (error) {
      this.#sending = false;
      throw error;
    }
  }

  async #write(typed: string): Promise<SavedDraft | null> {
    if (this.#sending || typed === this.#kept) return null;
    const content = JSON.parse(typed) as Content;
    const saved = await api.put<SavedDraft>(this.#path, { content, writer: this.#writer, seenRev: this.#seenRev });
    this.#kept = typed;
    this.#seenRev = saved.rev;
    return saved;
  }
}
