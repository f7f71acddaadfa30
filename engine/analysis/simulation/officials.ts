import type { OrganisationRef } from "../../routing/types.ts";
import type { OfficeTime } from "./office-time.ts";
import type { Scenario } from "./scenario.ts";

const hourMs = 3_600_000;

/** A piece of work that a pool of officials is asked to do. */
export interface Work {
  readonly openedAt: number;
  /** Office time that it takes, in milliseconds. */
  readonly handlingMs: number;
  state: "queued" | "inHand" | "done" | "withdrawn";
  startedAt: number;
  endsAt: number;
}

/** The span over which utilisation and queues are measured. */
export interface Window {
  readonly from: number;
  readonly until: number;
}

/**
 * The officials who hold one role in one organisation: a queue, first come first served, and as many places as there are
 * officials. They work in the office hours of their region and put a task down overnight.
 */
export class Officials<W extends Work> {
  readonly organisation: OrganisationRef | null;
  readonly role: string;
  readonly count: number;
  readonly office: OfficeTime;
  readonly #window: Window;
  #queue: W[] = [];
  #head = 0;
  #waiting = 0;
  #busy = 0;
  #busyMs = 0;
  #queueArea = 0;
  #queueSince = 0;
  longestQueue = 0;
  tasks = 0;

  constructor(
    who: { readonly organisation: OrganisationRef | null; readonly role: string; readonly count: number },
    office: OfficeTime,
    window: Window,
  ) {
    this.organisation = who.organisation;
    this.role = who.role;
    this.count = who.count;
    this.office = office;
    this.#window = window;
  }

  /** Takes work in. Gives it back when somebody is free and begins at once or when the office opens. */
  offer(work: W, now: number): W | null {
    this.tasks += 1;
    this.#measure(now);
    this.#queue.push(work);
    this.#waiting += 1;
    const begun = this.#begin(now);
    this.longestQueue = Math.max(this.longestQueue, this.#waiting);
    return begun;
  }

  /** The work in hand has ended. Gives the work that is begun instead, if any waits. */
  release(work: W, now: number): W | null {
    work.state = "done";
    return this.#free(work, now);
  }

  /** The task was taken away before its end. */
  withdraw(work: W, now: number): W | null {
    const wasInHand = work.state === "inHand";
    work.state = "withdrawn";
    if (wasInHand) return this.#free(work, now);
    this.#measure(now);
    this.#waiting -= 1;
    return null;
  }

  /** Share of the officials' office time that was spent on work. */
  utilisation(): number {
    const { from, until } = this.#window;
    const there = (this.office.elapsed(until) - this.office.elapsed(from)) * this.count;
    return there > 0 ? this.#busyMs / there : 0;
  }

  /** Tasks that waited, on average over office time. */
  meanQueue(): number {
    const { from, until } = this.#window;
    const open = (this.office.elapsed(until) - this.office.elapsed(from)) / hourMs;
    return open > 0 ? this.#queueArea / open : 0;
  }

  #begin(now: number): W | null {
    if (this.#busy >= this.count) return null;
    const work = this.#next();
    if (!work) return null;
    this.#waiting -= 1;
    this.#busy += 1;
    work.state = "inHand";
    work.startedAt = this.office.nextOpen(now);
    work.endsAt = this.office.add(work.startedAt, work.handlingMs);
    return work;
  }

  #next(): W | null {
    for (; this.#head < this.#queue.length; this.#head += 1) {
      const work = this.#queue[this.#head];
      if (work?.state !== "queued") continue;
      this.#head += 1;
      if (this.#head > 1_024 && this.#head * 2 > this.#queue.length) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      return work;
    }
    return null;
  }

  #free(work: W, now: number): W | null {
    const { from, until } = this.#window;
    const begin = this.office.elapsed(Math.max(work.startedAt, from));
    this.#busyMs += Math.max(0, this.office.elapsed(Math.min(now, until)) - begin);
    this.#measure(now);
    this.#busy -= 1;
    return this.#begin(now);
  }

  #measure(now: number): void {
    const { from, until } = this.#window;
    const to = this.office.elapsed(Math.min(Math.max(now, from), until));
    this.#queueArea += (this.#waiting * Math.max(0, to - this.#queueSince)) / hourMs;
    this.#queueSince = to;
  }
}

/** How many officials the scenario gives an organisation for a role. */
export function countOf(
  { default: otherwise, counts }: Scenario["officials"],
  organisation: OrganisationRef | null,
  role: string,
): number {
  const entry = counts.find(
    (candidate) =>
      (candidate.organisation === undefined || candidate.organisation === organisation?.id) &&
      (candidate.role === undefined || candidate.role === role) &&
      (candidate.level === undefined || candidate.level === organisation?.level),
  );
  return entry?.count ?? otherwise;
}
