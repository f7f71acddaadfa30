import { addMs } from "../../engine/calendar/dates.ts";
import { text } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import type { LiveFeed } from "../runtime/live.ts";

/** A transaction may commit this much later than it wrote the time into its rows. */
const lookBackMs = 15_000;

/**
 * Tells the browsers at this node which people have new messages, whichever node wrote them. It looks at the messages of the
 * last moments again and again, because what was written first may be committed last, and tells each once.
 */
export class NoticeFeed {
  readonly #store: Store;
  readonly #live: LiveFeed;
  #since: string;
  #told: ReadonlySet<string> = new Set();

  constructor(store: Store, live: LiveFeed) {
    this.#store = store;
    this.#since = store.time.now();
    this.#live = live;
  }

  async tell(at: string): Promise<void> {
    const looked = this.#store.time.now();
    const rows = await this.#store.read("SELECT id, person_id FROM notice_message WHERE created_at >= ?", [
      addMs(this.#since, -lookBackMs),
    ]);
    const fresh = rows.filter((row) => !this.#told.has(text(row, "id")));
    this.#since = looked;
    this.#told = new Set(rows.map((row) => text(row, "id")));
    const persons = [...new Set(fresh.map((row) => text(row, "person_id")))];
    if (persons.length > 0) this.#live.publish({ at, type: "notice", instanceId: null, taskId: null, persons });
  }
}
