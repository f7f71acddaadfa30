import type { Content } from "../content/load-content.ts";
import type { ClockSource } from "../runtime/clock-source.ts";
import type { LiveFeed } from "../runtime/live.ts";
import type { Rules } from "../runtime/rules.ts";
import type { Store } from "../store/store.ts";
import { Deliverer } from "./deliver.ts";
import { NoticeFeed } from "./feed.ts";
import { tellOfAbsences } from "./absences.ts";
import { planDeliveries } from "./plan.ts";
import type { NoticeSettings } from "./settings.ts";

export interface NoticeParts {
  readonly store: Store;
  readonly clock: ClockSource;
  readonly rules: Rules;
  readonly live: LiveFeed;
  readonly content: Content;
  readonly settings: NoticeSettings;
}

const country = "000000";

/** What follows an announcement after its commit: the people who look are told at once, the others by their channels. */
export class Notices {
  readonly settings: NoticeSettings;
  readonly #parts: NoticeParts;
  readonly #deliverer: Deliverer;
  readonly #feed: NoticeFeed;

  constructor(parts: NoticeParts) {
    this.settings = parts.settings;
    this.#parts = parts;
    this.#deliverer = new Deliverer({ store: parts.store, settings: parts.settings, now: () => parts.clock.now() });
    this.#feed = new NoticeFeed(parts.store, parts.live);
  }

  /** Finds the people for what was announced, tells those who look, sends what is due. Gives how many batches went out. */
  async sweep(): Promise<number> {
    const { store, clock, rules, content, settings } = this.#parts;
    await tellOfAbsences({ store, content, now: clock.now() });
    await planDeliveries({
      store,
      content,
      now: clock.now(),
      calendarOf: (organisation) => rules.calendar(content.organisations.get(organisation ?? "")?.region ?? country),
      hasMail: settings.mail !== null,
    });
    await this.#feed.tell(clock.now());
    return this.#deliverer.deliver();
  }

  async close(): Promise<void> {
    await this.#deliverer.close();
  }
}
